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
  /** As `az` takes it: westeurope. */
  readonly location: string | undefined;
  /** Storage account of its backups. */
  readonly account: string | undefined;
  /** Domains that were bound to it, as main.bicep takes them. */
  readonly customDomains: readonly CustomDomain[];
  /** Where its backups go: `blob account/container`, `folder /mnt/backup`. None: data go with it. */
  readonly storages: readonly string[];
}

export type CustomDomain = Readonly<Record<string, string>>;

export interface FormerDeployment {
  /** `underWay`: Azure goes on with it, whether or not the `az` that began it is still there. */
  readonly state: 'succeeded' | 'failed' | 'underWay';
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

export async function readLocation(cli: AzureCli, group: string): Promise<string | undefined> {
  return locationOf(await cli.json(['group', 'show', '--name', group]));
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
  const ingress = valueAt(found, 'properties', 'configuration', 'ingress');
  const host = textAt(ingress, 'fqdn');
  const env = valuesOf(listAt(container, 'env'));
  return {
    image: textAt(container, 'image'),
    url: host === undefined ? undefined : `https://${host}`,
    location: locationOf(found),
    account: env.get('BLOB_BACKUP_ACCOUNT'),
    customDomains: listAt(ingress, 'customDomains').map(customDomainOf),
    storages: storagesOf(env),
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
    state: stateOf(textAt(found, 'properties', 'provisioningState')),
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

/** What is neither an end nor known to us is taken for under way: that is waited for. */
function stateOf(provisioning: string | undefined): FormerDeployment['state'] {
  if (provisioning === 'Succeeded') return 'succeeded';
  return provisioning === 'Failed' || provisioning === 'Canceled' ? 'failed' : 'underWay';
}

/** Some of Azure says `West Europe`, some `westeurope`. */
function locationOf(value: unknown): string | undefined {
  return textAt(value, 'location')?.replaceAll(' ', '').toLowerCase();
}

function customDomainOf(domain: unknown): CustomDomain {
  const members = new Map<string, string>();
  for (const name of ['name', 'bindingType', 'certificateId']) {
    const value = textAt(domain, name);
    if (value !== undefined) members.set(name, value);
  }
  return Object.fromEntries(members);
}

function valuesOf(env: readonly unknown[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const variable of env) {
    const name = textAt(variable, 'name');
    const value = textAt(variable, 'value');
    if (name !== undefined && value !== undefined) values.set(name, value);
  }
  return values;
}

function storagesOf(values: ReadonlyMap<string, string>): string[] {
  const folder = values.get('BACKUP_FOLDER');
  const account = values.get('BLOB_BACKUP_ACCOUNT');
  return [
    ...(folder === undefined ? [] : [`folder ${folder}`]),
    ...(account === undefined
      ? []
      : [`blob ${account}/${values.get('BLOB_BACKUP_CONTAINER') ?? ''}`]),
  ];
}
