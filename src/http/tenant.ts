/**
 * What is compiled for an endpoint on this thread. Keyed on the endpoint object itself: the store
 * hands out another one when the endpoint changes, and the old compiled form goes with the old
 * object.
 */
import { notFound } from '../scim/errors.ts';
import { foldAscii } from '../scim/fold.ts';
import type { CanonicalizeOptions } from '../scim/resource/canonicalize.ts';
import type { Registry, ResourceType } from '../scim/schema/attribute.ts';
import { CORE_PROFILE } from '../scim/schema/core.ts';
import { compileRegistry } from '../scim/schema/registry.ts';
import type { Endpoint } from '../store/endpoint.ts';

export interface Tenant {
  readonly registry: Registry;
  readonly canonicalize: CanonicalizeOptions;
}

export class Tenants {
  /** Every endpoint serves the core profile until profiles of their own exist. */
  readonly #core = compileRegistry(CORE_PROFILE);
  readonly #compiled = new WeakMap<Endpoint, Tenant>();

  of(endpoint: Endpoint): Tenant {
    const known = this.#compiled.get(endpoint);
    if (known !== undefined) return known;
    const tenant: Tenant = {
      registry: this.#core,
      canonicalize: { unknownAttributes: endpoint.settings.unknownAttributes },
    };
    this.#compiled.set(endpoint, tenant);
    return tenant;
  }
}

/**
 * @param segment of the path, in any case: `Users`
 * @throws ScimError 404 that names the types there are
 */
export function typeOf(tenant: Tenant, segment: string): ResourceType {
  const type = tenant.registry.typesByEndpoint.get(foldAscii(segment));
  if (type !== undefined) return type;
  const known = [...tenant.registry.typesByEndpoint.values()].map((each) => each.endpoint);
  throw notFound(`this endpoint serves ${known.join(' and ')}, not ${JSON.stringify(segment)}`);
}
