/**
 * What is refused before anything is changed: what Azure would refuse after minutes, what would do
 * harm, and above all what would lose data. What only the container's disk holds is lost on purpose
 * or not at all. Pure.
 */
import type { DeployedApp, FormerDeployment } from './app.ts';
import type { AzureAction, AzureTarget } from './arguments.ts';
import { AzError } from './az-error.ts';
import { deploymentName } from './names.ts';
import type { Settings } from './parameters.ts';

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
  settings: Settings,
  app: DeployedApp | undefined,
  former: FormerDeployment | undefined,
): void {
  if (command.action === 'add-storage' && app === undefined) {
    throw new AzError(
      'other',
      'there is no app to add a storage to: scimlane azure deploy makes it',
    );
  }
  if (app !== undefined && former === undefined) {
    const name = deploymentName(String(settings.get('app')));
    throw new AzError(
      'other',
      `Azure has no record of how this app was deployed, and on a guess it could get a new and empty storage: deploy infra/main.bicep by hand once, with what the app has, under the name ${name} (docs/AZURE.md, "Without the command")`,
    );
  }
  if (app?.location !== undefined && app.location !== settings.get('location')) {
    throw new AzError(
      'other',
      `the app is in ${app.location}, and cannot move: deploy another app and restore into it (docs/AZURE.md)`,
    );
  }
  const network = former?.parameters.get('privateNetwork');
  if (app !== undefined && network !== undefined && network !== settings.get('privateNetwork')) {
    throw new AzError(
      'other',
      'an environment cannot move into a network of its own, or out of it, once it is there: deploy another app and restore into it (docs/AZURE.md)',
    );
  }
  const account = app?.account;
  const hasStorage = (app?.storages.length ?? 0) > 0;
  if (account !== undefined && account !== settings.get('storageAccountName')) {
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
