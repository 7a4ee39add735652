/**
 * What a database holds, whatever its pages look like: position, rows by table, and a hash over all
 * content by which two databases are compared. It reads any database of ours, the request log and
 * one of an older build included: what a file does not have is not an error.
 */
import { createHash, type Hash } from 'node:crypto';
import type { Connection } from './open.ts';

export interface Contents {
  /** `state.database_id`; undefined in a database that was made before there was one, and in the request log. */
  readonly database: string | undefined;
  /** Commit sequence; 0 in the request log, which has none. */
  readonly sequence: number;
  /** Migrations applied. */
  readonly schemaVersion: number;
  /** Rows by table. */
  readonly rows: Readonly<Record<string, number>>;
}

/** Commit sequence of the snapshot that the connection reads; 0 where there is none. */
export function readSequence(db: Connection): number {
  if (!tablesOf(db).includes('state')) return 0;
  return numberOf(db, 'SELECT commit_sequence FROM state');
}

export function readContents(db: Connection): Contents {
  const tables = tablesOf(db);
  const rows: Record<string, number> = {};
  for (const table of tables) rows[table] = numberOf(db, `SELECT count(*) FROM ${quote(table)}`);
  return {
    database: databaseId(db, tables),
    sequence: readSequence(db),
    schemaVersion: rows['migrations'] ?? 0,
    rows,
  };
}

/**
 * SHA-256, hex, over the tables in the order of their names: name, columns, rows in the order of the
 * primary key; each value with its type, texts with their length. Reads everything: about a second
 * per 200 MB.
 */
export function hashContents(db: Connection): string {
  const hash = createHash('sha256');
  const encoder = new ValueEncoder(hash);
  for (const table of tablesOf(db)) {
    const columns = columnsOf(db, table);
    encoder.add(table);
    for (const { name } of columns) encoder.add(name);
    const key = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
    const order = (key.length > 0 ? key : columns).map(({ name }) => quote(name)).join(', ');
    const names = columns.map(({ name }) => quote(name)).join(', ');
    // As BigInt, so that the integer 1 and the number 1.0 are not the same.
    const statement = db
      .prepare<[], unknown[]>(`SELECT ${names} FROM ${quote(table)} ORDER BY ${order}`)
      .raw()
      .safeIntegers();
    for (const row of statement.iterate()) {
      for (const value of row) encoder.add(value);
    }
  }
  encoder.flush();
  return hash.digest('hex');
}

interface Column {
  readonly name: string;
  /** Place in the primary key, from 1; 0: not in it. */
  readonly pk: number;
}

function tablesOf(db: Connection): string[] {
  return db
    .prepare<[], string>(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
       ORDER BY name`,
    )
    .pluck()
    .all();
}

function columnsOf(db: Connection, table: string): Column[] {
  return db.prepare<[string], Column>('SELECT name, pk FROM pragma_table_info(?)').all(table);
}

function databaseId(db: Connection, tables: readonly string[]): string | undefined {
  if (!tables.includes('state')) return undefined;
  if (!columnsOf(db, 'state').some(({ name }) => name === 'database_id')) return undefined;
  const id = db.prepare('SELECT database_id FROM state').pluck().get();
  return typeof id === 'string' ? id : undefined;
}

function numberOf(db: Connection, sql: string): number {
  return Number(db.prepare(sql).pluck().get());
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

const TYPE = { null: 0, integer: 1, real: 2, text: 3, blob: 4 } as const;
const TAG_BYTES = 5;
const BUFFER_BYTES = 64 * 1024;
/** UTF-8 of one UTF-16 unit. */
const UNIT_BYTES_MAX = 3;

/** Gathers values into pieces worth hashing: a call per value would cost more than its bytes. */
class ValueEncoder {
  readonly #hash: Hash;
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #filled = 0;

  constructor(hash: Hash) {
    this.#hash = hash;
  }

  add(value: unknown): void {
    if (typeof value === 'string') this.#text(value);
    else if (typeof value === 'bigint') this.#integer(value);
    else if (typeof value === 'number') this.#real(value);
    else if (value instanceof Uint8Array) this.#blob(value);
    else this.#tag(TYPE.null, 0);
  }

  flush(): void {
    this.#hash.update(this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
  }

  #text(text: string): void {
    const bytesMax = text.length * UNIT_BYTES_MAX;
    if (bytesMax + TAG_BYTES > BUFFER_BYTES) {
      this.#tag(TYPE.text, Buffer.byteLength(text));
      this.flush();
      this.#hash.update(text);
      return;
    }
    this.#reserve(TAG_BYTES + bytesMax);
    const bytes = this.#buffer.write(text, this.#filled + TAG_BYTES);
    this.#tag(TYPE.text, bytes);
    this.#filled += bytes;
  }

  #integer(value: bigint): void {
    this.#tag(TYPE.integer, 8);
    this.#reserve(8);
    this.#filled = this.#buffer.writeBigInt64LE(value, this.#filled);
  }

  #real(value: number): void {
    this.#tag(TYPE.real, 8);
    this.#reserve(8);
    this.#filled = this.#buffer.writeDoubleLE(value, this.#filled);
  }

  #blob(bytes: Uint8Array): void {
    this.#tag(TYPE.blob, bytes.length);
    this.flush();
    this.#hash.update(bytes);
  }

  #tag(type: number, bytes: number): void {
    this.#reserve(TAG_BYTES);
    this.#buffer.writeUInt8(type, this.#filled);
    this.#buffer.writeUInt32LE(bytes, this.#filled + 1);
    this.#filled += TAG_BYTES;
  }

  #reserve(bytes: number): void {
    if (this.#filled + bytes > BUFFER_BYTES) this.flush();
  }
}
