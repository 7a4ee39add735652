/**
 * The endpoints of the data file, held in memory: by id, by name, and by the row that addresses
 * their resources. An Endpoint object stays the same until its row changes, and its profile until
 * its schemas or types do, so that callers may key compiled forms on them.
 */
import type { Registry } from '../scim/schema/attribute.ts';
import { Registries } from '../scim/schema/registries.ts';
import type { Endpoint } from '../store/endpoint.ts';
import { parseEndpointConfig, sameProfile } from '../store/endpoint-config.ts';
import { parseStoredConfig } from './stored-config.ts';
import type { EndpointRow } from './tables/endpoints.ts';

interface Entry {
  readonly stored: EndpointRow;
  readonly endpoint: Endpoint;
}

/** What reading resources of an endpoint takes. */
export interface EndpointPlace {
  /** The row that resources refer to the endpoint by. */
  readonly row: number;
  readonly registry: Registry;
}

export class EndpointDirectory {
  readonly #registries = new Registries();
  readonly #places = new WeakMap<Endpoint, EndpointPlace>();
  #byId = new Map<string, Entry>();
  #byName = new Map<string, Entry>();
  #all: readonly Endpoint[] = [];

  /** Takes over what is stored now. @param rows living endpoints in creation order */
  refresh(rows: readonly EndpointRow[]): void {
    const entries = rows.map((stored) => {
      const known = this.#byId.get(stored.id);
      return known !== undefined && sameRow(known.stored, stored)
        ? known
        : { stored, endpoint: toEndpoint(stored, known?.endpoint) };
    });
    this.#byId = new Map(entries.map((entry) => [entry.stored.id, entry]));
    this.#byName = new Map(entries.map((entry) => [entry.stored.name, entry]));
    this.#all = entries.map(({ endpoint }) => endpoint);
  }

  /** An id wins over a name that looks like it. */
  find(idOrName: string): Endpoint | undefined {
    return (this.#byId.get(idOrName) ?? this.#byName.get(idOrName))?.endpoint;
  }

  /** Compiles the endpoint's types when they are first asked for. */
  placeOf(id: string): EndpointPlace | undefined {
    const entry = this.#byId.get(id);
    if (entry === undefined) return undefined;
    const { stored, endpoint } = entry;
    const known = this.#places.get(endpoint);
    if (known !== undefined) return known;
    const { profile, settings } = endpoint;
    const registry = this.#registries.of(profile, settings.indexedAttributes);
    const place = { row: stored.row, registry };
    this.#places.set(endpoint, place);
    return place;
  }

  /** In creation order. */
  all(): readonly Endpoint[] {
    return this.#all;
  }
}

function sameRow(a: EndpointRow, b: EndpointRow): boolean {
  return (
    a.row === b.row &&
    a.name === b.name &&
    a.display_name === b.display_name &&
    a.description === b.description &&
    a.config === b.config &&
    a.active === b.active &&
    a.updated_at === b.updated_at
  );
}

/** @param former what it was before its row has changed */
function toEndpoint(stored: EndpointRow, former: Endpoint | undefined): Endpoint {
  const config = parseStoredConfig(stored.config);
  const { settings, profile } = parseEndpointConfig(config);
  const keepsProfile = former !== undefined && sameProfile(former.config, config);
  return {
    id: stored.id,
    name: stored.name,
    displayName: stored.display_name,
    description: stored.description,
    config,
    settings,
    profile: keepsProfile ? former.profile : profile,
    active: stored.active === 1,
    createdAt: stored.created_at,
    updatedAt: stored.updated_at,
  };
}
