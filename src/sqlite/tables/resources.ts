/**
 * Resource rows, the writer's side. Keys are made here and nowhere else, so that no caller can forget
 * to fold one. An update touches only the indexes whose columns it names: the common PATCH leaves
 * both keys alone and writes one page.
 */
import type { ResourceType } from '../../scim/schema/attribute.ts';
import { nameKey } from '../name-key.ts';
import type { Connection } from '../open.ts';

export interface ResourceRow {
  readonly row: number;
  readonly name_key: string | null;
  readonly external_id: string | null;
  readonly version: number;
  readonly created: number;
  readonly modified: number;
  readonly document: string;
}

export interface NewResource {
  readonly row: number;
  readonly endpoint: number;
  readonly id: string;
  readonly name: string | undefined;
  readonly externalId: string | undefined;
  readonly display: string;
  readonly now: number;
  /** Undefined: `now`. */
  readonly created?: number | undefined;
  readonly document: string;
}

export interface ChangedResource {
  readonly name: string | undefined;
  readonly externalId: string | undefined;
  readonly display: string;
  readonly version: number;
  readonly now: number;
  readonly document: string;
}

export class ResourceTable {
  readonly #byId;
  readonly #rowById;
  readonly #rowByExternalId;
  readonly #insert;
  readonly #updateDocument;
  readonly #updateAll;
  readonly #touch;
  readonly #remove;
  readonly #purge;
  readonly #purgeCounts;

  constructor(db: Connection) {
    this.#byId = db.prepare<[number, string, string], ResourceRow>(
      `SELECT row, name_key, external_id, version, created, modified, document
       FROM resources WHERE endpoint = ? AND type = ? AND id = ?`,
    );
    this.#rowById = db
      .prepare<[number, string, string], number>(
        'SELECT row FROM resources WHERE endpoint = ? AND type = ? AND id = ?',
      )
      .pluck();
    this.#rowByExternalId = db
      .prepare<[number, string, string, number], number>(
        `SELECT row FROM resources WHERE endpoint = ? AND type = ? AND external_id = ? AND row <> ?
         LIMIT 1`,
      )
      .pluck();
    this.#insert = db.prepare(
      `INSERT INTO resources (row, endpoint, type, id, name_key, external_id, display, version,
       created, modified, document) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#updateDocument = db.prepare(
      'UPDATE resources SET display = ?, version = ?, modified = ?, document = ? WHERE row = ?',
    );
    this.#updateAll = db.prepare(
      `UPDATE resources SET name_key = ?, external_id = ?, display = ?, version = ?, modified = ?,
       document = ? WHERE row = ?`,
    );
    this.#touch = db.prepare('UPDATE resources SET version = ?, modified = ? WHERE row = ?');
    this.#remove = db.prepare('DELETE FROM resources WHERE row = ?');
    this.#purge = db
      .prepare<[number, number], number>(
        `DELETE FROM resources WHERE row IN
         (SELECT row FROM resources WHERE endpoint = +? LIMIT +?) RETURNING row`,
      )
      .pluck();
    this.#purgeCounts = db.prepare('DELETE FROM resource_counts WHERE endpoint = ?');
  }

  byId(endpoint: number, type: string, id: string): ResourceRow | undefined {
    return this.#byId.get(endpoint, type, id);
  }

  rowById(endpoint: number, type: string, id: string): number | undefined {
    return this.#rowById.get(endpoint, type, id);
  }

  /** True when a resource other than `row` has this externalId (case-exact, RFC 7643 §3.1). */
  externalIdTaken(endpoint: number, type: string, externalId: string, row: number): boolean {
    return this.#rowByExternalId.get(endpoint, type, externalId, row) !== undefined;
  }

  /** @throws SqliteError SQLITE_CONSTRAINT_UNIQUE when the name is taken */
  insert(type: ResourceType, r: NewResource): void {
    this.#insert.run(
      r.row,
      r.endpoint,
      type.name,
      r.id,
      keyOf(type, r.name),
      r.externalId ?? null,
      r.display,
      r.row,
      r.created ?? r.now,
      r.now,
      r.document,
    );
  }

  /** @throws SqliteError SQLITE_CONSTRAINT_UNIQUE when the name is taken */
  update(type: ResourceType, current: ResourceRow, next: ChangedResource): void {
    const key = keyOf(type, next.name);
    const externalId = next.externalId ?? null;
    if (key === current.name_key && externalId === current.external_id) {
      this.#updateDocument.run(next.display, next.version, next.now, next.document, current.row);
      return;
    }
    this.#updateAll.run(
      key,
      externalId,
      next.display,
      next.version,
      next.now,
      next.document,
      current.row,
    );
  }

  /** A new version of a resource whose document stays: its members changed. */
  touch(row: number, version: number, now: number): void {
    this.#touch.run(version, now, row);
  }

  remove(row: number): void {
    this.#remove.run(row);
  }

  /** Removes at most `limit` resources of an endpoint. @returns their rows */
  purge(endpoint: number, limit: number): number[] {
    return this.#purge.all(endpoint, limit);
  }

  purgeCounts(endpoint: number): void {
    this.#purgeCounts.run(endpoint);
  }
}

function keyOf({ nameAttribute }: ResourceType, name: string | undefined): string | null {
  return name === undefined || nameAttribute === undefined ? null : nameKey(nameAttribute, name);
}
