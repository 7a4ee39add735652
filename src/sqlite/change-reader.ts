/**
 * What has changed of a type's resources since a change sequence, for readers that keep values of
 * them in memory. What is gone is told by the shape of the list (see `list-marks.ts`); then
 * `rowsById` tells what is left, or, where rows and ids have one order, counts of stretches do.
 */
import type { Connection } from './open.ts';
import * as sql from './plan/sql.ts';

/** A resource, as far as columns go. */
export interface ReadColumnsRow {
  readonly row: number;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly lastModified: number;
  /** Change sequence of its last change. */
  readonly version: number;
  /** JSON text as `JSON.stringify` wrote it, in UTF-8. */
  readonly document: Buffer;
}

/** A part of a list, by ids: from one on, up to one and not with it; undefined for its ends. */
export interface Stretch {
  /** Row of the endpoint. */
  readonly endpoint: number;
  readonly type: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

export class ChangeReader {
  readonly #sequence;
  readonly #created;
  readonly #changed;
  readonly #at;
  readonly #rowsById;
  readonly #isScrambled;
  readonly #idOfRow;
  readonly #stretchCount;
  readonly #stretchRows;

  constructor(db: Connection) {
    type Range = [endpoint: number, type: string, from: string, to: string | Buffer];
    this.#sequence = db.prepare<[], number>(sql.CHANGE_SEQUENCE).pluck();
    this.#created = db.prepare<[number, number, string, number], ReadColumnsRow>(sql.CREATED_SINCE);
    this.#changed = db.prepare<[number, string, number, number], ReadColumnsRow>(sql.CHANGED_SINCE);
    this.#at = db.prepare<[number], ReadColumnsRow>(sql.COLUMNS_OF_ROW);
    this.#rowsById = db.prepare<[number, string, number], number>(sql.ROWS_BY_ID).pluck();
    this.#isScrambled = db.prepare<[number, string], number>(sql.LIST_SCRAMBLED).pluck();
    this.#idOfRow = db.prepare<[number], string>(sql.ID_OF_ROW).pluck();
    this.#stretchCount = db.prepare<Range, number>(sql.STRETCH_COUNT).pluck();
    this.#stretchRows = db.prepare<Range, number>(sql.STRETCH_ROWS).pluck();
  }

  /** That of the snapshot: every change up to it is seen, none behind it. */
  sequence(): number {
    return this.#sequence.get() ?? 0;
  }

  /** The next ones created behind `row`, in the order of creation. */
  created(endpoint: number, type: string, row: number, limit: number): ReadColumnsRow[] {
    return this.#created.all(row, endpoint, type, limit);
  }

  /** The next ones changed behind `version`, those changed first first. */
  changed(endpoint: number, type: string, version: number, limit: number): ReadColumnsRow[] {
    return this.#changed.all(endpoint, type, version, limit);
  }

  /** Undefined for a row that is gone. */
  at(row: number): ReadColumnsRow | undefined {
    return this.#at.get(row);
  }

  /** Rows of all, by id. @param count how many there are */
  rowsById(endpoint: number, type: string, count: number): number[] {
    return this.#rowsById.all(endpoint, type, count);
  }

  /** Whether rows and ids may have different orders. */
  isScrambled(endpoint: number, type: string): boolean {
    return this.#isScrambled.get(endpoint, type) === 1;
  }

  /** Undefined for a row that is gone. Rows are never used again. */
  idOf(row: number): string | undefined {
    return this.#idOfRow.get(row);
  }

  /** How many resources are in a part of a list: its index entries are walked. */
  countOf({ endpoint, type, from, to }: Stretch): number {
    return this.#stretchCount.get(endpoint, type, from ?? '', to ?? BEHIND_ALL_TEXT) ?? 0;
  }

  /** Their rows, by id. */
  rowsOf({ endpoint, type, from, to }: Stretch): number[] {
    return this.#stretchRows.all(endpoint, type, from ?? '', to ?? BEHIND_ALL_TEXT);
  }
}

/** SQLite orders blobs behind every text. */
const BEHIND_ALL_TEXT = Buffer.alloc(0);
