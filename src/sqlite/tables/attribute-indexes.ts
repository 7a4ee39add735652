/**
 * Which attribute indexes there are, the writer's side. An index is used once `built_to` is null.
 * Until then it is the row of the resource that the build, in the order of ids, has come to; 0 before
 * the first. Numbers are never used again, so that keys of an index that is gone, which are purged by
 * and by, are never taken for another's.
 */
import type { Connection } from '../open.ts';

export interface AttributeIndexRow {
  readonly number: number;
  readonly type: string;
  /** Of what it holds: see `signatureOf`. */
  readonly signature: string;
}

export interface BuildingRow extends AttributeIndexRow {
  /** Row of the endpoint. */
  readonly endpoint: number;
  readonly built_to: number;
}

export class AttributeIndexTable {
  readonly #ofEndpoint;
  readonly #insert;
  readonly #remove;
  readonly #firstBuilding;
  readonly #together;
  readonly #move;

  constructor(db: Connection) {
    this.#ofEndpoint = db.prepare<[number], AttributeIndexRow>(
      'SELECT number, type, signature FROM attribute_indexes WHERE endpoint = ? ORDER BY number',
    );
    this.#insert = db.prepare<{ endpoint: number; type: string; signature: string }>(
      `INSERT INTO attribute_indexes (endpoint, type, signature, built_to)
       VALUES (@endpoint, @type, @signature, CASE WHEN EXISTS
         (SELECT 1 FROM resources WHERE endpoint = @endpoint AND type = @type) THEN 0 END)`,
    );
    this.#remove = db.prepare<[number]>('DELETE FROM attribute_indexes WHERE number = ?');
    this.#firstBuilding = db.prepare<[number], BuildingRow>(
      `SELECT number, endpoint, type, signature, built_to FROM attribute_indexes
       WHERE number >= ? AND built_to IS NOT NULL ORDER BY number LIMIT 1`,
    );
    this.#together = db
      .prepare<BuildingRow, number>(
        `SELECT number FROM attribute_indexes
         WHERE endpoint = @endpoint AND type = @type AND built_to = @built_to`,
      )
      .pluck();
    this.#move = db.prepare<[number | null, number]>(
      'UPDATE attribute_indexes SET built_to = ? WHERE number = ?',
    );
  }

  ofEndpoint(endpoint: number): AttributeIndexRow[] {
    return this.#ofEndpoint.all(endpoint);
  }

  /** To be built; complete at once where there is nothing to build. */
  add(endpoint: number, type: string, signature: string): void {
    this.#insert.run({ endpoint, type, signature });
  }

  /** Its keys are garbage from here on. */
  remove(number: number): void {
    this.#remove.run(number);
  }

  /** The first that is being built, of those from a number on. */
  firstBuilding(from: number): BuildingRow | undefined {
    return this.#firstBuilding.get(from);
  }

  /** Of one type, and built so far: one walk serves them all. */
  builtTogether(first: BuildingRow): number[] {
    return this.#together.all(first);
  }

  /** @param builtTo null: it is complete */
  setBuiltTo(number: number, builtTo: number | null): void {
    this.#move.run(builtTo, number);
  }
}
