/** What Azure knows of the app, its resource group and its last deployment. Only reads. */
import type { AzureTarget } from './arguments.ts';
import { AzError } from './az-error.ts';
import type { AzureCli } from './azure-cli.ts';
import { entriesOf, listAt, textAt, valueAt } from './json.ts';
import { deploymentName } from './names.ts';

export interface Account {
  readonly id: string;
  readonly name: string;
}

export interface DeployedApp {
  readonly image: string | undefined;
  readonly url: string | undefined;
  /** Where its backups go: `blob account/container`, `folder /mnt/backup`. None: data go with it. */
  readonly storages: readonly string[];
}

export interface FormerDeployment {
  readonly succeeded: boolean;
  /** Without the secret ones, which Azure does not tell. */
  readonly parameters: ReadonlyMap<string, unknown>;
}

/** Also finds out whether there is `az` and a login. @throws AzError, AzMissing */
export async function readAccount(cli: AzureCli): Promise<Account> {
  const account = await cli.json(['account', 'show']);
  const id = textAt(account, 'id');
  if (id === undefined) throw new AzError('noSubscription', 'az names no subscription: az login');
  return { id, name: textAt(account, 'name') ?? id };
}

export async function groupExists(cli: AzureCli, group: string): Promise<boolean> {
  return (await cli.json(['group', 'exists', '--name', group])) === true;
}

export async function readApp(
  cli: AzureCli,
  { group, app }: AzureTarget,
): Promise<DeployedApp | undefined> {
  // A list with a query: a missing app is no error there, whose text would have to be understood.
  const found = await cli.json([
    'containerapp',
    'list',
    ...['--resource-group', group, '--query', `[?name=='${app}'] | [0]`],
  ]);
  if (found === undefined || found === null) return undefined;
  const [container] = listAt(found, 'properties', 'template', 'containers');
  const host = textAt(found, 'properties', 'configuration', 'ingress', 'fqdn');
  return {
    image: textAt(container, 'image'),
    url: host === undefined ? undefined : `https://${host}`,
    storages: storagesOf(listAt(container, 'env')),
  };
}

/** @throws AzError when there is none */
export async function readAppThatIsThere(cli: AzureCli, target: AzureTarget): Promise<DeployedApp> {
  const app = await readApp(cli, target);
  if (app !== undefined) return app;
  throw new AzError(
    'other',
    `there is no container app ${target.app} in the resource group ${target.group}: scimlane azure deploy makes it`,
  );
}

export async function readFormerDeployment(
  cli: AzureCli,
  { group, app }: AzureTarget,
): Promise<FormerDeployment | undefined> {
  const found = await cli.json([
    'deployment',
    'group',
    'list',
    ...['--resource-group', group, '--query', `[?name=='${deploymentName(app)}'] | [0]`],
  ]);
  if (found === undefined || found === null) return undefined;
  const parameters = entriesOf(valueAt(found, 'properties', 'parameters')).map(
    ([name, parameter]): [string, unknown] => [name, valueAt(parameter, 'value')],
  );
  return {
    succeeded: textAt(found, 'properties', 'provisioningState') === 'Succeeded',
    parameters: new Map(parameters.filter(([, value]) => value !== undefined && value !== null)),
  };
}

/** Secrets of the app by name, with their values: they are handed back to Azure, never shown. */
export async function readSecrets(
  cli: AzureCli,
  { group, app }: AzureTarget,
): Promise<ReadonlyMap<string, string>> {
  const answer = await cli.json([
    'containerapp',
    'secret',
    'list',
    ...['--name', app, '--resource-group', group, '--show-values'],
  ]);
  const secrets = new Map<string, string>();
  for (const secret of listAt(answer)) {
    const name = textAt(secret, 'name');
    const value = textAt(secret, 'value');
    if (name === undefined || value === undefined) continue;
    cli.keepSecret(value);
    secrets.set(name, value);
  }
  return secrets;
}

function storagesOf(env: readonly unknown[]): string[] {
  const values = new Map<string, string>();
  for (const variable of env) {
    const name = textAt(variable, 'name');
    const value = textAt(variable, 'value');
    if (name !== undefined && value !== undefined) values.set(name, value);
  }
  const folder = values.get('BACKUP_FOLDER');
  const account = values.get('BLOB_BACKUP_ACCOUNT');
  return [
    ...(folder === undefined ? [] : [`folder ${folder}`]),
    ...(account === undefined
      ? []
      : [`blob ${account}/${values.get('BLOB_BACKUP_CONTAINER') ?? ''}`]),
  ];
}
