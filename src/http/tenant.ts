/**
 * What is compiled for an endpoint on this thread. Keyed on the endpoint object itself: the store
 * hands out another one when the endpoint changes, and the old compiled form goes with the old
 * object.
 */
import { notFound } from '../scim/errors.ts';
import { foldAscii } from '../scim/fold.ts';
import type { CanonicalizeOptions } from '../scim/resource/canonicalize.ts';
import type { Registry, ResourceType } from '../scim/schema/attribute.ts';
import { Registries } from '../scim/schema/registries.ts';
import type { Endpoint } from '../store/endpoint.ts';

export interface Tenant {
  readonly registry: Registry;
  readonly canonicalize: CanonicalizeOptions;
}

export class Tenants {
  readonly #registries = new Registries();
  readonly #compiled = new WeakMap<Endpoint, Tenant>();

  of(endpoint: Endpoint): Tenant {
    const known = this.#compiled.get(endpoint);
    if (known !== undefined) return known;
    const tenant: Tenant = {
      registry: this.#registries.of(endpoint.profile, endpoint.settings.indexedAttributes),
      canonicalize: endpoint.settings,
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
  throw notFound(`this endpoint serves ${listed(known)}, not ${JSON.stringify(segment)}`);
}

/** `Users, Groups and Devices` */
function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? 'nothing';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
