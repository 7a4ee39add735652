/**
 * The tables of SCIMServer 0.10 and earlier, as far as the import reads them. SQLite keeps any value
 * in any column, so that nothing is said here of types; a column that an earlier version lacks is
 * read as null.
 */
import type { Connection } from '../open.ts';

/** What a column may hold whatever it was declared as. */
export type ForeignValue = string | number | Uint8Array | null;

const TABLES = {
  Endpoint: [
    'id',
    'name',
    'displayName',
    'description',
    'config',
    'active',
    'createdAt',
    'updatedAt',
  ],
  ScimUser: [
    'endpointId',
    'scimId',
    'externalId',
    'userName',
    'active',
    'rawPayload',
    'createdAt',
    'updatedAt',
  ],
  ScimGroup: [
    'id',
    'endpointId',
    'scimId',
    'externalId',
    'displayName',
    'rawPayload',
    'createdAt',
    'updatedAt',
  ],
  GroupMember: ['groupId', 'userId', 'value'],
  RequestLog: [
    'id',
    'endpointId',
    'method',
    'url',
    'status',
    'durationMs',
    'identifier',
    'createdAt',
  ],
} as const;

export type TableName = keyof typeof TABLES;

/** A row by its columns; `row` is SQLite's own number of it, in the order of insertion. */
export type ForeignRow<T extends TableName> = Readonly<
  Record<(typeof TABLES)[T][number], ForeignValue>
> & { readonly row: number };

/** Without these there is nothing that could be taken. */
const REQUIRED: Readonly<Partial<Record<TableName, readonly string[]>>> = {
  Endpoint: ['id', 'name'],
  ScimUser: ['id', 'endpointId', 'scimId', 'userName'],
  ScimGroup: ['id', 'endpointId', 'scimId', 'displayName'],
};

/** @returns what is missing of a database of SCIMServer; undefined when it is one */
export function missingPart(db: Connection): string | undefined {
  for (const table of ['Endpoint', 'ScimUser', 'ScimGroup'] as const) {
    const columns = columnsOf(db, table);
    if (columns.size === 0) return `table ${table}`;
    const column = REQUIRED[table]?.find((name) => !columns.has(name));
    if (column !== undefined) return `column ${table}.${column}`;
  }
  return undefined;
}

/** Empty where there is no such table. */
export function columnsOf(db: Connection, table: TableName): ReadonlySet<string> {
  return new Set(
    db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table),
  );
}

/** The columns of the table for a SELECT, null for those that are not there. */
export function selectList(db: Connection, table: TableName): string {
  const present = columnsOf(db, table);
  const columns = TABLES[table].map((name) =>
    present.has(name) ? `"${name}"` : `NULL AS "${name}"`,
  );
  return ['rowid AS row', ...columns].join(', ');
}
