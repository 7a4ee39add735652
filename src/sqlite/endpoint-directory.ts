/**
 * The endpoints of the data file, held in memory: by id, by name, and by the row that addresses
 * their resources. An Endpoint object stays the same until its row changes, so that callers may
 * key compiled forms on it.
 */
import type { Endpoint } from '../store/endpoint.ts';
import { parseSettings } from '../store/settings.ts';
import { parseStoredConfig } from './stored-config.ts';
import type { EndpointRow } from './tables/endpoints.ts';

interface Entry {
  readonly stored: EndpointRow;
  readonly endpoint: Endpoint;
}

export class EndpointDirectory {
  #byId = new Map<string, Entry>();
  #byName = new Map<string, Entry>();
  #all: readonly Endpoint[] = [];

  /** Takes over what is stored now. @param rows living endpoints in creation order */
  refresh(rows: readonly EndpointRow[]): void {
    const entries = rows.map((stored) => {
      const known = this.#byId.get(stored.id);
      return known !== undefined && sameRow(known.stored, stored)
        ? known
        : { stored, endpoint: toEndpoint(stored) };
    });
    this.#byId = new Map(entries.map((entry) => [entry.stored.id, entry]));
    this.#byName = new Map(entries.map((entry) => [entry.stored.name, entry]));
    this.#all = entries.map(({ endpoint }) => endpoint);
  }

  /** An id wins over a name that looks like it. */
  find(idOrName: string): Endpoint | undefined {
    return (this.#byId.get(idOrName) ?? this.#byName.get(idOrName))?.endpoint;
  }

  /** The row that resources refer to the endpoint by. */
  rowOf(id: string): number | undefined {
    return this.#byId.get(id)?.stored.row;
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

function toEndpoint(stored: EndpointRow): Endpoint {
  const config = parseStoredConfig(stored.config);
  return {
    id: stored.id,
    name: stored.name,
    displayName: stored.display_name,
    description: stored.description,
    config,
    settings: parseSettings(config),
    active: stored.active === 1,
    createdAt: stored.created_at,
    updatedAt: stored.updated_at,
  };
}
