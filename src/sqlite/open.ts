/**
 * Opens connections with the pragmas that the design rests on. The writer's connection is the only
 * one that writes; it and the one beside it are the only ones that checkpoint; readers can do
 * neither. Whoever opens the live file by other means must not close it: that would drop
 * SQLite's POSIX locks in this process (`src/backup/live-file.ts`).
 */
import Database from 'better-sqlite3';

export type Connection = Database.Database;

export interface WriterOptions {
  /** `FULL`: a commit survives a power cut. `NORMAL`: it survives the process, not the machine. */
  readonly synchronous: 'FULL' | 'NORMAL';
}

/** Versions 3.7.0 to 3.51.2 can corrupt the database at a WAL reset beside a commit. */
const SQLITE_VERSION_MIN = [3, 51, 3] as const;

/** Opens the data file for the one thread that writes; creates it when it is not there. */
export function openWriter(path: string, options: WriterOptions): Connection {
  const db = new Database(path);
  try {
    assertVersion(db);
    db.pragma('journal_mode = WAL');
    db.pragma(`synchronous = ${options.synchronous}`);
    // Checkpoints are ours to time: SQLite's own would run inside somebody's COMMIT.
    db.pragma('wal_autocheckpoint = 0');
    // A WAL that a pinned reader made large shrinks to this at its next reset. It is twice of what one
    // holds that waits for its backup: a file that has to grow again costs each commit more.
    db.pragma('journal_size_limit = 268435456');
    // Each COMMIT looks through it. What is not in it is in the system's cache, microseconds away.
    db.pragma('cache_size = -8192');
    // Pages: a large batch may hold more, rather than go into the WAL before its COMMIT.
    db.pragma('cache_spill = 8192');
    db.pragma('foreign_keys = OFF');
    db.pragma('temp_store = MEMORY');
    db.pragma('busy_timeout = 2000');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Opens the data file for the thread that checkpoints beside the writer, and writes nothing else. */
export function openCheckpointer(path: string, synchronous: 'FULL' | 'NORMAL'): Connection {
  const db = new Database(path, { fileMustExist: true });
  try {
    assertVersion(db);
    db.pragma(`synchronous = ${synchronous}`);
    db.pragma('wal_autocheckpoint = 0');
    db.pragma('query_only = ON');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Opens the data file for reading; several threads may have one each. */
export function openReader(path: string): Connection {
  const db = new Database(path, { readonly: true, fileMustExist: true });
  try {
    assertVersion(db);
    db.pragma('query_only = ON');
    db.pragma('cache_size = -16384');
    db.pragma('temp_store = MEMORY');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Opens the request log, a file of its own: it never inflates snapshots, and a fault in it never
 * reaches the data. NORMAL: rows survive a crash of the process; a power cut may take the last.
 */
export function openLog(path: string): Connection {
  const db = new Database(path);
  try {
    assertVersion(db);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    db.pragma('wal_autocheckpoint = 1000');
    db.pragma('journal_size_limit = 16777216');
    db.pragma('cache_size = -4096');
    // The writer waits here: a shell that locks the log must not hold up the data.
    db.pragma('busy_timeout = 20');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function assertVersion(db: Connection): void {
  const version = String(db.prepare('SELECT sqlite_version()').pluck().get());
  const parts = version.split('.').map(Number);
  for (const [index, minimum] of SQLITE_VERSION_MIN.entries()) {
    const part = parts[index] ?? 0;
    if (part > minimum) return;
    if (part < minimum) {
      throw new Error(
        `SQLite ${version} can corrupt a WAL; at least ${SQLITE_VERSION_MIN.join('.')} is needed`,
      );
    }
  }
}
