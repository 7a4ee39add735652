/**
 * What was asked for after `scimlane azure`. Pure. Names go into calls of `az` and into queries, so
 * each is checked against what Azure takes; and none can be mistaken for an option.
 */
import { nearestName } from '../../platform/nearest-name.ts';
import { webUrl } from '../../platform/option-kinds.ts';
import { split, UsageError } from '../arguments.ts';

export type StorageChoice = 'none' | 'blob' | 'files';

/** What the command line says about a deployment; undefined: as it is, or as the preset has it. */
export interface GivenSettings {
  readonly environment?: 'dev' | 'prod';
  readonly location?: string;
  readonly image?: string;
  readonly storage?: StorageChoice;
  readonly storageAccount?: string;
  readonly registryGroup?: string;
  readonly publicUrl?: string;
  readonly alertEmail?: string;
  readonly jwtSecret: boolean;
}

export interface AzureTarget {
  readonly group: string;
  readonly app: string;
  readonly subscription: string | undefined;
}

interface Change {
  readonly whatIf: boolean;
  /** Whether an app without storage may lose what it holds. */
  readonly discardData: boolean;
}

export type AzureAction =
  | ({ readonly action: 'deploy' | 'add-storage'; readonly settings: GivenSettings } & Change)
  | ({ readonly action: 'upgrade'; readonly image: string } & Change)
  | ({ readonly action: 'rollback'; readonly revision: string | undefined } & Change)
  | { readonly action: 'status' }
  | {
      readonly action: 'logs';
      readonly follow: boolean;
      readonly system: boolean;
      readonly tail: number;
    };

export type AzureInvocation =
  | { readonly kind: 'azureHelp' }
  | {
      readonly kind: 'azure';
      readonly json: boolean;
      readonly target: AzureTarget;
      readonly command: AzureAction;
    };

const SETTING_OPTIONS = [
  '--environment',
  '--location',
  '--image',
  '--storage',
  '--storage-account',
  '--registry-group',
  '--public-url',
  '--alert-email',
];
const CHANGE_FLAGS = ['--what-if', '--discard-data'];
/** What each takes beside --group, --app, --subscription and --json. */
const ACTIONS: Readonly<Record<AzureAction['action'], readonly string[]>> = {
  deploy: [...SETTING_OPTIONS, '--jwt-secret', ...CHANGE_FLAGS],
  'add-storage': ['--storage', '--storage-account', ...CHANGE_FLAGS],
  status: [],
  logs: ['--follow', '--system', '--tail'],
  upgrade: ['--image', ...CHANGE_FLAGS],
  rollback: ['--revision', ...CHANGE_FLAGS],
};
const TARGET_OPTIONS = ['--group', '--app', '--subscription'];
const FLAGS = ['--json', '--help', '--jwt-secret', '--follow', '--system', ...CHANGE_FLAGS];
const VALUED = [...TARGET_OPTIONS, ...SETTING_OPTIONS, '--tail', '--revision'];

const APP_DEFAULT = 'scimlane';
const TAIL_DEFAULT = 50;

const KINDS = {
  group: [
    /^(?!-)[\w().-]{0,89}[\w()-]$/,
    'the name of a resource group (letters, digits and _ . - ( ))',
  ],
  app: [
    /^(?!.*--)[a-z][a-z0-9-]{0,30}[a-z0-9]$/,
    '2 to 32 lower-case letters, digits and single hyphens, a letter first',
  ],
  subscription: [/^[\w(][\w ().-]{0,79}$/, 'the name or id of a subscription'],
  environment: [/^(dev|prod)$/, 'dev or prod'],
  location: [/^[a-z][a-z0-9]{2,40}$/, 'the name of a region, such as westeurope'],
  image: [/^[a-z0-9][\w.:/@-]{2,300}$/i, 'an image with its registry and tag'],
  storage: [/^(none|blob|files)$/, 'none, blob or files'],
  addedStorage: [/^(blob|files)$/, 'blob or files'],
  storageAccount: [/^[a-z0-9]{3,24}$/, '3 to 24 lower-case letters and digits'],
  alertEmail: [/^[^\s@-][^\s@]*@[^\s@]+$/, 'a mail address'],
  revision: [/^[a-z][a-z0-9-]{2,80}$/, 'the name of a revision'],
  tail: [/^([1-9]\d?|[12]\d\d|300)$/, 'a whole number from 1 to 300'],
} as const satisfies Readonly<Record<string, readonly [RegExp, string]>>;

/** @param args the words after `azure` @throws UsageError */
export function parseAzureArguments(args: readonly string[]): AzureInvocation {
  const { words, options } = split(args, FLAGS, VALUED);
  if (options.has('--help') || words.length === 0) return { kind: 'azureHelp' };
  const action = actionOf(words.join(' '));
  for (const option of options.keys()) {
    if (option === '--json' || TARGET_OPTIONS.includes(option)) continue;
    if (ACTIONS[action].includes(option)) continue;
    throw new UsageError(`${option} is no option of scimlane azure ${action}`);
  }
  const group = given(options, 'group');
  if (group === undefined) {
    throw new UsageError(`azure ${action} needs --group: ${KINDS.group[1]}`);
  }
  const app = given(options, 'app') ?? APP_DEFAULT;
  const json = options.has('--json');
  if (json && action === 'logs') throw new UsageError('azure logs prints lines: it has no --json');
  const target = { group, app, subscription: given(options, 'subscription') };
  return { kind: 'azure', json, target, command: commandOf(action, options) };
}

function commandOf(
  action: AzureAction['action'],
  options: ReadonlyMap<string, string>,
): AzureAction {
  const change = { whatIf: options.has('--what-if'), discardData: options.has('--discard-data') };
  switch (action) {
    case 'deploy':
      return { action, ...change, settings: settingsOf(options) };
    case 'add-storage': {
      const storage = oneOf(given(options, 'storage', 'addedStorage') ?? 'blob');
      return { action, ...change, settings: { ...settingsOf(options), storage } };
    }
    case 'upgrade': {
      const image = given(options, 'image');
      if (image === undefined) throw new UsageError(`upgrade needs --image: ${KINDS.image[1]}`);
      return { action, ...change, image };
    }
    case 'rollback':
      return { action, ...change, revision: given(options, 'revision') };
    case 'logs': {
      const tail = Number(given(options, 'tail') ?? TAIL_DEFAULT);
      return { action, follow: options.has('--follow'), system: options.has('--system'), tail };
    }
    case 'status':
      return { action };
  }
}

function settingsOf(options: ReadonlyMap<string, string>): GivenSettings {
  const environment = given(options, 'environment');
  const storage = given(options, 'storage');
  const location = given(options, 'location');
  const image = given(options, 'image');
  const storageAccount = given(options, 'storageAccount');
  const registryGroup = given(options, 'registryGroup', 'group');
  const publicUrl = publicUrlOf(options.get('--public-url'));
  const alertEmail = given(options, 'alertEmail');
  return {
    jwtSecret: options.has('--jwt-secret'),
    ...(environment !== undefined && { environment: environment === 'dev' ? 'dev' : 'prod' }),
    ...(storage !== undefined && { storage: oneOf(storage) }),
    ...(location !== undefined && { location }),
    ...(image !== undefined && { image }),
    ...(storageAccount !== undefined && { storageAccount }),
    ...(registryGroup !== undefined && { registryGroup }),
    ...(publicUrl !== undefined && { publicUrl }),
    ...(alertEmail !== undefined && { alertEmail }),
  };
}

function oneOf(storage: string): StorageChoice {
  return storage === 'files' || storage === 'none' ? storage : 'blob';
}

function actionOf(name: string): AzureAction['action'] {
  for (const action of Object.keys(ACTIONS)) {
    if (action === name && isAction(action)) return action;
  }
  const meant = nearestName(name, Object.keys(ACTIONS));
  throw new UsageError(
    `there is no command ${JSON.stringify(`azure ${name}`)}; did you mean azure ${meant}?`,
  );
}

function isAction(name: string): name is AzureAction['action'] {
  return Object.hasOwn(ACTIONS, name);
}

/** @param kind of its value, where that is not the option's own */
function given(
  options: ReadonlyMap<string, string>,
  name: keyof typeof KINDS | 'registryGroup',
  kind: keyof typeof KINDS = name === 'registryGroup' ? 'group' : name,
): string | undefined {
  const option = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const value = options.get(option);
  if (value === undefined) return undefined;
  const [pattern, takes] = KINDS[kind];
  if (pattern.test(value)) return value;
  throw new UsageError(`${option} takes ${takes}, but is ${JSON.stringify(value)}`);
}

function publicUrlOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const kind = webUrl();
  const url = kind.read(text);
  if (url !== undefined) return url;
  throw new UsageError(`--public-url takes ${kind.takes}, but is ${JSON.stringify(text)}`);
}
