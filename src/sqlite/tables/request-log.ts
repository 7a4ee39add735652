/**
 * Rows of the request log, in a file of its own. Rows are numbered in the order of writing; the
 * oldest go when there are too many, when they are too old, or when they take too much. Beside the
 * rows: contents (headers and bodies) in compressed chunks, and zones, which say from when to when
 * the rows of a stretch are, so that a look at an hour need not read a month.
 */
import type { RequestLogEntry } from '../../store/commands.ts';
import type { MigrationStep } from '../schema.ts';
import type { Connection } from '../open.ts';
import { RUNS_STEP } from './runs.ts';

export const LOG_MIGRATIONS: readonly MigrationStep[] = [
  {
    name: 'request log',
    sql: `
      CREATE TABLE request_log (
        row INTEGER PRIMARY KEY,
        time REAL NOT NULL,
        endpoint_id TEXT,
        request_id TEXT NOT NULL,
        method TEXT NOT NULL,
        target TEXT NOT NULL,
        status INTEGER NOT NULL,
        duration_ms REAL,
        request_bytes INTEGER NOT NULL,
        detail TEXT
      ) STRICT;
    `,
  },
  {
    name: 'who asked, what about, and in full',
    sql: `
      ALTER TABLE request_log ADD COLUMN credential_id TEXT;
      ALTER TABLE request_log ADD COLUMN user_agent TEXT;
      ALTER TABLE request_log ADD COLUMN address TEXT;
      ALTER TABLE request_log ADD COLUMN who TEXT;
      ALTER TABLE request_log ADD COLUMN resource_type TEXT;
      ALTER TABLE request_log ADD COLUMN resource_id TEXT;
      ALTER TABLE request_log ADD COLUMN queue_ms REAL;
      ALTER TABLE request_log ADD COLUMN commit_ms REAL;
      ALTER TABLE request_log ADD COLUMN response_bytes INTEGER;
      CREATE INDEX request_log_by_endpoint ON request_log (endpoint_id);
      CREATE TABLE request_contents (
        chunk INTEGER PRIMARY KEY,
        endpoint_id TEXT,
        row_min INTEGER NOT NULL,
        row_max INTEGER NOT NULL,
        data BLOB NOT NULL
      ) STRICT;
      CREATE INDEX request_contents_by_row ON request_contents (row_max);
      CREATE INDEX request_contents_by_endpoint ON request_contents (endpoint_id, row_max);
      CREATE TABLE request_zones (
        row_min INTEGER PRIMARY KEY,
        row_max INTEGER NOT NULL,
        time_min REAL NOT NULL,
        time_max REAL NOT NULL
      ) STRICT;
    `,
  },
  RUNS_STEP,
];

/** A stretch of rows, and the times of its first and last by the clock. */
export interface Zone {
  readonly rowMin: number;
  readonly rowMax: number;
  readonly timeMin: number;
  readonly timeMax: number;
}

export interface RetentionBounds {
  readonly rowsMax: number;
  /** Of the file, free pages aside. */
  readonly bytesMax: number;
  /** Rows from before this time go; milliseconds since 1970. */
  readonly timeMin: number;
  /** Rows that one slice looks at. */
  readonly sliceRows: number;
}

export class RequestLogTable {
  readonly #db: Connection;
  readonly #insert;
  readonly #insertChunk;
  readonly #insertZone;
  readonly #ends;
  readonly #saveLastRow;
  readonly #removeOld;
  readonly #removeFirst;
  readonly #removeChunks;
  readonly #removeZones;
  readonly #removeOfEndpoint;
  readonly #removeChunksOfEndpoint;
  /**
   * Numbers are never given again, also when all rows are gone and the file is opened anew: a content
   * or a run that outlives its rows must not come to others.
   */
  #lastRow: number;

  constructor(db: Connection) {
    this.#db = db;
    this.#insert = db.prepare(
      `INSERT INTO request_log (row, time, endpoint_id, request_id, method, target, status, duration_ms,
       request_bytes, detail, credential_id, user_agent, address, who, resource_type, resource_id,
       queue_ms, commit_ms, response_bytes)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#insertChunk = db.prepare(
      'INSERT INTO request_contents (endpoint_id, row_min, row_max, data) VALUES (?, ?, ?, ?)',
    );
    this.#insertZone = db.prepare('INSERT OR REPLACE INTO request_zones VALUES (?, ?, ?, ?)');
    this.#ends = db.prepare<[], { first: number | null; last: number | null }>(
      'SELECT (SELECT min(row) FROM request_log) AS first, (SELECT max(row) FROM request_log) AS last',
    );
    this.#saveLastRow = db.prepare<[number]>('UPDATE log_file SET last_row = ?');
    this.#removeOld = db.prepare('DELETE FROM request_log WHERE row <= ? AND time < ?');
    this.#removeFirst = db.prepare('DELETE FROM request_log WHERE row <= ?');
    // Chunks of one bundle after the other: their ends grow with the rows.
    this.#removeChunks = db.prepare(
      'DELETE FROM request_contents WHERE row_max < ? ORDER BY row_max LIMIT +?',
    );
    this.#removeZones = db.prepare('DELETE FROM request_zones WHERE row_max < ?');
    this.#removeOfEndpoint = db.prepare(
      'DELETE FROM request_log WHERE endpoint_id = ? AND row <= ? ORDER BY row LIMIT +?',
    );
    this.#removeChunksOfEndpoint = db.prepare(
      `DELETE FROM request_contents WHERE chunk IN (SELECT chunk FROM request_contents
       WHERE endpoint_id = ? AND row_min <= ? LIMIT +?)`,
    );
    this.#lastRow = Number(
      db
        .prepare(
          `SELECT max(coalesce((SELECT max(row) FROM request_log), 0),
                      coalesce((SELECT max(row_max) FROM request_contents), 0),
                      (SELECT last_row FROM log_file))`,
        )
        .pluck()
        .get(),
    );
  }

  /** @returns the number of the row */
  insert(entry: RequestLogEntry): number {
    const row = this.#lastRow + 1;
    this.#insert.run(
      row,
      entry.time,
      entry.endpointId ?? null,
      entry.requestId,
      entry.method,
      entry.target,
      entry.status,
      entry.durationMs ?? null,
      entry.requestBytes,
      entry.detail ?? null,
      entry.credentialId ?? null,
      entry.userAgent ?? null,
      entry.address ?? null,
      entry.who ?? null,
      entry.resourceType ?? null,
      entry.resourceId ?? null,
      entry.queueMs ?? null,
      entry.commitMs ?? null,
      entry.responseBytes ?? null,
    );
    this.#lastRow = row;
    return row;
  }

  /** @param data as `packContents` makes it, of one endpoint */
  insertChunk(
    endpointId: string | undefined,
    rowMin: number,
    rowMax: number,
    data: Uint8Array,
  ): void {
    this.#insertChunk.run(endpointId ?? null, rowMin, rowMax, data);
  }

  insertZone({ rowMin, rowMax, timeMin, timeMax }: Zone): void {
    this.#insertZone.run(rowMin, rowMax, timeMin, timeMax);
  }

  /** Of the newest row that there ever was. */
  get lastRow(): number {
    return this.#lastRow;
  }

  /**
   * Removes what is over a bound of the oldest rows, and the contents of rows that are gone.
   * @returns whether it removed anything; then there may be more
   */
  prune({ rowsMax, bytesMax, timeMin, sliceRows }: RetentionBounds): boolean {
    const { first, last } = this.#ends.get() ?? { first: null, last: null };
    if (first === null || last === null) return this.#removeBeside(Infinity, sliceRows);
    const end = first + sliceRows - 1;
    let removed = 0;
    if (this.#usedBytes() > bytesMax) removed = this.#removeFirst.run(end).changes;
    else if (last - first >= rowsMax) {
      removed = this.#removeFirst.run(Math.min(end, last - rowsMax)).changes;
    } else removed = this.#removeOld.run(end, timeMin).changes;
    // What outlives its rows by a slice is nobody's: a look at a row finds none.
    return this.#removeBeside(first, sliceRows) || this.#hasRemoved(removed);
  }

  /**
   * Removes a slice of what was written up to a row, of one endpoint or of all.
   * @returns whether it removed anything; then there may be more
   */
  clear(endpointId: string | undefined, upTo: number, sliceRows: number): boolean {
    if (endpointId !== undefined) {
      const chunks = this.#removeChunksOfEndpoint.run(endpointId, upTo, sliceRows).changes;
      const rows = this.#removeOfEndpoint.run(endpointId, upTo, sliceRows).changes;
      return this.#hasRemoved(rows + chunks);
    }
    const { first } = this.#ends.get() ?? { first: null };
    const from = first ?? Infinity;
    const end = Math.min(from + sliceRows - 1, upTo);
    const removed = first === null || first > upTo ? 0 : this.#removeFirst.run(end).changes;
    return this.#removeBeside(Math.min(end, upTo) + 1, sliceRows) || this.#hasRemoved(removed);
  }

  #removeBeside(before: number, limit: number): boolean {
    const row = Math.min(before, Number.MAX_SAFE_INTEGER);
    this.#removeZones.run(row);
    return this.#hasRemoved(this.#removeChunks.run(row, limit).changes);
  }

  /** Rows tell the last number themselves, until they are removed: it is kept with that. */
  #hasRemoved(changes: number): boolean {
    if (changes > 0) this.#saveLastRow.run(this.#lastRow);
    return changes > 0;
  }

  #usedBytes(): number {
    const number = (name: string): number => Number(this.#db.pragma(name, { simple: true }));
    return (number('page_count') - number('freelist_count')) * number('page_size');
  }
}
