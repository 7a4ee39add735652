/**
 * Reads the request log in the order of writing: what came behind a row, and the rows of a run; and
 * which runs there are. Each statement is bounded by its limit and an index.
 */
import type { LoggedRequest, OpenRun, Run } from '../store/request-logs.ts';
import { type LogRow, requestOf } from './log-reader.ts';
import type { Connection } from './open.ts';
import { runOf, type RunRow } from './tables/runs.ts';

export class LogFollower {
  readonly #db: Connection;

  /** @param db closed by whoever opened it */
  constructor(db: Connection) {
    this.#db = db;
  }

  /** Number of the newest row; 0 when there is none. */
  lastRow(): number {
    const last = this.#db.prepare<[], number | null>('SELECT max(row) FROM request_log').pluck();
    return last.get() ?? 0;
  }

  /** Another one when the file was begun anew; its inode may be the same. */
  identity(): string {
    const found = this.#db.prepare<[], string>('SELECT identity FROM log_file').pluck().get();
    if (found === undefined) throw new Error('the log file has no identity');
    return found;
  }

  behind(row: number, limit: number): LoggedRequest[] {
    return this.#db
      .prepare<[number, number], LogRow>(
        'SELECT * FROM request_log WHERE row > ? ORDER BY row LIMIT +?',
      )
      .all(row, limit)
      .map(requestOf);
  }

  /** The next of a run's requests. @param after the last one that is known */
  ofRun({ endpointId, last }: Run, after: number, limit: number): LoggedRequest[] {
    return this.#db
      .prepare<[string, number, number, number], LogRow>(
        `SELECT * FROM request_log WHERE endpoint_id = ? AND row > ? AND row <= ?
         ORDER BY row LIMIT +?`,
      )
      .all(endpointId, after, last ?? Number.MAX_SAFE_INTEGER, limit)
      .map(requestOf);
  }

  /** Newest first. */
  runs(endpointId: string, limit: number): Run[] {
    return this.#db
      .prepare<[string, number], RunRow>(
        'SELECT * FROM runs WHERE endpoint_id = ? ORDER BY number DESC LIMIT +?',
      )
      .all(endpointId, limit)
      .map(runOf);
  }

  /** Those that nobody has ended. */
  openRuns(): OpenRun[] {
    return this.#db
      .prepare<[], OpenRun>(
        'SELECT endpoint_id AS endpointId, started_at AS startedAt FROM runs WHERE ended_at IS NULL',
      )
      .all();
  }

  run(endpointId: string, id: string): Run | undefined {
    const found = this.#db
      .prepare<[string, string], RunRow>('SELECT * FROM runs WHERE id = ? AND endpoint_id = ?')
      .get(id, endpointId);
    return found && runOf(found);
  }
}
