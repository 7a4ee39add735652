/**
 * Checks, before SQLite is opened, that the folder of the database can hold it: it can be written
 * and synced, and it is not on a network file system, where locks and the shared memory of a WAL
 * do not work and data is lost without an error. It never touches the database file itself.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { statSync, unlinkSync, writeSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ConfigError } from './errors.ts';
import { isNetworkFileSystem, mountOf } from './mounts.ts';
import { messageOf } from './thrown.ts';

const VARIABLE = 'DATABASE_URL';

export interface DataFolderOptions {
  /** A network file system is then an error rather than a warning. */
  readonly production: boolean;
  /** Text of /proc/self/mountinfo; a test hands in its own. */
  readonly readMountInfo?: () => string | undefined;
}

/**
 * Creates the folder when it is missing.
 * @returns a warning, one line, or undefined
 * @throws ConfigError
 */
export function checkDataFolder(
  databasePath: string,
  options: DataFolderOptions,
): string | undefined {
  const path = resolve(databasePath);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw new ConfigError(VARIABLE, `takes a file, but ${path} is a folder`);
  }
  const folder = dirname(path);
  probe(folder);
  return checkFileSystem(realpathSync(folder), options);
}

/** Writes what a commit writes: a file, synced. */
function probe(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `.scimlane-probe-${process.pid}`);
    const file = openSync(path, 'w');
    try {
      writeSync(file, 'probe');
      fsyncSync(file);
    } finally {
      closeSync(file);
      unlinkSync(path);
    }
  } catch (error) {
    const reason = messageOf(error);
    const problem = `takes a file in a folder that can be written, but ${folder} cannot (${reason})`;
    throw new ConfigError(VARIABLE, problem, { cause: error });
  }
}

function checkFileSystem(folder: string, options: DataFolderOptions): string | undefined {
  const mountInfo = (options.readMountInfo ?? readOwnMountInfo)();
  const mount = mountInfo === undefined ? undefined : mountOf(folder, mountInfo);
  if (mount === undefined || !isNetworkFileSystem(mount.fileSystem)) return undefined;
  const error = new ConfigError(
    VARIABLE,
    `takes a file on a local disk, but ${folder} is on ${mount.fileSystem} (mounted at ${mount.point}), where SQLite loses data`,
  );
  if (options.production) throw error;
  return error.message;
}

/** Undefined where there is no such file: only Linux tells. */
function readOwnMountInfo(): string | undefined {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    return undefined;
  }
}
