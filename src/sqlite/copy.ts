/**
 * Copies of a database, and databases that nobody else has open. A copy is made from a connection
 * whose read transaction pins one commit: so it never starts over, whatever is committed meanwhile.
 * The invariant: nothing here checkpoints or writes to a database that a server works on.
 */
import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { assert } from '../platform/assert.ts';
import { isCorruption } from './error-code.ts';
import { openReader, type Connection } from './open.ts';

/** 16 MiB at pages of 4 KB: some tens of milliseconds, after which the thread can be stopped. */
const PAGES_PER_STEP = 4096;
const NOOP_CHECKPOINT = 'PRAGMA wal_checkpoint(NOOP)';

/**
 * Copies every page as the connection's transaction sees it. Only three numbers of page 1 are the
 * copy's own (schema cookie, change counter and what that is valid for): SQLite starts them anew,
 * and no page refers to them.
 * @param pinned has an open read transaction
 * @param path of the copy, synced when this resolves; must not exist
 */
export async function copyPages(pinned: Connection, path: string): Promise<void> {
  assert(pinned.inTransaction, 'a copy is made of a pinned commit');
  // Each page is read once: a cache of them would only be memory.
  pinned.pragma('cache_size = -1024');
  await pinned.backup(path, { progress: () => PAGES_PER_STEP });
}

/** How far the WAL goes, and how much of it the database file holds. */
export interface WalProgress {
  /** Committed. */
  readonly frames: number;
  /** Of these, those that were copied into the database file. */
  readonly checkpointed: number;
}

/** Costs a few microseconds: neither file is read. @param db any connection without a transaction */
export function walProgress(db: Connection): WalProgress {
  const row = db.prepare<[], { log: number; checkpointed: number }>(NOOP_CHECKPOINT).get();
  return { frames: Math.max(0, row?.log ?? 0), checkpointed: Math.max(0, row?.checkpointed ?? 0) };
}

/**
 * Opens a database that nobody works on, to look at it: a copy, a restored one. The file stays as
 * it is, and closing removes the `-wal` and `-shm` that a read-only connection would leave behind.
 * That it is a database at all is not looked at here.
 */
export function openDetached(path: string): Connection {
  const db = new Database(path, { fileMustExist: true });
  try {
    db.pragma('query_only = ON');
    db.pragma('wal_autocheckpoint = 0');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Opens a database to look at it, whether a server works on it or not. With a WAL beside it the
 * connection is read-only: closing any other could checkpoint what the spool does not hold yet.
 */
export function openToInspect(path: string): Connection {
  return existsSync(`${path}-wal`) ? openReader(path) : openDetached(path);
}

/** @returns the first thing that is wrong with the database; undefined when it is sound */
export function integrityProblem(db: Connection): string | undefined {
  try {
    // Larger ones made it no faster, on a database of users with random names.
    db.pragma('cache_size = -2048');
    const found = String(db.pragma('integrity_check(1)', { simple: true }));
    return found === 'ok' ? undefined : found.replaceAll('\n', ' ');
  } catch (error) {
    if (isCorruption(error) && error instanceof Error) return error.message;
    throw error;
  }
}
