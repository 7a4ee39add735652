/**
 * A database of SCIMServer, opened to be read and never changed: its WAL counts, and all that is read
 * belongs to one commit, also while that server still writes. Where the file itself cannot be read
 * so (somebody holds it, its folder takes no lock), a copy of it is; and where to read it for long
 * would make that server wait, because it keeps a rollback journal.
 */
import { copyFileSync, existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { messageOf } from '../../platform/thrown.ts';
import { copyPages } from '../copy.ts';
import { isCorruption, sqliteCode } from '../error-code.ts';
import type { Connection } from '../open.ts';
import {
  columnsOf,
  type ForeignRow,
  type ForeignValue,
  missingPart,
  selectList,
  type TableName,
} from './tables.ts';

/** A membership: of a user, when the row still knows one of the group's endpoint. */
export interface ForeignMember {
  readonly value: ForeignValue;
  readonly userScimId: ForeignValue;
}

export type PagedTable = 'ScimUser' | 'ScimGroup' | 'RequestLog';

const BUSY_MS = 2000;

/** What SQLite says of a file that may well be sound, but not be read where it lies. */
const UNREADABLE_HERE = /^SQLITE_(BUSY|LOCKED|CANTOPEN|READONLY|PROTOCOL)/;

export class ScimServerFile {
  /** Why a copy is read; undefined: the file itself is. */
  readonly copied: string | undefined;
  readonly #db: Connection;
  readonly #members;

  /**
   * @param scratch a folder of the caller's, for a copy
   * @throws Error in one line: no such file, no database, damaged, or not of SCIMServer
   */
  static async open(path: string, scratch: string): Promise<ScimServerFile> {
    if (!existsSync(path)) throw new Error(`${path} is not there`);
    const copy = join(scratch, basename(path));
    try {
      const db = openSnapshot(path);
      const mode = String(db.pragma('journal_mode', { simple: true }));
      if (mode === 'wal') return new ScimServerFile(db, path, undefined);
      await copySnapshot(db, copy);
      const reason = `its journal mode is ${mode}, in which nobody writes while it is read`;
      return new ScimServerFile(openSnapshot(copy), path, reason);
    } catch (error) {
      if (!UNREADABLE_HERE.test(sqliteCode(error) ?? '')) throw inOneLine(path, error);
      try {
        copyFiles(path, copy);
        return new ScimServerFile(openSnapshot(copy), path, messageOf(error));
      } catch (copyError) {
        throw inOneLine(path, copyError);
      }
    }
  }

  private constructor(db: Connection, path: string, copied: string | undefined) {
    this.#db = db;
    this.copied = copied;
    try {
      refuseDamage(db);
      const missing = missingPart(db);
      if (missing !== undefined) {
        throw new Error(`${path} is no database of SCIMServer 0.10 or earlier: no ${missing}`);
      }
      orderMembers(db);
      this.#members = db.prepare<[string, string], ForeignMember>(
        `SELECT m.value AS value, u."scimId" AS userScimId
         FROM temp.member_order o JOIN "GroupMember" m ON m.rowid = o.member
         LEFT JOIN "ScimUser" u ON u.id = m."userId" AND u."endpointId" = ?
         WHERE o.group_id = ? ORDER BY o.member`,
      );
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** How many rows a table has; 0 where there is no such table. */
  count(table: TableName): number {
    if (columnsOf(this.#db, table).size === 0) return 0;
    return this.#db.prepare<[], number>(`SELECT count(*) FROM "${table}"`).pluck().get() ?? 0;
  }

  endpoints(): ForeignRow<'Endpoint'>[] {
    const columns = selectList(this.#db, 'Endpoint');
    return this.#db
      .prepare<[], ForeignRow<'Endpoint'>>(`SELECT ${columns} FROM "Endpoint" ORDER BY rowid`)
      .all();
  }

  /** All rows of a table in the order of insertion, in pages of `size`. */
  *pages<T extends PagedTable>(table: T, size: number): Generator<ForeignRow<T>[]> {
    if (columnsOf(this.#db, table).size === 0) return;
    const page = this.#db.prepare<[number, number], ForeignRow<T>>(
      `SELECT ${selectList(this.#db, table)} FROM "${table}"
       WHERE rowid > ? ORDER BY rowid LIMIT ?`,
    );
    for (let after = -Infinity; ;) {
      const rows = page.all(after, size);
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows;
      after = last.row;
    }
  }

  /** Endpoint and id of every group: what tells a member that is a group from one that is nobody. */
  groupIds(): { endpointId: ForeignValue; scimId: ForeignValue }[] {
    return this.#db
      .prepare<[], { endpointId: ForeignValue; scimId: ForeignValue }>(
        'SELECT "endpointId" AS endpointId, "scimId" AS scimId FROM "ScimGroup"',
      )
      .all();
  }

  group(row: number): ForeignRow<'ScimGroup'> | undefined {
    return this.#db
      .prepare<[number], ForeignRow<'ScimGroup'>>(
        `SELECT ${selectList(this.#db, 'ScimGroup')} FROM "ScimGroup" WHERE rowid = ?`,
      )
      .get(row);
  }

  /** Those of the ids that the endpoint has there. */
  idsAmong(
    table: 'ScimUser' | 'ScimGroup',
    endpointId: string,
    ids: readonly string[],
  ): ReadonlySet<ForeignValue> {
    return new Set(
      this.#db
        .prepare<[string, string], ForeignValue>(
          `SELECT "scimId" FROM "${table}"
           WHERE "endpointId" = ? AND "scimId" IN (SELECT value FROM json_each(?))`,
        )
        .pluck()
        .all(endpointId, JSON.stringify(ids)),
    );
  }

  /** @param groupId the group's key in its table, not its scimId */
  members(endpointId: string, groupId: string): ForeignMember[] {
    return this.#members.all(endpointId, groupId);
  }

  close(): void {
    this.#db.close();
  }
}

/** @throws SqliteError */
function openSnapshot(path: string): Connection {
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_MS });
  try {
    db.pragma('cache_size = -16384');
    db.exec('BEGIN');
    // A transaction begins to read with its first statement.
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Page by page through the connection, which it closes: to close a file that was read in another way
 * would end the locks that this process has on it. @throws SqliteError
 */
async function copySnapshot(db: Connection, copy: string): Promise<void> {
  try {
    await copyPages(db, copy);
  } finally {
    db.close();
  }
}

/** The journal too: with a WAL it is part of the data, with a rollback journal it is needed to recover. */
function copyFiles(path: string, copy: string): void {
  for (const suffix of ['', '-wal', '-journal']) {
    if (existsSync(`${path}${suffix}`)) copyFileSync(`${path}${suffix}`, `${copy}${suffix}`);
  }
  const db = new Database(copy);
  try {
    // Whoever may write recovers what a read-only connection could not, and does when it reads.
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
  } finally {
    db.close();
  }
}

/** Found out now rather than in the middle. @throws Error */
function refuseDamage(db: Connection): void {
  const found = String(db.pragma('quick_check(1)', { simple: true })).replaceAll('\n', ' ');
  if (found !== 'ok') throw new DamagedError(found);
}

/** Not every version has an index that finds the members of a group. Temporary tables are no change. */
function orderMembers(db: Connection): void {
  db.exec(`CREATE TEMP TABLE member_order (
    group_id TEXT NOT NULL, member INTEGER NOT NULL, PRIMARY KEY (group_id, member)
  ) WITHOUT ROWID`);
  const columns = columnsOf(db, 'GroupMember');
  if (columns.size === 0) {
    db.exec('CREATE TEMP TABLE "GroupMember" ("groupId" TEXT, "userId" TEXT, "value" TEXT)');
  } else {
    db.exec(`INSERT INTO temp.member_order
      SELECT "groupId", rowid FROM "GroupMember" WHERE "groupId" IS NOT NULL`);
  }
}

class DamagedError extends Error {}

function inOneLine(path: string, error: unknown): Error {
  const cause = { cause: error };
  if (error instanceof DamagedError || isCorruption(error)) {
    const reason = messageOf(error);
    return new Error(
      `${path} is damaged, or no SQLite database (${reason}); nothing was imported. Restore it from a backup, or recover it with: sqlite3 ${path} .recover`,
      cause,
    );
  }
  return sqliteCode(error) === undefined && error instanceof Error
    ? error
    : new Error(`${path} cannot be read: ${messageOf(error)}`, cause);
}
