/** Of the library, not of a file: no file is opened for it. */
import Database from 'better-sqlite3';

/** `3.54.0` */
export function sqliteLibraryVersion(): string {
  const db = new Database(':memory:');
  try {
    return String(db.prepare('SELECT sqlite_version()').pluck().get());
  } finally {
    db.close();
  }
}
