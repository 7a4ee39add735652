/**
 * The files of a database that no connection has open: the database, and what SQLite keeps beside
 * it. A `-wal` or `-journal` left beside another database would be applied to it, so they go
 * together.
 */
import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs';

/** Committed pages and pages to roll back: part of the database. */
export const LOG_SUFFIXES = ['-wal', '-journal'] as const;
/** Holds nothing that SQLite could not make anew. */
export const INDEX_SUFFIX = '-shm';

/** Removes a database with what stands beside it; one that is not there is no error. */
export function removeDatabase(path: string): void {
  for (const suffix of ['', ...LOG_SUFFIXES, INDEX_SUFFIX]) rmSync(path + suffix, { force: true });
}

/** Brings a file's bytes, or a folder's names, to the disk. */
export function syncPath(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
