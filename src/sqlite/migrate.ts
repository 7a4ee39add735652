/**
 * Brings a database to the newest step, one transaction a step. What has run is recorded with the
 * hash of its text: a database that another build changed is refused, never guessed at.
 */
import { createHash } from 'node:crypto';
import { fold } from '../scim/fold.ts';
import type { Connection } from './open.ts';
import type { MigrationStep } from './schema.ts';

/**
 * @param now milliseconds since 1970, recorded with each step
 * @param upgraded runs in the transaction of each step that changes a database which was there
 * @returns how many steps ran; all of them on a new file
 * @throws Error when the database is newer than this build or was migrated by different text
 */
export function migrate(
  db: Connection,
  steps: readonly MigrationStep[],
  now: number,
  upgraded: () => void = () => undefined,
): number {
  db.exec(`CREATE TABLE IF NOT EXISTS migrations (
    version INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, applied_at INTEGER NOT NULL
  ) STRICT`);
  const recorded = db
    .prepare<[], { name: string; sha256: string }>(
      'SELECT name, sha256 FROM migrations ORDER BY version',
    )
    .all();
  if (recorded.length > steps.length) {
    throw new Error(
      `the database is at migration ${recorded.length}, this build knows ${steps.length}: run a newer build`,
    );
  }
  // For steps that make key columns anew; no statement of the server needs it.
  if (recorded.length < steps.length) db.function('scim_fold', (text) => fold(String(text)));
  const record = db.prepare('INSERT INTO migrations VALUES (?, ?, ?, ?)');
  for (const [index, step] of steps.entries()) {
    const sha256 = createHash('sha256').update(step.sql).digest('hex');
    const done = recorded[index];
    if (done !== undefined) {
      if (done.sha256 === sha256) continue;
      throw new Error(
        `migration ${index + 1} (${done.name}) ran with other text than this build has: restore a backup or run the build that made it`,
      );
    }
    db.exec('BEGIN IMMEDIATE');
    try {
      db.exec(step.sql);
      record.run(index + 1, step.name, sha256, now);
      if (recorded.length > 0) upgraded();
      db.exec('COMMIT');
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }
  return steps.length - recorded.length;
}
