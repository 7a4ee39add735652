/**
 * Registries by the profile they are compiled from. Profiles are compared by identity: endpoints
 * that serve the same preset share one profile object, and so one registry. A registry goes when its
 * profile does, and never crosses threads.
 */
import type { Registry } from './attribute.ts';
import { compileRegistry, type Profile } from './registry.ts';

export class Registries {
  readonly #compiled = new WeakMap<Profile, Registry>();

  /** Compiles when first asked for. */
  of(profile: Profile): Registry {
    const known = this.#compiled.get(profile);
    if (known !== undefined) return known;
    const registry = compileRegistry(profile);
    this.#compiled.set(profile, registry);
    return registry;
  }
}
