/**
 * What must be there before a deployment: resource providers, the resource group, the end of the
 * deployment before, a name for the storage account. Each step asks first what is there, so that it can be run again.
 */
import { LIMITS } from '../../platform/limits.ts';
import { type FormerDeployment, readFormerDeployment } from './app.ts';
import type { AzureTarget } from './arguments.ts';
import { AzError } from './az-error.ts';
import type { AzureCli } from './azure-cli.ts';
import type { CommandParts } from './command-parts.ts';
import { listAt, textAt, valueAt } from './json.ts';

/** What main.bicep makes resources of. */
export const PROVIDERS = [
  'Microsoft.App',
  'Microsoft.Insights',
  'Microsoft.ManagedIdentity',
  'Microsoft.Network',
  'Microsoft.OperationalInsights',
  'Microsoft.Storage',
];

export async function missingProviders(cli: AzureCli): Promise<string[]> {
  const answer = await cli.json([
    'provider',
    'list',
    ...['--query', '[].{namespace:namespace,state:registrationState}'],
  ]);
  const registered = listAt(answer)
    .filter((provider) => textAt(provider, 'state') === 'Registered')
    .map((provider) => textAt(provider, 'namespace')?.toLowerCase());
  return PROVIDERS.filter((namespace) => !registered.includes(namespace.toLowerCase()));
}

/** Registering is for the whole subscription, changes nothing else and costs nothing. */
export async function registerProvider(cli: AzureCli, namespace: string): Promise<void> {
  await cli.text(['provider', 'register', '--namespace', namespace, '--wait']);
}

export async function createGroup(cli: AzureCli, group: string, location: string): Promise<void> {
  await cli.text(['group', 'create', '--name', group, '--location', location]);
}

/**
 * The last deployment, once it has ended: Azure refuses a second one of its name, after we would have
 * stopped the server for it.
 * @throws AzError when it does not end
 */
export async function settledDeployment({
  cli,
  target,
  azure,
  show,
}: Pick<CommandParts, 'cli' | 'target' | 'azure' | 'show'>): Promise<FormerDeployment | undefined> {
  for (let waitedMs = 0; waitedMs < LIMITS.azDeploymentMs; waitedMs += LIMITS.azPollMs) {
    const former = await readFormerDeployment(cli, target);
    if (former?.state !== 'underWay') return former;
    show(0, 0, 'waiting for the end of a deployment that is under way');
    await azure.pause(LIMITS.azPollMs);
  }
  throw new AzError(
    'other',
    `a deployment of ${target.app} is under way and does not end: az deployment group list --resource-group ${target.group}`,
  );
}

/** @throws AzError when the name is taken, also by an account in the group that is not this app's */
export async function checkStorageName(
  cli: AzureCli,
  { group, app }: AzureTarget,
  name: string,
): Promise<void> {
  const there = await cli.json([
    'storage',
    'account',
    'list',
    ...['--resource-group', group, '--query', `[?name=='${name}'] | [0]`],
  ]);
  if (there !== undefined && there !== null) {
    // A deployment would change its keys, its network and its rules.
    if (textAt(there, 'tags', 'application') === 'scimlane' && textAt(there, 'tags', 'app') === app)
      return;
    throw new AzError(
      'nameTaken',
      `the storage account ${name} is there and not of this app: choose another with --storage-account, or give it the tags application=scimlane and app=${app}, and a deploy changes its settings`,
    );
  }
  const answer = await cli.json(['storage', 'account', 'check-name', '--name', name]);
  if (valueAt(answer, 'nameAvailable') === true) return;
  const said = textAt(answer, 'message') ?? 'the name cannot be had';
  throw new AzError(
    'nameTaken',
    `the storage account name ${name} is taken: choose another with --storage-account. Azure says: ${said}`,
  );
}
