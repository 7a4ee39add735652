/**
 * A stand-in for `az`: answers the calls that we make from a small made-up Azure, records each, and
 * fails where a test wants it, before or after it has done what was asked. What it does not know it
 * refuses, so that a new call is seen. Its state is plain JSON, for the one that is a process.
 */
import { readFileSync } from 'node:fs';
import { entriesOf, listAt, textAt, valueAt } from '../json.ts';
import type { AzAnswer } from '../ports.ts';

/** Of main.bicep, without those that every deployment names. */
const DEFAULTS = {
  location: 'westeurope',
  registryName: '',
  registryGroup: 'rg',
  publicUrl: '',
  alertEmail: '',
  customDomains: [],
};

export interface StandInRevision {
  readonly name: string;
  readonly image: string;
  readonly storage: string;
  readonly createdTime: string;
  active: boolean;
  /** Seen once more with its replica after it was stopped. */
  stopping: boolean;
}

export interface StandInState {
  loggedIn: boolean;
  registered: string[];
  group: boolean;
  takenNames: string[];
  accounts: { name: string; tags: Record<string, string> }[];
  /** Parameters of the last deployment, as they were handed over. */
  deployed: Record<string, unknown> | undefined;
  /** Looks at the last deployment until it ends; 0: it has. */
  looksUntilEnd: number;
  /** Whether the next deployment goes on after its `az` has failed. */
  outlivesItsAz: boolean;
  failed: boolean;
  /** Whether Azure has no record of any deployment. */
  forgotten: boolean;
  /** What the app has for its backups, when that is not what was deployed. */
  accountOfApp: string | undefined;
  /** Whether Azure tells defaults of main.bicep that were not handed over. */
  tellsDefaults: boolean;
  customDomains: Record<string, string>[];
  revisions: StandInRevision[];
  secrets: Record<string, string>;
  /** Each call that was made, in order. */
  calls: string[][];
  /** Number of the call that fails, from 1. */
  failAt: number | undefined;
  /** Whether it fails after its work was done. */
  failsLate: boolean;
  stderr: string;
}

export function newAzure(changes: Partial<StandInState> = {}): StandInState {
  return {
    loggedIn: true,
    registered: ['Microsoft.Storage', 'Microsoft.Network'],
    group: false,
    takenNames: [],
    accounts: [],
    deployed: undefined,
    looksUntilEnd: 0,
    outlivesItsAz: false,
    failed: false,
    forgotten: false,
    accountOfApp: undefined,
    tellsDefaults: true,
    customDomains: [],
    revisions: [],
    secrets: {},
    calls: [],
    failAt: undefined,
    failsLate: false,
    stderr: 'ERROR: (ServiceUnavailable) made to fail',
    ...changes,
  };
}

/** Carries out one call. */
export function az(state: StandInState, args: readonly string[]): AzAnswer {
  state.calls.push([...args]);
  const fails = state.calls.length === state.failAt;
  const failure = { code: 1, stdout: '', stderr: state.stderr };
  if (fails && !state.failsLate) return failure;
  if (!state.loggedIn) {
    return { code: 1, stdout: '', stderr: "ERROR: Please run 'az login' to setup account." };
  }
  const answer = answerOf(state, args);
  return fails ? failure : answer;
}

/** Words of a call, without its options. */
export function wordsOfCall(args: readonly string[]): string {
  const end = args.findIndex((arg) => arg.startsWith('--'));
  return args.slice(0, end === -1 ? args.length : end).join(' ');
}

function answerOf(state: StandInState, args: readonly string[]): AzAnswer {
  const option = (name: string): string => args[args.indexOf(name) + 1] ?? '';
  const revision = state.revisions.find(({ name }) => name === option('--revision'));
  switch (wordsOfCall(args)) {
    case 'account show':
      return json({ id: '00000000-0000-0000-0000-000000000001', name: 'Trial' });
    case 'provider list':
      return json(state.registered.map((namespace) => ({ namespace, state: 'Registered' })));
    case 'provider register':
      state.registered.push(option('--namespace'));
      return done();
    case 'group exists':
      return json(state.group);
    case 'group show':
      return json({ location: 'westeurope' });
    case 'group create':
      state.group = true;
      return done();
    case 'containerapp list':
      return state.revisions.length === 0 ? done() : json(appView(state));
    case 'deployment group list':
      if (state.looksUntilEnd > 0) {
        state.looksUntilEnd -= 1;
        if (state.looksUntilEnd === 0) endDeployment(state);
      }
      return state.forgotten || state.deployed === undefined ? done() : json(deploymentView(state));
    case 'storage account list': {
      const there = state.accounts.find(({ name }) => option('--query').includes(`'${name}'`));
      return there === undefined ? done() : json(there);
    }
    case 'storage account check-name':
      return json({
        nameAvailable: !state.takenNames.includes(option('--name')),
        message: 'The storage account named x is already taken.',
      });
    case 'containerapp secret list':
      return json(Object.entries(state.secrets).map(([name, value]) => ({ name, value })));
    case 'deployment group what-if':
      return { code: 0, stdout: `+ ${Object.values(parametersIn(args)).join(' ')}\n`, stderr: '' };
    case 'deployment group create':
      return deploy(state, parametersIn(args));
    case 'containerapp revision list':
      return json(state.revisions.map(revisionView));
    case 'containerapp revision deactivate':
    case 'containerapp revision activate':
      if (revision === undefined) return refuse('no such revision');
      if (state.looksUntilEnd > 0) throw new Error('stopped or started beside a deployment');
      revision.active = args.includes('activate');
      revision.stopping = !revision.active;
      return done();
    case 'containerapp update':
      if (state.revisions.at(-1)?.image === option('--image')) return done();
      startRevision(state, option('--image'));
      return done();
    case 'containerapp logs show':
      return { code: 0, stdout: '{"msg":"listening"}\n', stderr: '' };
    default:
      return refuse(`the stand-in does not know ${args.join(' ')}`);
  }
}

function deploy(state: StandInState, parameters: Record<string, unknown>): AzAnswer {
  if (state.looksUntilEnd > 0) return refuse('DeploymentActive');
  state.deployed = parameters;
  if (state.outlivesItsAz) {
    state.outlivesItsAz = false;
    state.looksUntilEnd = 3;
    return refuse('the connection was lost');
  }
  endDeployment(state);
  return done();
}

function endDeployment(state: StandInState): void {
  const parameters = state.deployed ?? {};
  state.failed = false;
  state.customDomains = domainsIn(parameters['customDomains']);
  const image = text(parameters['image']);
  const name = text(parameters['storageAccountName']);
  if (parameters['storage'] !== 'none' && state.accounts.every((each) => each.name !== name)) {
    state.accounts.push({ name, tags: { application: 'scimlane', app: 'scimlane' } });
  }
  state.secrets = { 'scim-shared-secret': text(parameters['sharedSecret']) };
  if (parameters['jwtSecret'] !== '') state.secrets['jwt-secret'] = text(parameters['jwtSecret']);
  const storage = text(parameters['storage']);
  const newest = state.revisions.at(-1);
  if (newest?.storage !== storage || newest.image !== image) startRevision(state, image);
}

/** Like Container Apps: when another runs, the new one waits for the lease, and never serves. */
function startRevision(state: StandInState, image: string): void {
  if (state.revisions.some(({ active, stopping }) => active || stopping)) {
    throw new Error('two revisions at once');
  }
  const number = state.revisions.length + 1;
  state.revisions.push({
    name: `scimlane--${String(number).padStart(7, '0')}`,
    image,
    storage: text(state.deployed?.['storage']),
    createdTime: new Date(Date.UTC(2026, 0, 1) + number * 1000).toISOString(),
    active: true,
    stopping: false,
  });
}

function appView(state: StandInState): unknown {
  const { deployed = {} } = state;
  const stored = deployed['storage'] !== 'none';
  const env = stored
    ? [
        {
          name: 'BLOB_BACKUP_ACCOUNT',
          value: state.accountOfApp ?? deployed['storageAccountName'],
        },
        { name: 'BLOB_BACKUP_CONTAINER', value: 'scimlane' },
      ]
    : [];
  const image = state.revisions.at(-1)?.image;
  const customDomains = state.customDomains.length === 0 ? null : state.customDomains;
  return {
    location: 'West Europe',
    properties: {
      configuration: {
        ingress: { fqdn: 'scimlane.example.azurecontainerapps.io', customDomains },
      },
      template: { containers: [{ image, env }] },
    },
  };
}

function deploymentView(state: StandInState): unknown {
  const { deployed = {}, failed, looksUntilEnd, tellsDefaults } = state;
  const all = tellsDefaults ? { ...DEFAULTS, ...deployed } : deployed;
  const shown = Object.entries(all).filter(([name]) => !name.endsWith('Secret'));
  const ended = failed ? 'Failed' : 'Succeeded';
  return {
    properties: {
      provisioningState: looksUntilEnd > 0 ? 'Running' : ended,
      parameters: Object.fromEntries(shown.map(([name, value]) => [name, { value }])),
    },
  };
}

function revisionView(revision: StandInRevision): unknown {
  const { name, image, createdTime, active, stopping } = revision;
  revision.stopping = false;
  return {
    name,
    properties: {
      active,
      createdTime,
      healthState: active ? 'Healthy' : 'None',
      runningState: active ? 'Running' : 'Stopped',
      replicas: active || stopping ? 1 : 0,
      template: { containers: [{ image }] },
    },
  };
}

function parametersIn(args: readonly string[]): Record<string, unknown> {
  const file = args[args.indexOf('--parameters') + 1] ?? '';
  const content: unknown = JSON.parse(readFileSync(file.slice(1), 'utf8'));
  const entries = entriesOf(valueAt(content, 'parameters'));
  return Object.fromEntries(entries.map(([name, each]) => [name, valueAt(each, 'value')]));
}

function domainsIn(value: unknown): Record<string, string>[] {
  return listAt(value).map((domain) =>
    Object.fromEntries(entriesOf(domain).map(([name, each]) => [name, text(each)])),
  );
}

function text(value: unknown): string {
  return textAt({ value }, 'value') ?? '';
}

function json(value: unknown): AzAnswer {
  return { code: 0, stdout: JSON.stringify(value), stderr: '' };
}

function done(): AzAnswer {
  return { code: 0, stdout: '', stderr: '' };
}

function refuse(why: string): AzAnswer {
  return { code: 2, stdout: '', stderr: `ERROR: ${why}` };
}
