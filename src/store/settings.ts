/**
 * The settings an administrator may give an endpoint: one table says what each takes, what holds
 * without it and what it does. Whatever reads a config, on any thread, reads it through
 * `parseSettings`, so that a setting never means two things.
 */
import { badRequest } from '../scim/errors.ts';
import type { EndpointSettings } from './endpoint.ts';

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
} as const satisfies Record<
  keyof EndpointSettings,
  BooleanSetting | ChoiceSetting<'drop' | 'keep' | 'refuse' | 'ignore'>
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

function unknownSetting(name: string): Error {
  const shown = name.length > 64 ? `${name.slice(0, 64)}…` : name;
  return badRequest(
    'invalidValue',
    `config.${JSON.stringify(shown)} is no setting; the settings are ${Object.keys(SETTINGS).join(', ')}`,
  );
}
