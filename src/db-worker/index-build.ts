/**
 * Builds new attribute indexes beside live traffic, a bounded slice of resources at a time. Where a
 * build stands is written in the transaction of its slice, so that it goes on after a crash; keys of
 * what is written meanwhile come with the writes (`index-upkeep.ts`), so that it never goes back.
 */
import { indexKeysAt } from '../scim/resource/index-keys.ts';
import type { Connection } from '../sqlite/open.ts';
import type { AttributeIndexTable, BuildingRow } from '../sqlite/tables/attribute-indexes.ts';
import type { AttributeKeyTable } from '../sqlite/tables/attribute-keys.ts';
import type { EndpointTable } from '../sqlite/tables/endpoints.ts';
import { parseDocument } from './stored-document.ts';
import type { Tenants } from './tenants.ts';

/** How much one slice may read: resources, and characters of their documents. */
export interface SliceBounds {
  readonly rows: number;
  readonly length: number;
}

export interface BuildTables {
  readonly endpoints: EndpointTable;
  readonly indexes: AttributeIndexTable;
  readonly keys: AttributeKeyTable;
}

interface Entry {
  readonly row: number;
  readonly id: string;
}

export class IndexBuilder {
  readonly #tables: BuildTables;
  readonly #tenants: Tenants;
  readonly #idOf;
  readonly #slice;
  readonly #document;
  /** No index of a lower number is being built. */
  #from = 0;
  /**
   * Where the last slice has ended: its resource may be gone when the next one begins. If the slice was
   * rolled back, no index stands there.
   */
  #last: Entry | undefined;

  constructor(db: Connection, tables: BuildTables, tenants: Tenants) {
    this.#tables = tables;
    this.#tenants = tenants;
    this.#idOf = db
      .prepare<[number, number, string], string>(
        'SELECT id FROM resources WHERE row = ? AND endpoint = ? AND type = ?',
      )
      .pluck();
    this.#slice = db.prepare<[number, string, string, number], Entry>(
      `SELECT row, id FROM resources WHERE endpoint = +? AND type = +? AND id > +?
       ORDER BY id LIMIT +?`,
    );
    this.#document = db
      .prepare<[number], string>('SELECT document FROM resources WHERE row = ?')
      .pluck();
  }

  /** @returns whether it wrote anything; then there may be more */
  build(bounds: SliceBounds): boolean {
    const first = this.#tables.indexes.firstBuilding(this.#from);
    if (first === undefined) return false;
    this.#from = first.number;
    const slice = this.#slice.all(first.endpoint, first.type, this.#idBefore(first), bounds.rows);
    const numbers = new Set(this.#tables.indexes.builtTogether(first));
    const done = this.#fill(first, numbers, slice, bounds.length);
    const goesOn = done < slice.length || slice.length === bounds.rows;
    this.#last = goesOn ? slice[done - 1] : undefined;
    for (const number of numbers) {
      this.#tables.indexes.setBuiltTo(number, this.#last?.row ?? null);
    }
    return true;
  }

  /**
   * The id behind which the next slice begins. After a restart it is read from the resource; if that
   * is gone the build begins anew: what is there already stays.
   */
  #idBefore({ built_to, endpoint, type }: BuildingRow): string {
    if (this.#last?.row === built_to) return this.#last.id;
    return this.#idOf.get(built_to, endpoint, type) ?? '';
  }

  /** @returns for how many resources of the slice it has come to the keys: at least one, of some */
  #fill(
    { endpoint, type }: BuildingRow,
    numbers: ReadonlySet<number>,
    slice: readonly Entry[],
    length: number,
  ): number {
    const places = this.#indexesOf(endpoint, type).filter(({ number }) => numbers.has(number));
    let read = 0;
    for (const [at, { row }] of slice.entries()) {
      const text = this.#document.get(row);
      if (text === undefined) continue;
      const document = parseDocument(text);
      for (const { number, place } of places) {
        this.#tables.keys.add(number, indexKeysAt(place, document), row);
      }
      read += text.length;
      if (read >= length) return at + 1;
    }
    return slice.length;
  }

  #indexesOf(endpoint: number, type: string) {
    const living = this.#tables.endpoints.byRow(endpoint);
    const indexes = living && this.#tenants.get(living.id).indexes.get(type)?.indexes;
    if (indexes === undefined) throw new Error(`nobody wants the index that is built of ${type}`);
    return indexes;
  }
}
