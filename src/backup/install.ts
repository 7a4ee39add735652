/**
 * Puts a database in the place of another, which no connection may have open. The invariant: at
 * every moment there is at `to` either the old database with its WAL, or nothing, or the new one
 * with nothing beside it. An old WAL never meets the new database, nor is the old one ever left
 * without its WAL, which would make it an older or a broken one. What was interrupted can be run
 * again.
 */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { INDEX_SUFFIX, LOG_SUFFIXES, syncPath } from './database-files.ts';

export interface InstallOptions {
  /** Where the old database goes, on the same file system; must not exist. Without it, it is removed. */
  readonly setAside?: string;
}

/** What installing asks of the file system; a test breaks it between any two steps. */
export interface InstallFiles {
  exists(path: string): boolean;
  rename(from: string, to: string): void;
  remove(path: string): void;
  /** A file's bytes or a folder's names. */
  sync(path: string): void;
}

const REAL_FILES: InstallFiles = {
  exists: existsSync,
  rename: renameSync,
  remove: (path) => rmSync(path, { force: true }),
  sync: syncPath,
};

/**
 * @param from a whole database with nothing beside it, on the same file system as `to`. When it is
 *   not there but `to` is, an earlier run has installed it.
 * @throws Error one line; running it again goes on from where it stopped
 */
export function installDatabase(
  from: string,
  to: string,
  options: InstallOptions = {},
  files: InstallFiles = REAL_FILES,
): void {
  if (files.exists(from)) {
    checkAlone(from, files);
    files.sync(from);
    moveOldAway(to, options.setAside, files);
    // Else a power cut could bring the old WAL back beside the new database.
    files.sync(dirname(to));
    files.rename(from, to);
  } else if (!files.exists(to)) {
    throw new Error(`${from} is not there: nothing to install as ${to}`);
  }
  files.sync(dirname(to));
}

function checkAlone(from: string, files: InstallFiles): void {
  const log = LOG_SUFFIXES.map((suffix) => from + suffix).find((path) => files.exists(path));
  if (log === undefined) return;
  throw new Error(`${log} belongs to ${from}: close the database before it is installed`);
}

/** The database first: what was interrupted behind it leaves no database, rather than one without its WAL. */
function moveOldAway(to: string, aside: string | undefined, files: InstallFiles): void {
  const parts = ['', ...LOG_SUFFIXES].filter((suffix) => files.exists(to + suffix));
  if (aside === undefined) {
    for (const suffix of parts) files.remove(to + suffix);
  } else {
    const taken = parts.find((suffix) => files.exists(aside + suffix));
    if (taken !== undefined) {
      throw new Error(`${aside + taken} exists: ${to} cannot be set aside under that name`);
    }
    for (const suffix of parts) files.rename(to + suffix, aside + suffix);
  }
  files.remove(to + INDEX_SUFFIX);
}
