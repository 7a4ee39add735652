/**
 * Databases of SCIMServer for tests of the import, in the shapes of its versions, with rows as they
 * are in practice: ids of ours for theirs, times in any form, payloads that may be anything.
 */
import Database from 'better-sqlite3';

/** `0.10`: all columns. `0.9.0` has no displayNameLower, `0.8` no userNameLower and no externalId of groups either. */
export type Version = '0.10' | '0.9.0' | '0.8';

type Value = string | number | null;

export interface EndpointRow {
  readonly id: string;
  readonly name: string;
  readonly displayName?: Value;
  readonly description?: Value;
  readonly config?: Value;
  readonly active?: Value;
  readonly createdAt?: Value;
  readonly updatedAt?: Value;
}

export interface UserRow {
  readonly endpointId: Value;
  readonly scimId: Value;
  readonly userName: Value;
  readonly externalId?: Value;
  readonly active?: Value;
  /** An object is written as JSON. */
  readonly rawPayload?: Value | object;
  readonly createdAt?: Value;
  readonly updatedAt?: Value;
}

export interface GroupRow {
  readonly endpointId: Value;
  readonly scimId: Value;
  readonly displayName: Value;
  readonly externalId?: Value;
  readonly rawPayload?: Value | object;
  readonly createdAt?: Value;
  readonly updatedAt?: Value;
  /** scimIds: the row knows the user where there is one of the id, as SCIMServer's did. */
  readonly members?: readonly string[];
}

export interface LogRow {
  readonly endpointId?: Value;
  readonly method?: Value;
  readonly url?: Value;
  readonly status?: Value;
  readonly createdAt?: Value;
  readonly errorMessage?: Value;
  readonly identifier?: Value;
}

export const TIME = Date.UTC(2025, 2, 4, 5, 6, 7, 89);

export class ScimServerDatabase {
  readonly path: string;
  readonly db: Database.Database;
  readonly #version: Version;
  #rows = 0;

  constructor(path: string, version: Version = '0.10') {
    this.path = path;
    this.#version = version;
    this.db = new Database(path);
    this.db.pragma('journal_mode = WAL');
    this.db.pragma('synchronous = OFF');
    this.db.exec(tables(version));
  }

  endpoint(row: EndpointRow): this {
    const { id, name, config = '{}', active = 1, createdAt = TIME, updatedAt = TIME } = row;
    this.db
      .prepare('INSERT INTO "Endpoint" VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
      .run(
        id,
        name,
        row.displayName ?? null,
        row.description ?? null,
        config,
        active,
        createdAt,
        updatedAt,
      );
    return this;
  }

  user(row: UserRow): this {
    const key = this.#key('user');
    const { userName, createdAt = TIME, updatedAt = TIME, active = 1, externalId = null } = row;
    const values: Record<string, Value> = {
      id: key,
      endpointId: row.endpointId,
      scimId: row.scimId,
      externalId,
      userName,
      userNameLower: typeof userName === 'string' ? userName.toLowerCase() : userName,
      active,
      rawPayload: payloadText(row.rawPayload),
      meta: null,
      createdAt,
      updatedAt,
    };
    if (this.#version === '0.8') delete values['userNameLower'];
    this.#insert('ScimUser', values);
    return this;
  }

  group(row: GroupRow): this {
    const key = this.#key('group');
    const { displayName, createdAt = TIME, updatedAt = TIME, externalId = null } = row;
    const values: Record<string, Value> = {
      id: key,
      endpointId: row.endpointId,
      scimId: row.scimId,
      externalId,
      displayName,
      displayNameLower: typeof displayName === 'string' ? displayName.toLowerCase() : displayName,
      rawPayload: payloadText(row.rawPayload),
      meta: null,
      createdAt,
      updatedAt,
    };
    if (this.#version !== '0.10') delete values['displayNameLower'];
    if (this.#version === '0.8') delete values['externalId'];
    this.#insert('ScimGroup', values);
    for (const member of row.members ?? []) this.member(key, row.endpointId, member);
    return this;
  }

  /** @param groupKey the group's key in its table */
  member(groupKey: string, endpointId: Value, value: string): void {
    const user = this.db
      .prepare<[Value, string], string>(
        'SELECT id FROM "ScimUser" WHERE "endpointId" IS ? AND "scimId" = ?',
      )
      .pluck()
      .get(endpointId, value);
    this.#insert('GroupMember', {
      id: this.#key('member'),
      groupId: groupKey,
      userId: user ?? null,
      value,
      type: 'User',
      display: null,
      createdAt: TIME,
    });
  }

  log(row: LogRow): this {
    this.#insert('RequestLog', {
      id: this.#key('log'),
      endpointId: row.endpointId ?? null,
      method: row.method === undefined ? 'GET' : row.method,
      url: row.url === undefined ? '/scim/v2/Users' : row.url,
      status: row.status === undefined ? 200 : row.status,
      durationMs: 5,
      requestHeaders: '{"authorization":"Bearer very-secret"}',
      requestBody: '{"password":"very-secret"}',
      responseHeaders: null,
      responseBody: null,
      errorMessage: row.errorMessage ?? null,
      errorStack: null,
      identifier: row.identifier ?? null,
      createdAt: row.createdAt === undefined ? TIME : row.createdAt,
    });
    return this;
  }

  /** @returns the file */
  close(): string {
    this.db.close();
    return this.path;
  }

  #key(kind: string): string {
    this.#rows += 1;
    return `${kind}-${this.#rows}`;
  }

  #insert(table: string, values: Readonly<Record<string, Value>>): void {
    const names = Object.keys(values);
    const columns = names.map((name) => `"${name}"`).join(', ');
    const slots = names.map((name) => `@${name}`).join(', ');
    this.db.prepare(`INSERT INTO "${table}" (${columns}) VALUES (${slots})`).run(values);
  }
}

function payloadText(payload: Value | object | undefined): Value {
  if (payload === undefined) return '{}';
  return typeof payload === 'object' && payload !== null ? JSON.stringify(payload) : payload;
}

/** The indexes too: what they forbid cannot be in a database of the version. */
function tables(version: Version): string {
  const lowerName = version === '0.8' ? '' : '"userNameLower" TEXT,';
  const lowerDisplay = version === '0.10' ? '"displayNameLower" TEXT,' : '';
  const groupExternalId = version === '0.8' ? '' : '"externalId" TEXT,';
  return `
    CREATE TABLE "_prisma_migrations" ("id" TEXT PRIMARY KEY, "migration_name" TEXT);
    CREATE TABLE "Endpoint" (
      "id" TEXT NOT NULL PRIMARY KEY, "name" TEXT NOT NULL, "displayName" TEXT, "description" TEXT,
      "config" TEXT, "active" BOOLEAN DEFAULT true,
      "createdAt" DATETIME DEFAULT CURRENT_TIMESTAMP, "updatedAt" DATETIME
    );
    CREATE UNIQUE INDEX "Endpoint_name_key" ON "Endpoint"("name");
    CREATE TABLE "ScimUser" (
      "id" TEXT NOT NULL PRIMARY KEY, "endpointId" TEXT, "scimId" TEXT, "externalId" TEXT,
      "userName" TEXT, ${lowerName} "active" BOOLEAN DEFAULT true, "rawPayload" TEXT, "meta" TEXT,
      "createdAt" DATETIME DEFAULT CURRENT_TIMESTAMP, "updatedAt" DATETIME
    );
    CREATE UNIQUE INDEX "ScimUser_endpointId_scimId_key" ON "ScimUser"("endpointId", "scimId");
    ${version === '0.8' ? '' : 'CREATE UNIQUE INDEX "ScimUser_endpointId_userNameLower_key" ON "ScimUser"("endpointId", "userNameLower");'}
    CREATE TABLE "ScimGroup" (
      "id" TEXT NOT NULL PRIMARY KEY, "endpointId" TEXT, "scimId" TEXT, ${groupExternalId}
      "displayName" TEXT, ${lowerDisplay} "rawPayload" TEXT, "meta" TEXT,
      "createdAt" DATETIME DEFAULT CURRENT_TIMESTAMP, "updatedAt" DATETIME
    );
    CREATE UNIQUE INDEX "ScimGroup_endpointId_scimId_key" ON "ScimGroup"("endpointId", "scimId");
    CREATE TABLE "GroupMember" (
      "id" TEXT NOT NULL PRIMARY KEY, "groupId" TEXT, "userId" TEXT, "value" TEXT, "type" TEXT,
      "display" TEXT, "createdAt" DATETIME DEFAULT CURRENT_TIMESTAMP
    );
    CREATE TABLE "RequestLog" (
      "id" TEXT NOT NULL PRIMARY KEY, "endpointId" TEXT, "method" TEXT, "url" TEXT, "status" INTEGER,
      "durationMs" INTEGER, "requestHeaders" TEXT, "requestBody" TEXT, "responseHeaders" TEXT,
      "responseBody" TEXT, "errorMessage" TEXT, "errorStack" TEXT, "identifier" TEXT,
      "createdAt" DATETIME DEFAULT CURRENT_TIMESTAMP
    );
  `;
}
