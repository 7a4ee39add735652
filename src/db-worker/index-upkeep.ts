/**
 * Keeps the keys of attribute indexes in step with the documents, in the transactions that change
 * these, for indexes that are complete and for those that are still being built alike. A type
 * without indexes costs no statement and no look at a document.
 */
import type { JsonObject } from '../scim/json.ts';
import {
  type IndexKey,
  type IndexKeys,
  indexKeysAt,
  joinSignatures,
  signatureOf,
} from '../scim/resource/index-keys.ts';
import type { IndexedPlace, Registry } from '../scim/schema/attribute.ts';
import type { AttributeIndexRow } from '../sqlite/tables/attribute-indexes.ts';
import type { AttributeKeyTable } from '../sqlite/tables/attribute-keys.ts';
import { parseDocument } from './stored-document.ts';

interface KeptIndex {
  readonly number: number;
  readonly place: IndexedPlace;
}

/** All indexes of one type. */
export interface TypeIndexes {
  readonly signatures: string;
  /** In the order of the signatures. */
  readonly indexes: readonly KeptIndex[];
}

/** A document as its writer has it: made or read already, or only its text. */
export interface KeyedDocument {
  readonly document: string;
  readonly indexKeys?: IndexKeys | undefined;
}

/** The indexes of an endpoint that there are rows of, by type; types without are left out. */
export function keptIndexes(
  registry: Registry,
  rows: readonly AttributeIndexRow[],
): ReadonlyMap<string, TypeIndexes> {
  const kept = new Map<string, TypeIndexes>();
  for (const { name, indexed } of registry.typesByName.values()) {
    const indexes = indexed.flatMap((place) => {
      const signature = signatureOf(place);
      const row = rows.find((each) => each.type === name && each.signature === signature);
      return row === undefined ? [] : [{ number: row.number, place }];
    });
    if (indexes.length === 0) continue;
    const signatures = joinSignatures(indexes.map(({ place }) => signatureOf(place)));
    kept.set(name, { signatures, indexes });
  }
  return kept;
}

/** Of a resource that has just been inserted as `row`. */
export function addKeys(
  table: AttributeKeyTable,
  type: TypeIndexes,
  row: number,
  created: KeyedDocument,
): void {
  const keys = keysOf(type, created);
  for (const [at, { number }] of type.indexes.entries()) table.add(number, keys[at] ?? [], row);
}

/**
 * Only what differs is written.
 * @param before what the resource was; parsed, where somebody has done that already
 */
export function changeKeys(
  table: AttributeKeyTable,
  type: TypeIndexes,
  row: number,
  before: string | JsonObject,
  after: KeyedDocument,
): void {
  const old = keysIn(type, before);
  const next = keysOf(type, after);
  for (const [at, { number }] of type.indexes.entries()) {
    const had = old[at] ?? [];
    const has = next[at] ?? [];
    table.remove(number, without(had, has), row);
    table.add(number, without(has, had), row);
  }
}

export function removeKeys(
  table: AttributeKeyTable,
  type: TypeIndexes,
  row: number,
  document: string,
): void {
  const keys = keysIn(type, document);
  for (const [at, { number }] of type.indexes.entries()) table.remove(number, keys[at] ?? [], row);
}

/** Few as a rule; but a client may send thousands. */
function without(keys: readonly IndexKey[], others: readonly IndexKey[]): IndexKey[] {
  if (keys.length === 0) return [];
  const left = new Set(keys);
  for (const other of others) left.delete(other);
  return [...left];
}

function keysOf(
  type: TypeIndexes,
  { document, indexKeys }: KeyedDocument,
): readonly (readonly IndexKey[])[] {
  // Who made them may have known the endpoint as it was before, or will be.
  return indexKeys?.signatures === type.signatures ? indexKeys.keys : keysIn(type, document);
}

function keysIn({ indexes }: TypeIndexes, document: string | JsonObject): IndexKey[][] {
  const values = typeof document === 'string' ? parseDocument(document) : document;
  return indexes.map(({ place }) => indexKeysAt(place, values));
}
