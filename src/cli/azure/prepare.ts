/**
 * What must be there before a deployment: resource providers, the resource group, a name for the
 * storage account. Each step asks first what is there, so that it can be run again.
 */
import type { AzureTarget } from './arguments.ts';
import { AzError } from './az-error.ts';
import type { AzureCli } from './azure-cli.ts';
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

/** @throws AzError when somebody else has the name */
export async function checkStorageName(
  cli: AzureCli,
  { group }: AzureTarget,
  name: string,
): Promise<void> {
  const ours = await cli.json([
    'storage',
    'account',
    'list',
    ...['--resource-group', group, '--query', '[].name'],
  ]);
  if (listAt(ours).includes(name)) return;
  const answer = await cli.json(['storage', 'account', 'check-name', '--name', name]);
  if (valueAt(answer, 'nameAvailable') === true) return;
  const said = textAt(answer, 'message') ?? 'the name cannot be had';
  throw new AzError(
    'nameTaken',
    `the storage account name ${name} is taken: choose another with --storage-account. Azure says: ${said}`,
  );
}
