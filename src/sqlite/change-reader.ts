/**
 * What has changed of a type's resources since a change sequence, for readers that keep values of
 * them in memory. What is gone is told by the shape of the list (see `list-marks.ts`); then
 * `rowsById` tells what is left.
 */
import type { Connection } from './open.ts';
import * as sql from './plan/sql.ts';

export interface CreatedRow {
  readonly row: number;
  /** JSON text as `JSON.stringify` wrote it, in UTF-8. */
  readonly document: Buffer;
}

export interface ChangedRow extends CreatedRow {
  /** Change sequence of its last change. */
  readonly version: number;
}

export class ChangeReader {
  readonly #sequence;
  readonly #created;
  readonly #changed;
  readonly #rowsById;

  constructor(db: Connection) {
    this.#sequence = db.prepare<[], number>(sql.CHANGE_SEQUENCE).pluck();
    this.#created = db.prepare<[number, number, string, number], CreatedRow>(sql.CREATED_SINCE);
    this.#changed = db.prepare<[number, string, number, number], ChangedRow>(sql.CHANGED_SINCE);
    this.#rowsById = db.prepare<[number, string, number], number>(sql.ROWS_BY_ID).pluck();
  }

  /** That of the snapshot: every change up to it is seen, none behind it. */
  sequence(): number {
    return this.#sequence.get() ?? 0;
  }

  /** The next ones created behind `row`, in the order of creation. */
  created(endpoint: number, type: string, row: number, limit: number): CreatedRow[] {
    return this.#created.all(row, endpoint, type, limit);
  }

  /** The next ones changed behind `version`, those changed first first. */
  changed(endpoint: number, type: string, version: number, limit: number): ChangedRow[] {
    return this.#changed.all(endpoint, type, version, limit);
  }

  /** Rows of all, by id. @param count how many there are */
  rowsById(endpoint: number, type: string, count: number): number[] {
    return this.#rowsById.all(endpoint, type, count);
  }
}
