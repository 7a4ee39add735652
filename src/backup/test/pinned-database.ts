/**
 * A database as the writer keeps it, for tests of what is read from its WAL: no checkpoint but
 * those that are asked for, and a second connection whose read transaction pins the WAL. The base
 * is a copy of the database from before its first commit.
 */
import { copyFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { Test } from 'tap';
import { openReader, openWriter, type Connection } from '../../sqlite/open.ts';

export interface DatabaseShape {
  readonly pageSize: number;
  /** SQLite's `auto_vacuum`: whether the file shrinks when rows go. */
  readonly autoVacuum: 'NONE' | 'FULL' | 'INCREMENTAL';
}

const USUAL: DatabaseShape = { pageSize: 4096, autoVacuum: 'NONE' };

export class PinnedDatabase {
  readonly path: string;
  /** Where the copy from before the first commit is. */
  readonly base: string;
  db: Connection;
  #pin: Connection;

  constructor(folder: string, shape: DatabaseShape = USUAL) {
    this.path = `${folder}/data.db`;
    this.base = `${folder}/base.db`;
    const created = new Database(this.path);
    created.pragma(`page_size = ${shape.pageSize}`);
    created.pragma(`auto_vacuum = ${shape.autoVacuum}`);
    created.pragma('journal_mode = WAL');
    created.exec('CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB)');
    created.close();
    copyFileSync(this.path, this.base);
    this.db = openWriter(this.path, { synchronous: 'NORMAL' });
    this.#pin = openReader(this.path);
    this.pin();
  }

  static forTest(t: Test, shape?: DatabaseShape): PinnedDatabase {
    const data = new PinnedDatabase(t.testdir(), shape);
    t.teardown(() => data.close());
    return data;
  }

  get walPath(): string {
    return `${this.path}-wal`;
  }

  /** Frames of the WAL that count, as SQLite says. */
  get frames(): number {
    const [row] = this.db.pragma('wal_checkpoint(NOOP)') as { log: number }[];
    return Math.max(row?.log ?? 0, 0);
  }

  /** One transaction that writes a row of random bytes. */
  write(bytes = 3000): void {
    this.db.prepare('INSERT INTO t (b) VALUES (randomblob(?))').run(bytes);
  }

  pin(): void {
    this.unpin();
    this.#pin.exec('BEGIN');
    this.#pin.prepare('SELECT count(*) FROM sqlite_schema').get();
  }

  unpin(): void {
    if (this.#pin.inTransaction) this.#pin.exec('COMMIT');
  }

  /**
   * Carries over what the WAL holds, as the writer does. A pin that is taken when nothing is left
   * to carry over would let the next commit overwrite the WAL.
   */
  checkpoint(): void {
    const [row] = this.db.pragma('wal_checkpoint(NOOP)') as { log: number; checkpointed: number }[];
    if (row === undefined || row.log <= row.checkpointed) return;
    this.pin();
    this.db.pragma('wal_checkpoint(PASSIVE)');
  }

  /** The WAL starts anew at the next commit. */
  emptyWal(mode: 'RESTART' | 'TRUNCATE'): void {
    this.unpin();
    this.db.pragma(`wal_checkpoint(${mode})`);
    this.pin();
  }

  /** Closes both connections, which deletes the WAL, and opens them again. */
  reopen(): void {
    this.close();
    this.db = openWriter(this.path, { synchronous: 'NORMAL' });
    this.#pin = openReader(this.path);
    this.pin();
  }

  /** Afterwards everything is in the database file. */
  close(): void {
    this.#pin.close();
    this.db.close();
  }
}
