/**
 * A data file for tests of the reading side, filled through the writer's own tables. Rows and
 * versions are counted, ids are given.
 */
import type { Test } from 'tap';
import type { JsonObject } from '../../scim/json.ts';
import { toStored } from '../../scim/resource/stored.ts';
import type { Registry, ResourceType } from '../../scim/schema/attribute.ts';
import { CORE_PROFILE } from '../../scim/schema/core.ts';
import { compileRegistry } from '../../scim/schema/registry.ts';
import { migrate } from '../migrate.ts';
import { openReader, openWriter, type Connection } from '../open.ts';
import { Reader } from '../reader.ts';
import { MIGRATIONS } from '../schema.ts';
import { EndpointTable, type EndpointRow } from '../tables/endpoints.ts';
import { ListTable } from '../tables/lists.ts';
import { MemberTable } from '../tables/members.ts';
import { ResourceTable } from '../tables/resources.ts';

export class TestDatabase {
  readonly path: string;
  readonly db: Connection;
  readonly registry: Registry;
  readonly members: MemberTable;
  readonly resources: ResourceTable;
  readonly lists: ListTable;
  #lastRow = 0;

  constructor(t: Test, registry: Registry = compileRegistry(CORE_PROFILE)) {
    this.registry = registry;
    this.path = `${t.testdir()}/test.db`;
    this.db = openWriter(this.path, { synchronous: 'NORMAL' });
    migrate(this.db, MIGRATIONS, 0);
    this.members = new MemberTable(this.db);
    this.resources = new ResourceTable(this.db);
    this.lists = new ListTable(this.db);
    for (const name of ['one', 'two']) new EndpointTable(this.db).insert(plainEndpoint(name));
    t.teardown(() => this.db.close());
  }

  /** A reader of its own connection, closed with the test. */
  reader(t: Test): Reader {
    const reader = new Reader(openReader(this.path));
    t.teardown(() => reader.close());
    return reader;
  }

  type(name: string): ResourceType {
    const type = this.registry.typesByName.get(name);
    if (type === undefined) throw new Error(`no type ${name}`);
    return type;
  }

  /** @returns the row */
  insert(typeName: string, id: string, body: JsonObject, endpoint = 1): number {
    this.#lastRow += 1;
    const type = this.type(typeName);
    this.resources.insert(type, {
      ...toStored(type, id, body),
      row: this.#lastRow,
      endpoint,
      id,
      now: 1_700_000_000_000 + this.#lastRow,
    });
    this.lists.added(endpoint, typeName, id, this.#lastRow);
    this.#seen();
    return this.#lastRow;
  }

  /** Gives a resource another body. */
  change(typeName: string, row: number, id: string, body: JsonObject, endpoint = 1): void {
    this.#lastRow += 1;
    const type = this.type(typeName);
    const current = this.resources.byId(endpoint, typeName, id);
    if (current?.row !== row) throw new Error(`no ${typeName} ${id}`);
    const now = 1_700_000_000_000 + this.#lastRow;
    const next = { ...toStored(type, id, body), version: this.#lastRow, now };
    this.resources.update(type, current, next);
    this.#seen();
  }

  remove(typeName: string, row: number, endpoint = 1): void {
    this.#lastRow += 1;
    this.resources.remove(row);
    this.lists.removed(endpoint, typeName, this.#lastRow);
    this.#seen();
  }

  user(id: string, rest: JsonObject = {}, endpoint = 1): number {
    return this.insert('User', id, { userName: id, ...rest }, endpoint);
  }

  group(id: string, members: readonly number[] = [], rest: JsonObject = {}, endpoint = 1): number {
    const row = this.insert('Group', id, { displayName: id, ...rest }, endpoint);
    for (const member of members) this.members.add(row, member);
    return row;
  }

  #seen(): void {
    this.db.prepare('UPDATE state SET change_sequence = ?').run(this.#lastRow);
  }
}

/** With nothing in its config. They get the rows 1 and 2. */
function plainEndpoint(name: string): Omit<EndpointRow, 'row'> {
  const absent = { display_name: null, description: null };
  return { id: name, name, ...absent, config: '{}', active: 1, created_at: 0, updated_at: 0 };
}
