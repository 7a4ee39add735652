/** Tells SQLite's own failures from everything else that may be thrown. */
import Database from 'better-sqlite3';

/** The extended result code (`SQLITE_CONSTRAINT_UNIQUE`), or undefined when SQLite did not throw it. */
export function sqliteCode(error: unknown): string | undefined {
  return error instanceof Database.SqliteError ? error.code : undefined;
}

/** An error that crossed from another thread as its code and text. */
export function rebuiltSqliteError(code: string, text: string): Error {
  return new Database.SqliteError(text, code);
}

/** A unique index refused the row. */
export function isUniqueViolation(error: unknown): boolean {
  return sqliteCode(error) === 'SQLITE_CONSTRAINT_UNIQUE';
}

export function isFull(error: unknown): boolean {
  return sqliteCode(error)?.startsWith('SQLITE_FULL') === true;
}

export function isBusy(error: unknown): boolean {
  return sqliteCode(error)?.startsWith('SQLITE_BUSY') === true;
}

/** The file is no sound database, or the disk under it fails: nothing more may be written to it. */
export function isDamage(error: unknown): boolean {
  return /^SQLITE_(CORRUPT|NOTADB|IOERR)/.test(sqliteCode(error) ?? '');
}

/** The file is no sound database; its disk may be. */
export function isCorruption(error: unknown): boolean {
  return /^SQLITE_(CORRUPT|NOTADB)/.test(sqliteCode(error) ?? '');
}
