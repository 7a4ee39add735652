/**
 * The request log on its file beside the data file. The inode tells whether the file is still the
 * one that was opened: SQLite itself goes on writing into a file that somebody has deleted.
 */
import { existsSync, renameSync, statSync } from 'node:fs';
import { assert } from '../platform/assert.ts';
import type { Clock } from '../platform/clock.ts';
import { LIMITS } from '../platform/limits.ts';
import { LOG_RETENTION } from '../platform/log-options.ts';
import { migrate } from '../sqlite/migrate.ts';
import { openLog, type Connection } from '../sqlite/open.ts';
import { LOG_MIGRATIONS } from '../sqlite/tables/request-log.ts';
import { logPathOf } from './log-path.ts';
import type { LogFile } from './log-file.ts';
import { RequestLog } from './request-log.ts';

export interface Retention {
  readonly ageMaxMs: number;
  readonly bytesMax: number;
}

/**
 * @param setup of the data file
 * @param report takes one line for the operator
 */
export function openRequestLog(
  setup: { readonly path: string; readonly retention?: Retention | undefined },
  clock: Clock,
  report: (message: string) => void,
): RequestLog {
  const { ageMaxMs, bytesMax } = setup.retention ?? LOG_RETENTION;
  const bounds = {
    ageMaxMs,
    bytesMax,
    rowsMax: LIMITS.logRowsMax,
    sliceRows: LIMITS.logPruneRows,
    waitingBytesMax: LIMITS.logQueueBytes,
  };
  return new RequestLog(new FileOfLog(logPathOf(setup.path), clock), bounds, report);
}

/** @throws AssertionFailed */
export function checkRetention(data: unknown): Retention | undefined {
  if (data === undefined) return undefined;
  assert(typeof data === 'object' && data !== null, 'set-up: retention');
  assert('ageMaxMs' in data && typeof data.ageMaxMs === 'number', 'set-up: ageMaxMs');
  assert('bytesMax' in data && typeof data.bytesMax === 'number', 'set-up: bytesMax');
  return { ageMaxMs: data.ageMaxMs, bytesMax: data.bytesMax };
}

class FileOfLog implements LogFile {
  readonly #path: string;
  readonly #clock: Clock;
  #inode: number | undefined;

  constructor(path: string, clock: Clock) {
    this.#path = path;
    this.#clock = clock;
  }

  open(): Connection {
    // A WAL whose database somebody has deleted belongs to nothing.
    if (!existsSync(this.#path)) this.#moveAside(['-wal', '-shm']);
    const db = openLog(this.#path);
    try {
      migrate(db, LOG_MIGRATIONS, Math.floor(this.#clock.now()));
      this.#inode = inodeOf(this.#path);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  }

  isInPlace(): boolean {
    return this.#inode !== undefined && inodeOf(this.#path) === this.#inode;
  }

  putAside(): string {
    return this.#moveAside(['', '-wal', '-shm']);
  }

  #moveAside(suffixes: readonly string[]): string {
    const aside = `${this.#path}.damaged-${this.#clock.now().toFixed(0)}`;
    for (const suffix of suffixes) {
      if (existsSync(this.#path + suffix)) renameSync(this.#path + suffix, aside + suffix);
    }
    return aside;
  }
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}
