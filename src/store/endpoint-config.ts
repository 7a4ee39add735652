/**
 * What an endpoint's config means: a preset, settings that win over the preset's, and schemas and
 * resource types of its own. Whatever reads a config, on any thread, reads it here.
 */
import { badRequest } from '../scim/errors.ts';
import { fault, type ProfileLimits } from '../scim/schema/definition-reader.ts';
import { checkIndexedPaths } from '../scim/schema/indexed.ts';
import { TAKEN_PATHS } from '../scim/schema/names.ts';
import { parseProfile } from '../scim/schema/parse-profile.ts';
import { profileChanges, type TypeChange } from '../scim/schema/profile-change.ts';
import { compileRegistry, type Profile } from '../scim/schema/registry.ts';
import type { EndpointSettings } from './endpoint.ts';
import { presetOf } from './presets.ts';
import { parseSettings } from './settings.ts';

/** As an administrator sends it and as it is stored. */
export type Config = Readonly<Record<string, unknown>>;

export interface EndpointConfig {
  readonly settings: EndpointSettings;
  /** The preset's own object, unless the config has schemas or resource types. */
  readonly profile: Profile;
}

/** Bounds of what an administrator may send. */
export interface ConfigLimits extends ProfileLimits {
  readonly indexedAttributes: number;
}

/** Members of a config that are no settings. */
const NO_SETTINGS: ReadonlySet<string> = new Set(['preset', 'schemas', 'resourceTypes']);

/** What is stored was within the bounds of its time; a later build may have narrower ones. */
const UNBOUNDED: ProfileLimits = {
  profileSchemas: Infinity,
  profileAttributes: Infinity,
  profileResourceTypes: Infinity,
  profileListLength: Infinity,
  profileNameLength: Infinity,
  profileTextLength: Infinity,
};

/**
 * @param limits of what an administrator sends; left out for what is stored
 * @param hasNewTypes whether its types may not be those that are stored already
 * @throws ScimError 400 invalidValue that names what is wrong and what would be accepted
 */
export function parseEndpointConfig(
  config: Config,
  limits?: ConfigLimits,
  hasNewTypes = limits !== undefined,
): EndpointConfig {
  const preset = presetOf(config);
  const own = Object.entries(config).filter(([name]) => !NO_SETTINGS.has(name));
  const settings = parseSettings({ ...preset.settings, ...Object.fromEntries(own) });
  const profile = parseProfile(config, preset.profile, limits ?? UNBOUNDED);
  if (hasNewTypes) checkPaths(profile);
  // A default suits what it can. What is stored may name what a later build does not index.
  if (limits !== undefined && Object.hasOwn(config, 'indexedAttributes')) {
    checkIndexed(settings.indexedAttributes, profile, limits);
  }
  return { settings, profile };
}

/** The config that takes the place of `current`: a preset stays until another one is named. */
export function replaceConfig(current: Config, next: Config): Config {
  if (Object.hasOwn(next, 'preset') || !Object.hasOwn(current, 'preset')) return next;
  return { preset: current['preset'], ...next };
}

/**
 * The types of which stored resources might not fit once `after` takes the place of `before`.
 * @param before what is stored
 * @throws ScimError 400 invalidValue that names what is wrong with `after`
 */
export function configChanges(
  before: Config,
  after: Config,
  limits: ConfigLimits,
): readonly TypeChange[] {
  const isSame = sameProfile(before, after);
  const next = parseEndpointConfig(after, limits, !isSame);
  if (isSame) return [];
  const old = parseEndpointConfig(before);
  if (old.profile === next.profile) return [];
  const keepsUnknown = [old, next].some(({ settings }) => settings.unknownAttributes === 'keep');
  return profileChanges(compileRegistry(old.profile), compileRegistry(next.profile), keepsUnknown);
}

/** Whether both say the same of schemas and resource types. */
export function sameProfile(a: Config, b: Config): boolean {
  return profileText(a) === profileText(b);
}

function checkPaths({ resourceTypes }: Profile): void {
  for (const [position, { endpoint }] of resourceTypes.entries()) {
    if (!TAKEN_PATHS.has(endpoint)) continue;
    const place = `config.resourceTypes[${String(position)}].endpoint`;
    throw fault(place, `something else lives at ${endpoint}; take another path`);
  }
}

function checkIndexed(
  paths: readonly string[],
  profile: Profile,
  { indexedAttributes: max }: ConfigLimits,
): void {
  if (paths.length > max) {
    throw badRequest(
      'invalidValue',
      `config.indexedAttributes has ${paths.length} paths; at most ${max} are taken`,
    );
  }
  checkIndexedPaths(compileRegistry(profile), paths);
}

function profileText(config: Config): string {
  return JSON.stringify([config['preset'], config['schemas'], config['resourceTypes']]);
}
