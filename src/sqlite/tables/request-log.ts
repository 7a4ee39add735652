/**
 * Rows of the request log, in a file of its own. Rows are numbered in the order of writing; the
 * oldest go when there are more than the file may hold.
 */
import type { RequestLogEntry } from '../../store/commands.ts';
import type { MigrationStep } from '../schema.ts';
import type { Connection } from '../open.ts';

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
];

export class RequestLogTable {
  readonly #insert;
  readonly #prune;

  constructor(db: Connection) {
    this.#insert = db.prepare(
      `INSERT INTO request_log (time, endpoint_id, request_id, method, target, status, duration_ms,
       request_bytes, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#prune = db.prepare(
      'DELETE FROM request_log WHERE row <= (SELECT max(row) FROM request_log) - ? LIMIT +?',
    );
  }

  insert(entry: RequestLogEntry): void {
    this.#insert.run(
      entry.time,
      entry.endpointId ?? null,
      entry.requestId,
      entry.method,
      entry.target,
      entry.status,
      entry.durationMs ?? null,
      entry.requestBytes,
      entry.detail ?? null,
    );
  }

  /** Removes at most `limit` of the rows beyond the newest `keepRows`. */
  prune(keepRows: number, limit: number): void {
    this.#prune.run(keepRows, limit);
  }
}
