/**
 * Runs: stretches of an endpoint's log that an operator has marked, in the log's own file. A run
 * knows its rows by their numbers, which no clock can move. Of an endpoint at most one is running.
 */
import { LIMITS } from '../../platform/limits.ts';
import type { Run, RunChange } from '../../store/request-logs.ts';
import type { Connection } from '../open.ts';
import type { MigrationStep } from '../schema.ts';

export const RUNS_STEP: MigrationStep = {
  name: 'runs, and what the file is known by',
  sql: `
    CREATE TABLE runs (
      number INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      endpoint_id TEXT NOT NULL,
      label TEXT NOT NULL,
      started_at REAL NOT NULL,
      ended_at REAL,
      after_row INTEGER NOT NULL,
      last_row INTEGER
    ) STRICT;
    CREATE TABLE log_file (
      identity TEXT NOT NULL,
      last_row INTEGER NOT NULL
    ) STRICT;
    INSERT INTO log_file VALUES (lower(hex(randomblob(16))), 0);
  `,
};

export interface RunRow {
  readonly id: string;
  readonly endpoint_id: string;
  readonly label: string;
  readonly started_at: number;
  readonly ended_at: number | null;
  readonly after_row: number;
  readonly last_row: number | null;
}

/** Of all endpoints; beyond it the oldest is forgotten. Its requests stay in the log. */
const RUNS_MAX = 10_000;

/**
 * In a transaction of the log's writer.
 * @param lastRow of all that was logged up to now
 * @returns the run as it is now, or was; undefined: there was none to remove
 */
export function changeRun(db: Connection, lastRow: number, change: RunChange): Run | undefined {
  return change.kind === 'toggle' ? toggled(db, lastRow, change) : removed(db, change);
}

/**
 * Forgets runs that are over and whose requests are all gone. One that nobody ended has no last row:
 * it goes when what is left was logged behind its end, also where its endpoint is long gone.
 * @param lastRow of all that was ever logged: it is what an empty log is judged by, and so is `now`
 */
export function pruneRuns(db: Connection, lastRow: number, now: number): void {
  db.prepare<[number]>(
    `DELETE FROM runs WHERE last_row < coalesce((SELECT min(row) FROM request_log), ?)`,
  ).run(lastRow + 1);
  db.prepare<[number, number]>(
    `DELETE FROM runs WHERE ended_at IS NULL
     AND started_at + ? < coalesce((SELECT time FROM request_log ORDER BY row LIMIT 1), ?)`,
  ).run(LIMITS.runOpenMs, now);
}

export function runOf(row: RunRow): Run {
  return {
    id: row.id,
    endpointId: row.endpoint_id,
    label: row.label,
    startedAt: row.started_at,
    endedAt: row.ended_at ?? undefined,
    after: row.after_row,
    last: row.last_row ?? undefined,
  };
}

function toggled(
  db: Connection,
  lastRow: number,
  { endpointId, id, label, now }: Extract<RunChange, { kind: 'toggle' }>,
): Run | undefined {
  // One that is over by itself is not what is to be ended now; its report leaves out what came later.
  db.prepare<[number, number, string, number, number]>(
    `UPDATE runs SET ended_at = started_at + ?, last_row = ?
     WHERE endpoint_id = ? AND ended_at IS NULL AND abs(? - started_at) >= ?`,
  ).run(LIMITS.runOpenMs, lastRow, endpointId, now, LIMITS.runOpenMs);
  const ended = db
    .prepare<[number, number, string], RunRow>(
      `UPDATE runs SET ended_at = ?, last_row = ? WHERE endpoint_id = ? AND ended_at IS NULL
       RETURNING *`,
    )
    .get(now, lastRow, endpointId);
  if (ended !== undefined) return runOf(ended);
  const begun = db
    .prepare<[string, string, string, number, number], RunRow>(
      `INSERT INTO runs (id, endpoint_id, label, started_at, after_row) VALUES (?, ?, ?, ?, ?)
       RETURNING *`,
    )
    .get(id, endpointId, label, now, lastRow);
  db.prepare('DELETE FROM runs WHERE number <= (SELECT max(number) FROM runs) - ?').run(RUNS_MAX);
  return begun && runOf(begun);
}

function removed(
  db: Connection,
  { endpointId, id }: Extract<RunChange, { kind: 'remove' }>,
): Run | undefined {
  const row = db
    .prepare<[string, string], RunRow>(
      'DELETE FROM runs WHERE endpoint_id = ? AND id = ? RETURNING *',
    )
    .get(endpointId, id);
  return row && runOf(row);
}
