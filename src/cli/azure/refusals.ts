/**
 * What is refused before anything is changed: what Azure would refuse after minutes, what would do
 * harm, and above all what would lose data. What only the container's disk holds is lost on purpose
 * or not at all. Pure.
 */
import type { DeployedApp, FormerDeployment } from './app.ts';
import type { AzureAction, AzureTarget } from './arguments.ts';
import { AzError } from './az-error.ts';
import type { Parameters } from './parameters.ts';

export type DeployCommand = Extract<AzureAction, { action: 'deploy' | 'add-storage' }>;

/** @throws AzError when a new revision would begin with an empty database */
export function refuseToLoseData(
  { storages }: DeployedApp,
  { app }: AzureTarget,
  discardData: boolean,
): void {
  if (storages.length > 0 || discardData) return;
  throw new AzError(
    'other',
    `${app} has no storage: what it holds is on the disk of its container, and goes with it in any change. --discard-data says that it may; the providers then send everything again`,
  );
}

/** @throws AzError for a deployment that cannot be, or that nobody can want */
export function refuseWhatCannotBe(
  command: DeployCommand,
  settings: Parameters,
  app: DeployedApp | undefined,
  former: FormerDeployment | undefined,
): void {
  if (command.action === 'add-storage') {
    if (app === undefined || former === undefined) {
      throw new AzError(
        'other',
        'this app was not deployed by scimlane azure deploy, or Azure has forgotten how: run deploy with all its options and --storage',
      );
    }
  }
  const network = former?.parameters.get('privateNetwork');
  if (app !== undefined && network !== undefined && network !== settings.get('privateNetwork')) {
    throw new AzError(
      'other',
      'an environment cannot move into a network of its own, or out of it, once it is there: deploy another app and restore into it (docs/AZURE.md)',
    );
  }
  const account = former?.parameters.get('storageAccountName');
  const hasStorage = (app?.storages.length ?? 0) > 0;
  if (hasStorage && typeof account === 'string' && account !== settings.get('storageAccountName')) {
    throw new AzError(
      'other',
      `the storage account is ${account}, and the backups are there: it is not changed by a deploy`,
    );
  }
  if (hasStorage && settings.get('storage') === 'none' && !command.discardData) {
    throw new AzError(
      'other',
      'without a storage the server would begin with an empty database: --discard-data says that you want that',
    );
  }
}

export function nothingToAddTo({ group }: AzureTarget): AzError {
  return new AzError(
    'other',
    `there is no resource group ${group}: scimlane azure deploy makes it`,
  );
}
