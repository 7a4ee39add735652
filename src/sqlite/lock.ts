/**
 * Keeps a second process off the data file: the writer holds sequences and counts in memory, so two
 * of them would refuse or repeat each other's. The lock is an empty database beside the data,
 * locked as long as the process lives; the operating system frees it after a kill -9 too.
 */
import Database, { SqliteError } from 'better-sqlite3';
import type { Connection } from './open.ts';

/**
 * Close what is returned to free the lock, after everything else.
 * @throws Error when another process holds it, one line
 */
export function lockDataFile(path: string): Connection {
  const lock = new Database(`${path}.lock`, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if (!(error instanceof SqliteError) || error.code !== 'SQLITE_BUSY') throw error;
    throw new Error(`${path} is in use by another server; a data file takes one`, {
      cause: error,
    });
  }
}
