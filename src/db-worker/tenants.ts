/**
 * The writer's own view of endpoints: row, settings, compiled types and their indexes, read when first asked for
 * and forgotten when an endpoint changes. Nothing compiled crosses threads.
 */
import { notFound } from '../scim/errors.ts';
import type { Registry, ResourceType } from '../scim/schema/attribute.ts';
import { Registries } from '../scim/schema/registries.ts';
import type { EndpointSettings } from '../store/endpoint.ts';
import { parseEndpointConfig } from '../store/endpoint-config.ts';
import { keptIndexes, type TypeIndexes } from './index-upkeep.ts';
import { parseStoredConfig } from '../sqlite/stored-config.ts';
import type { AttributeIndexTable } from '../sqlite/tables/attribute-indexes.ts';
import type { EndpointTable } from '../sqlite/tables/endpoints.ts';

export interface Tenant {
  readonly row: number;
  readonly settings: EndpointSettings;
  readonly registry: Registry;
  /** By type; types without any are left out. */
  readonly indexes: ReadonlyMap<string, TypeIndexes>;
}

export class Tenants {
  readonly #endpoints: EndpointTable;
  readonly #indexes: AttributeIndexTable;
  readonly #registries = new Registries();
  readonly #byId = new Map<string, Tenant>();

  constructor(endpoints: EndpointTable, indexes: AttributeIndexTable) {
    this.#endpoints = endpoints;
    this.#indexes = indexes;
  }

  /** @throws ScimError 404 when the endpoint was deleted since the request was routed */
  get(endpointId: string): Tenant {
    const known = this.#byId.get(endpointId);
    if (known !== undefined) return known;
    const endpoint = this.#endpoints.byId(endpointId);
    if (endpoint === undefined) throw notFound(`endpoint ${endpointId} is not there any more`);
    const { settings, profile } = parseEndpointConfig(parseStoredConfig(endpoint.config));
    const { row } = endpoint;
    const registry = this.#registries.of(profile, settings.indexedAttributes);
    const indexes = keptIndexes(registry, this.#indexes.ofEndpoint(row));
    const tenant = { row, settings, registry, indexes };
    this.#byId.set(endpointId, tenant);
    return tenant;
  }

  /** After a command on the endpoint, also one that failed. */
  forget(endpointId: string): void {
    this.#byId.delete(endpointId);
  }

  /** After a transaction that was rolled back: whatever was read in it may never have been. */
  forgetAll(): void {
    this.#byId.clear();
  }
}

/** @throws ScimError 404 when the endpoint does not serve the type any more */
export function typeOf(tenant: Tenant, name: string): ResourceType {
  const type = tenant.registry.typesByName.get(name);
  if (type === undefined) throw notFound(`this endpoint has no resource type ${name}`);
  return type;
}
