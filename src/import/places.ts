/** An endpoint that takes what is imported, with what is compiled for it. */
import type { CanonicalizeOptions } from '../scim/resource/canonicalize.ts';
import { LENIENT } from '../scim/dialect.ts';
import type { Registry } from '../scim/schema/attribute.ts';
import { Registries } from '../scim/schema/registries.ts';
import type { Endpoint } from '../store/endpoint.ts';

export interface Place {
  readonly endpoint: Endpoint;
  readonly registry: Registry;
  /** How stored payloads are read: as loosely as they were once taken. */
  readonly options: CanonicalizeOptions;
  /** This import has made it: all that is in it comes from the source. */
  readonly isNew: boolean;
}

/** One for all endpoints of an import: those of one preset share a registry. */
export function placeMaker(): (endpoint: Endpoint, isNew: boolean) => Place {
  const registries = new Registries();
  return (endpoint, isNew) => {
    const { profile, settings } = endpoint;
    // A refusal would cost a stored resource what a request could be mended for: it is dropped and told.
    const unknownAttributes = settings.unknownAttributes === 'keep' ? 'keep' : 'drop';
    return {
      endpoint,
      registry: registries.of(profile, settings.indexedAttributes),
      options: { ...settings, ...LENIENT, unknownAttributes },
      isNew,
    };
  };
}
