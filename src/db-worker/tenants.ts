/**
 * The writer's own view of endpoints: row, settings and compiled types, read when first asked for
 * and forgotten when an endpoint changes. Nothing compiled crosses threads.
 */
import { notFound } from '../scim/errors.ts';
import type { Registry, ResourceType } from '../scim/schema/attribute.ts';
import { compileRegistry } from '../scim/schema/registry.ts';
import { CORE_PROFILE } from '../scim/schema/core.ts';
import type { EndpointSettings } from '../store/endpoint.ts';
import { parseSettings } from '../store/settings.ts';
import { parseStoredConfig } from '../sqlite/stored-config.ts';
import type { EndpointTable } from '../sqlite/tables/endpoints.ts';

export interface Tenant {
  readonly row: number;
  readonly settings: EndpointSettings;
  readonly registry: Registry;
}

export class Tenants {
  readonly #endpoints: EndpointTable;
  readonly #registry = compileRegistry(CORE_PROFILE);
  readonly #byId = new Map<string, Tenant>();

  constructor(endpoints: EndpointTable) {
    this.#endpoints = endpoints;
  }

  /** @throws ScimError 404 when the endpoint was deleted since the request was routed */
  get(endpointId: string): Tenant {
    const known = this.#byId.get(endpointId);
    if (known !== undefined) return known;
    const endpoint = this.#endpoints.byId(endpointId);
    if (endpoint === undefined) throw notFound(`endpoint ${endpointId} is not there any more`);
    const tenant: Tenant = {
      row: endpoint.row,
      settings: parseSettings(parseStoredConfig(endpoint.config)),
      registry: this.#registry,
    };
    this.#byId.set(endpointId, tenant);
    return tenant;
  }

  /** After any command on endpoints, also one that was rolled back. */
  forget(): void {
    this.#byId.clear();
  }
}

/** @throws ScimError 404 when the endpoint does not serve the type any more */
export function typeOf(tenant: Tenant, name: string): ResourceType {
  const type = tenant.registry.typesByName.get(name);
  if (type === undefined) throw notFound(`this endpoint has no resource type ${name}`);
  return type;
}
