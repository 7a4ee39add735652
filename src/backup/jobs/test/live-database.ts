/**
 * A database as a running server keeps it, small: our tables, a commit sequence that grows with each
 * commit, a WAL that is carried over only when a test says so.
 */
import { copyFileSync, existsSync } from 'node:fs';
import type { Test } from 'tap';
import { LiveFile } from '../../live-file.ts';
import { migrate } from '../../../sqlite/migrate.ts';
import { openWriter, type Connection } from '../../../sqlite/open.ts';
import { MIGRATIONS } from '../../../sqlite/schema.ts';

export class LiveDatabase {
  readonly folder: string;
  readonly path: string;
  db: Connection;
  readonly #file: LiveFile;
  #sequence = 0;
  #row = 0;

  constructor(t: Test) {
    this.folder = t.testdir();
    this.path = `${this.folder}/data.db`;
    this.db = openWriter(this.path, { synchronous: 'NORMAL' });
    migrate(this.db, MIGRATIONS, 0);
    this.#file = new LiveFile(this.path);
    this.#file.follow();
    t.teardown(() => this.close());
  }

  close(): void {
    this.db.close();
    this.#file.close();
  }

  /** Undefined: closed. */
  get handle(): number | undefined {
    return this.#file.handle;
  }

  get sequence(): number {
    return this.#sequence;
  }

  /** One transaction that writes `rows` resources. */
  commit(rows = 1): void {
    this.db.exec('BEGIN IMMEDIATE');
    const insert = this.db.prepare(
      `INSERT INTO resources VALUES (?, 1, 'User', ?, ?, NULL, 'name', 1, 0, 0, hex(randomblob(400)))`,
    );
    for (let count = 0; count < rows; count += 1) {
      this.#row += 1;
      insert.run(this.#row, `id-${this.#row}`, `name-${this.#row}`);
    }
    this.#commit();
  }

  /** One transaction that removes the oldest `rows` resources. */
  remove(rows: number): void {
    this.db.exec('BEGIN IMMEDIATE');
    this.db
      .prepare(
        'DELETE FROM resources WHERE row IN (SELECT row FROM resources ORDER BY row LIMIT ?)',
      )
      .run(rows);
    this.#commit();
  }

  /** @returns whether the WAL is empty now: no reader holds it */
  emptyWal(): boolean {
    const timeoutMs = Number(this.db.pragma('busy_timeout', { simple: true }));
    this.db.pragma('busy_timeout = 0');
    try {
      return this.db.pragma('wal_checkpoint(TRUNCATE)', { simple: true }) === 0;
    } finally {
      this.db.pragma(`busy_timeout = ${timeoutMs}`);
    }
  }

  /** The file and its WAL as a kill -9 at this moment would leave them. */
  copyAsKilled(to: string): void {
    for (const suffix of ['', '-wal']) {
      if (existsSync(this.path + suffix)) copyFileSync(this.path + suffix, to + suffix);
    }
  }

  /** The file alone, with everything in it. */
  copyClosed(to: string): void {
    this.db.close();
    copyFileSync(this.path, to);
    this.db = openWriter(this.path, { synchronous: 'NORMAL' });
  }

  #commit(): void {
    this.#sequence += 1;
    this.db.prepare('UPDATE state SET commit_sequence = ?').run(this.#sequence);
    this.db.exec('COMMIT');
  }
}
