/**
 * `deploy` and `add-storage`: from whatever is there to the whole of infra/main.bicep. Every step
 * asks first what is there, so a run that broke off is run again, and one with nothing to do does
 * nothing.
 */
import { LIMITS } from '../../platform/limits.ts';
import { messageOf } from '../../platform/thrown.ts';
import { UsageError } from '../arguments.ts';
import type { Report } from '../report.ts';
import {
  type DeployedApp,
  type FormerDeployment,
  groupExists,
  readAccount,
  readApp,
  readFormerDeployment,
  readLocation,
  readSecrets,
} from './app.ts';
import type { AzureTarget } from './arguments.ts';
import { AzError } from './az-error.ts';
import { type CommandParts, revisionParts } from './command-parts.ts';
import { cannotAskYet, deployReport, tokenHint } from './deploy-report.ts';
import { azureRegistryOf, deploymentName, storageAccountName } from './names.ts';
import {
  fingerprintOf,
  mergeSettings,
  type Parameters,
  type ParameterValue,
  readDefaults,
  readPreset,
  withParameterFile,
} from './parameters.ts';
import type { AzureParts } from './ports.ts';
import {
  checkStorageName,
  createGroup,
  missingProviders,
  registerProvider,
  settledDeployment,
} from './prepare.ts';
import {
  type DeployCommand,
  nothingToAddTo,
  refuseToLoseData,
  refuseWhatCannotBe,
} from './refusals.ts';
import { currentOf, inItsPlace, listRevisions, waitUntilHealthy } from './revisions.ts';
import { secretsFor } from './secrets.ts';

const STEPS = 6;

export async function deploy(command: DeployCommand, parts: CommandParts): Promise<Report> {
  const { cli, target, azure, env, show } = parts;
  const { settings: given, whatIf } = command;
  show(0, STEPS, 'asking who is logged in');
  const account = await readAccount(cli);
  show(1, STEPS, 'looking at resource providers');
  const providers = await missingProviders(cli);
  const hasGroup = await groupExists(cli, target.group);
  if (!hasGroup) {
    if (command.action === 'add-storage') throw nothingToAddTo(target);
    if (given.location === undefined) {
      throw new UsageError(
        `there is no resource group ${target.group}: --location says where to make it`,
      );
    }
    if (given.image === undefined) throw withoutImage();
  }
  if (whatIf && (!hasGroup || providers.length > 0)) {
    return cannotAskYet(target, hasGroup ? undefined : given.location, providers);
  }
  for (const namespace of providers) {
    show(1, STEPS, `registering ${namespace}: takes a minute or two, once`);
    await registerProvider(cli, namespace);
  }
  if (!hasGroup) await createGroup(cli, target.group, given.location ?? '');

  show(2, STEPS, 'looking at what is there');
  const former = whatIf ? await readFormerDeployment(cli, target) : await settledDeployment(parts);
  const app = await readApp(cli, target);
  const settings = await settingsOf(command, parts, { app, former, subscriptionId: account.id });
  const image = given.image ?? app?.image;
  if (image === undefined) throw withoutImage();
  settings.set('registryName', azureRegistryOf(image) ?? '');
  refuseWhatCannotBe(command, settings, app, former);
  if ((app?.storages.length ?? 0) === 0 && settings.get('storage') !== 'none') {
    await checkStorageName(cli, target, String(settings.get('storageAccountName')));
  }

  const fingerprint = fingerprintOf(azure.templates, settings);
  const present = app === undefined ? new Map<string, string>() : await readSecrets(cli, target);
  const secrets = secretsFor({
    cli,
    present,
    env,
    newSecret: azure.newSecret,
    wantsJwtSecret: given.jwtSecret,
  });
  const parameters: Parameters = new Map<string, ParameterValue>([
    ...settings,
    ['image', image],
    ['fingerprint', fingerprint],
    ['customDomains', app?.customDomains ?? []],
    ['sharedSecret', secrets.sharedSecret],
    ['jwtSecret', secrets.jwtSecret],
  ]);
  if (whatIf) return await askWhatIf(parts, parameters);

  const revisions = app === undefined ? [] : await listRevisions(revisionParts(parts));
  const isCurrent =
    app?.image === image &&
    currentOf(revisions)?.image === image &&
    former?.state === 'succeeded' &&
    former.parameters.get('fingerprint') === fingerprint &&
    !secrets.isNew;
  const changed = !isCurrent;
  try {
    if (changed) await change(command, parts, parameters, app);
    const showLooks = (done: number, total: number, what: string): void =>
      show(4 + done / total, STEPS, what);
    const { name } = await waitUntilHealthy({ ...revisionParts(parts), show: showLooks }, image);
    const deployed = await readApp(cli, target);
    return deployReport({
      target,
      account: account.name,
      deployed,
      revision: name,
      secrets,
      changed,
    });
  } catch (error) {
    if (!(error instanceof AzError) || secrets.made === undefined) throw error;
    throw new AzError(
      error.reason,
      `${error.message}. The token that was made: ${tokenHint(target)}`,
    );
  }
}

async function change(
  { discardData }: DeployCommand,
  parts: CommandParts,
  parameters: Parameters,
  app: DeployedApp | undefined,
): Promise<void> {
  const { cli, target, azure, show } = parts;
  const run = (): Promise<string> =>
    withParameterFile(parameters, (file) => {
      show(3, STEPS, 'deploying: Azure takes about ten minutes for the first time');
      const words = ['deployment', 'group', 'create', ...deploymentArguments(azure, target, file)];
      return cli.text([...words, '--output', 'none'], LIMITS.azDeploymentMs);
    });
  // `az` may fail while Azure goes on: what ran before must not start beside what comes.
  const runToItsEnd = async (): Promise<void> => {
    try {
      await run();
    } catch (error) {
      const unknown = await settledDeployment(parts).then(() => undefined, messageOf);
      if (unknown === undefined) throw error;
      // No AzError: who sees one starts again what ran before.
      throw new Error(
        `${messageOf(error)}; whether Azure goes on is not known (${unknown}), so nothing was started again: look with scimlane azure status`,
      );
    }
  };
  if (app === undefined) {
    await run();
    return;
  }
  refuseToLoseData(app, target, discardData);
  await inItsPlace(revisionParts(parts), runToItsEnd);
}

function deploymentArguments(
  { templates }: AzureParts,
  { app, group }: AzureTarget,
  file: string,
): string[] {
  return [
    ...['--name', deploymentName(app), '--resource-group', group],
    ...['--template-file', `${templates}/main.bicep`, '--parameters', `@${file}`],
  ];
}

async function askWhatIf(parts: CommandParts, parameters: Parameters): Promise<Report> {
  const { cli, azure, target, show } = parts;
  show(3, STEPS, 'asking Azure what would change');
  const text = await withParameterFile(parameters, (file) =>
    cli.text(['deployment', 'group', 'what-if', ...deploymentArguments(azure, target, file)]),
  );
  const lines = cli.withoutSecrets(text).trimEnd().split('\n');
  return { lines, json: { whatIf: lines }, ok: true };
}

async function settingsOf(
  { settings: given }: DeployCommand,
  { cli, target, azure }: CommandParts,
  there: {
    readonly app: DeployedApp | undefined;
    readonly former: FormerDeployment | undefined;
    readonly subscriptionId: string;
  },
): Promise<Map<string, string | number | boolean>> {
  const { app, former, subscriptionId } = there;
  const environment = given.environment ?? (former === undefined ? 'prod' : undefined);
  const merged = mergeSettings({
    defaults: readDefaults(azure.templates),
    preset: environment === undefined ? undefined : readPreset(azure.templates, environment),
    former: former?.parameters ?? new Map(),
    given,
  });
  merged.set('app', target.app);
  // Defaults of main.bicep that are no literals.
  if (!merged.has('registryGroup')) merged.set('registryGroup', target.group);
  if (!merged.has('location')) {
    const location = app?.location ?? (await readLocation(cli, target.group));
    if (location !== undefined) merged.set('location', location);
  }
  if (!merged.has('storageAccountName') || merged.get('storageAccountName') === '') {
    const name = storageAccountName(subscriptionId, target.group, target.app);
    merged.set('storageAccountName', name);
  }
  return merged;
}

function withoutImage(): UsageError {
  return new UsageError('the first deploy needs --image: an image with its registry and tag');
}
