/**
 * Registries by what they are compiled from: a profile, and which attributes are indexed. Profiles are
 * compared by identity: endpoints that serve the same preset share one profile object, and so one
 * registry if they index the same. A registry goes when its profile does, and never crosses threads.
 */
import type { Registry } from './attribute.ts';
import { compileRegistry, type Profile } from './registry.ts';

/** Different lists kept of one profile: presets live as long as the process. */
const LISTS_MAX = 100;

export class Registries {
  /** By profile, then by list; the list compiled first is the first to go. */
  readonly #compiled = new WeakMap<Profile, Map<string, Registry>>();

  /** Compiles when first asked for. */
  of(profile: Profile, indexedAttributes: readonly string[]): Registry {
    const ofProfile = this.#compiled.get(profile) ?? new Map<string, Registry>();
    const list = JSON.stringify(indexedAttributes);
    const known = ofProfile.get(list);
    if (known !== undefined) return known;
    const registry = compileRegistry(profile, indexedAttributes);
    const [oldest] = ofProfile.keys();
    if (ofProfile.size >= LISTS_MAX && oldest !== undefined) ofProfile.delete(oldest);
    this.#compiled.set(profile, ofProfile.set(list, registry));
    return registry;
  }
}
