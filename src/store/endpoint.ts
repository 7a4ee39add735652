/**
 * An endpoint is a tenant: a name in the URL with resources, settings, schemas, resource types and
 * credentials of its own. The same object (by identity) is handed out until the endpoint changes, so
 * that callers may key compiled forms on it.
 */
import type { FilterDialect } from '../scim/dialect.ts';
import type { PatchOptions } from '../scim/patch/operation.ts';
import type { CanonicalizeOptions } from '../scim/resource/canonicalize.ts';
import type { Profile } from '../scim/schema/registry.ts';
import type { EndpointLimits } from './limit-settings.ts';
import type { TokenIssuer } from './token-issuer.ts';

/**
 * Behaviour an administrator may change per endpoint; `settings.ts` documents and checks each. They
 * are the options of `src/scim` too, so that settings are handed to it as they are: whoever reads a
 * body, rehearses a PATCH or applies it goes by the same object.
 */
export interface EndpointSettings
  extends CanonicalizeOptions, PatchOptions, FilterDialect, EndpointLimits {
  readonly requireIfMatch: boolean;
  readonly unknownMember: 'refuse' | 'ignore' | 'keep';
  readonly externalIdUnique: boolean;
  readonly groupPatchReturnsBody: boolean;
  readonly requestLog: RequestLogLevel;
  /** Paths as the administrator wrote them: see `indexedPlaces`. */
  readonly indexedAttributes: readonly string[];
  readonly meAttribute: MeAttribute;
  /** Whose tokens open the endpoint beside our own; undefined: nobody's. */
  readonly tokenIssuer: TokenIssuer | undefined;
}

/** By what `/Me` finds the resource of a token's subject. */
export type MeAttribute = 'userName' | 'id' | 'externalId';

/** `full`: with headers and bodies; `auto`: these for changes and for what failed. */
export type RequestLogLevel = 'off' | 'summary' | 'full' | 'auto';

export interface Endpoint {
  /** UUIDv7 text. */
  readonly id: string;
  readonly name: string;
  readonly displayName: string | null;
  readonly description: string | null;
  /** As the administrator gave it; what is not in it has its default in `settings`. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly settings: EndpointSettings;
  /** The same object for as long as schemas and resource types stay. */
  readonly profile: Profile;
  readonly active: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
}
