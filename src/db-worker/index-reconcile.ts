/**
 * Brings the indexes that there are to those that an endpoint wants. What is missing will be built;
 * what nobody wants any more is gone at once, and its keys are garbage.
 */
import { signatureOf } from '../scim/resource/index-keys.ts';
import type { Registry } from '../scim/schema/attribute.ts';
import { Registries } from '../scim/schema/registries.ts';
import type { Connection } from '../sqlite/open.ts';
import { parseStoredConfig } from '../sqlite/stored-config.ts';
import { AttributeIndexTable } from '../sqlite/tables/attribute-indexes.ts';
import { EndpointTable } from '../sqlite/tables/endpoints.ts';
import { GarbageTable } from '../sqlite/tables/garbage.ts';
import { parseEndpointConfig } from '../store/endpoint-config.ts';

/** Where indexes are told of. */
export interface IndexTables {
  readonly indexes: AttributeIndexTable;
  readonly garbage: GarbageTable;
}

/**
 * @param endpoint its row
 * @returns whether anything was written
 */
export function reconcileIndexes(
  { indexes, garbage }: IndexTables,
  endpoint: number,
  registry: Registry,
): boolean {
  const unwanted = new Map(
    indexes.ofEndpoint(endpoint).map((row) => [`${row.type} ${row.signature}`, row.number]),
  );
  let changed = false;
  for (const { name, indexed } of registry.typesByName.values()) {
    for (const signature of indexed.map(signatureOf)) {
      if (unwanted.delete(`${name} ${signature}`)) continue;
      indexes.add(endpoint, name, signature);
      changed = true;
    }
  }
  for (const number of unwanted.values()) drop({ indexes, garbage }, number);
  return changed || unwanted.size > 0;
}

/** With the endpoint itself. */
export function dropIndexes(tables: IndexTables, endpoint: number): void {
  for (const { number } of tables.indexes.ofEndpoint(endpoint)) drop(tables, number);
}

/**
 * For a database that is being opened: another build may want others by default, or compare otherwise.
 * @returns whether anything was written
 */
export function reconcileAll(db: Connection): boolean {
  const tables = { indexes: new AttributeIndexTable(db), garbage: new GarbageTable(db) };
  const registries = new Registries();
  let changed = false;
  for (const { row, config } of new EndpointTable(db).all()) {
    const { profile, settings } = parseEndpointConfig(parseStoredConfig(config));
    const registry = registries.of(profile, settings.indexedAttributes);
    changed = reconcileIndexes(tables, row, registry) || changed;
  }
  return changed;
}

function drop({ indexes, garbage }: IndexTables, number: number): void {
  indexes.remove(number);
  garbage.add('index', number);
}
