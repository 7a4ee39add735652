/**
 * What an endpoint may start from: settings and a profile under a name. A config that names a preset
 * has its settings wherever it says nothing itself, and its schemas and resource types unless it has
 * its own. Settings that a preset leaves out have their default.
 *
 * The profiles are shared: endpoints of one preset serve the same object, and so one registry.
 */
import { LENIENT, STRICT } from '../scim/dialect.ts';
import { badRequest } from '../scim/errors.ts';
import { CORE_PROFILE, CORE_USERS_PROFILE } from '../scim/schema/core.ts';
import type { Profile } from '../scim/schema/registry.ts';
import type { EndpointSettings } from './endpoint.ts';

export interface Preset {
  readonly name: string;
  readonly description: string;
  readonly settings: Readonly<Partial<EndpointSettings>>;
  readonly profile: Profile;
}

const DEFAULT: Preset = {
  name: 'default',
  description:
    'Users and Groups of RFC 7643 with the Enterprise User extension, for clients of all kinds: ' +
    'every setting has its default.',
  settings: {},
  profile: CORE_PROFILE,
};

const PRESETS: readonly Preset[] = [
  DEFAULT,
  {
    name: 'entra-id',
    description:
      'For Microsoft Entra ID: all its dialects are taken, and one unknown member does not fail ' +
      'the whole of a group.',
    settings: {
      ...LENIENT,
      patchReplaceCreatesValuePathTarget: true,
      unknownAttributes: 'drop',
      unknownMember: 'ignore',
    },
    profile: CORE_PROFILE,
  },
  {
    name: 'okta',
    description:
      'For Okta: what it echoes is left out, and one unknown member does not fail the whole push ' +
      'of a group.',
    settings: { ...LENIENT, unknownAttributes: 'drop', unknownMember: 'ignore' },
    profile: CORE_PROFILE,
  },
  {
    name: 'rfc-strict',
    description: 'The letter of RFC 7643 and RFC 7644: every lenience is off.',
    settings: {
      ...STRICT,
      patchReplaceCreatesValuePathTarget: false,
      unknownAttributes: 'refuse',
      unknownMember: 'refuse',
    },
    profile: CORE_PROFILE,
  },
  {
    name: 'users-only',
    description: 'Users with the Enterprise User extension, and no groups.',
    settings: {},
    profile: CORE_USERS_PROFILE,
  },
];

/** In the order to show them. */
export function allPresets(): readonly Preset[] {
  return PRESETS;
}

/** Undefined when there is none of the name, which compares exactly. */
export function presetNamed(name: string): Preset | undefined {
  return PRESETS.find((preset) => preset.name === name);
}

export function presetNames(): string {
  return PRESETS.map(({ name }) => `"${name}"`).join(', ');
}

/**
 * What a config builds on.
 * @throws ScimError 400 invalidValue naming the presets there are
 */
export function presetOf(config: Readonly<Record<string, unknown>>): Preset {
  if (!Object.hasOwn(config, 'preset')) return DEFAULT;
  const { preset: name } = config;
  const preset = typeof name === 'string' ? presetNamed(name) : undefined;
  if (preset !== undefined) return preset;
  throw badRequest('invalidValue', `config.preset takes one of ${presetNames()}`);
}
