/**
 * The settings an administrator may give an endpoint: one table says what each takes, what holds
 * without it and what it does. Whatever reads a config, on any thread, reads it through
 * `parseSettings`, so that a setting never means two things.
 */
import { LENIENT } from '../scim/dialect.ts';
import { badRequest } from '../scim/errors.ts';
import type { EndpointSettings, MeAttribute, RequestLogLevel } from './endpoint.ts';
import { type IntegerSetting, LIMIT_SETTINGS, readLimits } from './limit-settings.ts';
import { TOKEN_ISSUER_SETTING, readTokenIssuer } from './token-issuer.ts';

interface BooleanSetting {
  readonly kind: 'boolean';
  readonly default: boolean;
  readonly description: string;
}

interface ChoiceSetting<T extends string> {
  readonly kind: 'choice';
  /** The first is not special; the default is named. */
  readonly choices: readonly T[];
  readonly default: T;
  readonly description: string;
}

interface PathsSetting {
  readonly kind: 'paths';
  readonly default: readonly string[];
  readonly description: string;
}

export const SETTINGS = {
  patchReplaceCreatesValuePathTarget: {
    kind: 'boolean',
    default: true,
    description:
      'A PATCH add or replace through a value filter that matches nothing creates the element, as ' +
      'Microsoft Entra expects. False: 400 noTarget, as RFC 7644 says.',
  },
  allowRemoveAllMembers: {
    kind: 'boolean',
    default: true,
    description:
      'A PATCH may remove every member of a group at once (remove with path members and no value).',
  },
  requireIfMatch: {
    kind: 'boolean',
    default: false,
    description: 'PUT, PATCH and DELETE without If-Match are answered 428.',
  },
  unknownAttributes: {
    kind: 'choice',
    choices: ['drop', 'keep', 'refuse'],
    default: 'drop',
    description: 'What becomes of attributes that no schema of the endpoint knows.',
  },
  unknownMember: {
    kind: 'choice',
    choices: ['refuse', 'ignore', 'keep'],
    default: 'refuse',
    description:
      'What becomes of group members that name no resource of the endpoint: 400 that names them, ' +
      'left out with a warning in the request log, or kept as they are.',
  },
  externalIdUnique: {
    kind: 'boolean',
    default: false,
    description: 'No two resources of a type may share an externalId (409 uniqueness).',
  },
  groupPatchReturnsBody: {
    kind: 'boolean',
    default: false,
    description: 'PATCH of a group answers 200 with the group instead of 204.',
  },
  textBooleans: {
    kind: 'boolean',
    default: LENIENT.textBooleans,
    description:
      'The strings "True" and "False", in any case, are booleans where the schema says boolean: in ' +
      'bodies, PATCH values, filters and value paths. Microsoft Entra sends them. False: 400.',
  },
  flatKeys: {
    kind: 'boolean',
    default: LENIENT.flatKeys,
    description:
      'Bodies and PATCH values without a path may have paths as keys (`name.givenName`, ' +
      '`urn:…:User:department`, in PATCH `emails[type eq "work"].value` too), as Microsoft Entra ' +
      'does. False: such a key is an unknown attribute, and 400 where those are kept.',
  },
  bareValues: {
    kind: 'boolean',
    default: LENIENT.bareValues,
    description:
      'A complex value may be given by its `value` alone (`"manager": "id"`), a multi-valued ' +
      'attribute by one element without its array, and in PATCH the value of a path with a filter ' +
      'in an array of one. False: 400. (What PATCH adds may always be one element.)',
  },
  valuePathSuffix: {
    kind: 'boolean',
    default: LENIENT.valuePathSuffix,
    description:
      'Filters may be written `emails[type eq "work"].value eq "x"`, as Microsoft Entra does. False: ' +
      '400 invalidFilter; RFC 7644 has `emails[type eq "work" and value eq "x"]`.',
  },
  looseDateTimes: {
    kind: 'boolean',
    default: LENIENT.looseDateTimes,
    description:
      'A dateTime may lack its offset (then it is UTC) and may name a day that its month does not ' +
      'have. False: 400 for all but an xsd:dateTime with `Z` or an offset.',
  },
  severalPrimaries: {
    kind: 'choice',
    choices: ['first', 'refuse'],
    default: LENIENT.severalPrimaries,
    description:
      'Of several elements with `primary: true` in one body or PATCH value the first stays primary, ' +
      'or the request is answered 400.',
  },
  unknownSchemas: {
    kind: 'choice',
    choices: ['ignore', 'refuse'],
    default: LENIENT.unknownSchemas,
    description:
      'What becomes of URNs in `schemas` that the resource type does not have. With refuse, `schemas` ' +
      'is required and must hold the URN of the type, each URN once.',
  },
  loosePatchMessages: {
    kind: 'boolean',
    default: LENIENT.loosePatchMessages,
    description:
      'A PATCH may leave out `schemas`, write "Add", "Replace" and "Remove" as Microsoft Entra does, ' +
      'give "" for no path, and have members that RFC 7644 does not know. False: 400 invalidSyntax.',
  },
  removeWithValue: {
    kind: 'boolean',
    default: LENIENT.removeWithValue,
    description:
      'A PATCH remove may list in `value` what to remove from a multi-valued attribute, as Microsoft ' +
      'Entra does for members. False: 400 invalidSyntax; RFC 7644 has a filter in the path for it.',
  },
  readOnlyEchoes: {
    kind: 'boolean',
    default: LENIENT.readOnlyEchoes,
    description:
      'A PATCH value without a path may echo readOnly attributes (`id`, `meta`, `groups`), as Okta ' +
      'does: they are left out. False: 400 mutability.',
  },
  dropLabels: {
    kind: 'boolean',
    default: LENIENT.dropLabels,
    description:
      'An element of which a PATCH leaves nothing but `type`, `primary` and `display` goes, and a ' +
      'single value goes with its `value`, because identity providers remove them so ' +
      '(`emails[type eq "work"].value`). False: what is left stays, as RFC 7644 says.',
  },
  requestLog: {
    kind: 'choice',
    choices: ['auto', 'off', 'summary', 'full'],
    default: 'auto',
    description:
      'What the request log keeps: nothing, one row for each request (`summary`), or its headers and ' +
      'bodies too (`full`), secrets masked. `auto` is full for changes and for what failed, and ' +
      'summary for the rest. While a run of the endpoint is open, everything is kept.',
  },
  indexedAttributes: {
    kind: 'paths',
    default: ['emails.value'],
    description:
      'Attributes that filters find by an index of their own, as paths: `title`, `name.familyName`, ' +
      '`urn:…:User:department`. Each costs every write of it; `[]` is none. Names, ids and members ' +
      'have an index anyway. A new index is built in the background and used once it is complete.',
  },
  meAttribute: {
    kind: 'choice',
    choices: ['userName', 'id', 'externalId'],
    default: 'userName',
    description:
      'By which attribute the `subject` of a credential, or of a token issued by others, names the ' +
      'user that `/Me` means.',
  },
  ...LIMIT_SETTINGS,
  tokenIssuer: TOKEN_ISSUER_SETTING,
} as const satisfies Record<
  keyof EndpointSettings,
  | typeof TOKEN_ISSUER_SETTING
  | IntegerSetting
  | BooleanSetting
  | ChoiceSetting<'drop' | 'keep' | 'refuse' | 'ignore' | 'first' | MeAttribute | RequestLogLevel>
  | PathsSetting
>;

/**
 * The settings that a config asks for, defaults filled in.
 * @throws ScimError 400 invalidValue for a setting that is unknown or has a value it does not take
 */
export function parseSettings(config: Readonly<Record<string, unknown>>): EndpointSettings {
  for (const name of Object.keys(config)) {
    if (!Object.hasOwn(SETTINGS, name)) throw unknownSetting(name);
  }
  return {
    patchReplaceCreatesValuePathTarget: readBoolean(config, 'patchReplaceCreatesValuePathTarget'),
    allowRemoveAllMembers: readBoolean(config, 'allowRemoveAllMembers'),
    requireIfMatch: readBoolean(config, 'requireIfMatch'),
    unknownAttributes: readChoice(config, 'unknownAttributes', SETTINGS.unknownAttributes),
    unknownMember: readChoice(config, 'unknownMember', SETTINGS.unknownMember),
    externalIdUnique: readBoolean(config, 'externalIdUnique'),
    groupPatchReturnsBody: readBoolean(config, 'groupPatchReturnsBody'),
    textBooleans: readBoolean(config, 'textBooleans'),
    flatKeys: readBoolean(config, 'flatKeys'),
    bareValues: readBoolean(config, 'bareValues'),
    valuePathSuffix: readBoolean(config, 'valuePathSuffix'),
    looseDateTimes: readBoolean(config, 'looseDateTimes'),
    severalPrimaries: readChoice(config, 'severalPrimaries', SETTINGS.severalPrimaries),
    unknownSchemas: readChoice(config, 'unknownSchemas', SETTINGS.unknownSchemas),
    loosePatchMessages: readBoolean(config, 'loosePatchMessages'),
    removeWithValue: readBoolean(config, 'removeWithValue'),
    readOnlyEchoes: readBoolean(config, 'readOnlyEchoes'),
    dropLabels: readBoolean(config, 'dropLabels'),
    requestLog: readChoice(config, 'requestLog', SETTINGS.requestLog),
    indexedAttributes: readPaths(config, 'indexedAttributes'),
    meAttribute: readChoice(config, 'meAttribute', SETTINGS.meAttribute),
    ...readLimits(config),
    tokenIssuer: readTokenIssuer(config),
  };
}

type BooleanName = {
  [K in keyof EndpointSettings]: EndpointSettings[K] extends boolean ? K : never;
}[keyof EndpointSettings];

function readBoolean(config: Readonly<Record<string, unknown>>, name: BooleanName): boolean {
  if (!Object.hasOwn(config, name)) return SETTINGS[name].default;
  const value = config[name];
  if (typeof value === 'boolean') return value;
  // The earlier SCIMServer stored its flags as "True" and "False".
  if (typeof value === 'string' && /^true$/i.test(value)) return true;
  if (typeof value === 'string' && /^false$/i.test(value)) return false;
  throw badRequest('invalidValue', `config.${name} takes true or false`);
}

function readChoice<T extends string>(
  config: Readonly<Record<string, unknown>>,
  name: string,
  setting: ChoiceSetting<T>,
): T {
  if (!Object.hasOwn(config, name)) return setting.default;
  const choice = setting.choices.find((known) => known === config[name]);
  if (choice !== undefined) return choice;
  const choices = setting.choices.map((known) => `"${known}"`).join(', ');
  throw badRequest('invalidValue', `config.${name} takes one of ${choices}`);
}

/** Whether they name attributes of the endpoint is asked where these are known. */
function readPaths(
  config: Readonly<Record<string, unknown>>,
  name: 'indexedAttributes',
): readonly string[] {
  if (!Object.hasOwn(config, name)) return SETTINGS[name].default;
  const value = config[name];
  if (Array.isArray(value) && value.every((path) => typeof path === 'string')) return value;
  throw badRequest('invalidValue', `config.${name} takes a list of paths such as "emails.value"`);
}

function unknownSetting(name: string): Error {
  const shown = name.length > 64 ? `${name.slice(0, 64)}…` : name;
  return badRequest(
    'invalidValue',
    `config.${JSON.stringify(shown)} is no setting; beside preset, schemas and resourceTypes there are ${Object.keys(SETTINGS).join(', ')}`,
  );
}
