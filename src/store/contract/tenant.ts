/**
 * One endpoint of a store under test, and short words for what a test does there. Every test takes
 * a fresh one, so that tests of one store never meet. Ids and times are counted, not drawn.
 */
import type { FilterNode } from '../../scim/filter/ast.ts';
import { parseFilter } from '../../scim/filter/parse.ts';
import { isObject, type JsonObject, type JsonValue } from '../../scim/json.ts';
import type { PatchOperation } from '../../scim/patch/operation.ts';
import { toStored } from '../../scim/resource/stored.ts';
import type { Registry, ResourceType } from '../../scim/schema/attribute.ts';
import { CORE_PROFILE } from '../../scim/schema/core.ts';
import { compileRegistry } from '../../scim/schema/registry.ts';
import type { EndpointFields } from '../commands.ts';
import type { StoredResource, WriteResult } from '../results.ts';
import type { Store } from '../store.ts';

export const BASE = 'https://scim.example/scim/v2';

/** Ids counted over all tenants of one store. */
export class Ids {
  #last = 0;

  next(): string {
    this.#last += 1;
    return `01890000-0000-7000-8000-${String(this.#last).padStart(12, '0')}`;
  }
}

export interface SearchOptions {
  readonly startIndex?: number;
  readonly count?: number;
  readonly links?: boolean;
}

/** Keys and their values, as an element of members or groups shows them. */
export type Element = Readonly<Record<string, JsonValue>>;

export class Tenant {
  readonly store: Store;
  readonly id: string;
  readonly #ids: Ids;
  readonly #registry: Registry = compileRegistry(CORE_PROFILE);
  #now = 1_700_000_000_000;

  constructor(store: Store, id: string, ids: Ids) {
    this.store = store;
    this.id = id;
    this.#ids = ids;
  }

  newId(): string {
    return this.#ids.next();
  }

  /** A later time at each call. */
  now(): number {
    this.#now += 1000;
    return this.#now;
  }

  /** @returns its id */
  async createUser(userName: string, rest: JsonObject = {}): Promise<string> {
    const id = this.newId();
    await this.create('User', id, { userName, ...rest });
    return id;
  }

  /** @returns its id */
  async createGroup(displayName: string, members: readonly string[] = []): Promise<string> {
    const id = this.newId();
    await this.create('Group', id, { displayName, members: elements(members) });
    return id;
  }

  /** @param body in canonical form, members as `[{value}]` */
  create(type: string, id: string, body: JsonObject): Promise<WriteResult> {
    return this.store.write({
      kind: 'create',
      endpointId: this.id,
      type,
      id,
      now: this.now(),
      log: undefined,
      ...this.#stored(type, id, body),
    });
  }

  replace(type: string, id: string, body: JsonObject, ifMatch?: string): Promise<WriteResult> {
    return this.store.write({
      kind: 'replace',
      endpointId: this.id,
      type,
      id,
      now: this.now(),
      log: undefined,
      ifMatch,
      ...this.#stored(type, id, body),
    });
  }

  patch(
    type: string,
    id: string,
    operations: readonly PatchOperation[],
    ifMatch?: string,
  ): Promise<WriteResult> {
    return this.store.write({
      kind: 'patch',
      endpointId: this.id,
      type,
      id,
      now: this.now(),
      log: undefined,
      ifMatch,
      operations: JSON.stringify(operations),
    });
  }

  delete(type: string, id: string, ifMatch?: string): Promise<WriteResult> {
    return this.store.write({
      kind: 'delete',
      endpointId: this.id,
      type,
      id,
      now: this.now(),
      log: undefined,
      ifMatch,
    });
  }

  addMember(group: string, member: string): Promise<WriteResult> {
    return this.patch('Group', group, [set('add', 'members', elements([member]))]);
  }

  async find(type: string, id: string): Promise<StoredResource | undefined> {
    return this.store.get({ endpointId: this.id, type, id, links: undefined });
  }

  /** The stored resource, which must be there. */
  async read(type: string, id: string): Promise<StoredResource> {
    const found = await this.store.get({ endpointId: this.id, type, id, links: { base: BASE } });
    if (found === undefined) throw new Error(`no ${type} ${id}`);
    return found;
  }

  async document(type: string, id: string): Promise<JsonObject> {
    const { document } = await this.read(type, id);
    const parsed = JSON.parse(document) as JsonValue;
    if (!isObject(parsed)) throw new Error('a document is a JSON object');
    return parsed;
  }

  /** Elements of a group's members or a user's groups. */
  async links(type: string, id: string): Promise<Element[]> {
    const { links } = await this.read(type, id);
    if (links === undefined) throw new Error('links were asked for');
    return JSON.parse(links) as Element[];
  }

  async memberIds(group: string): Promise<JsonValue[]> {
    return (await this.links('Group', group)).map((element) => element['value'] ?? null);
  }

  async search(
    type: string,
    filter: string | undefined,
    { startIndex = 1, count = 100, links = false }: SearchOptions = {},
  ): Promise<{ total: number; ids: string[]; resources: readonly StoredResource[] }> {
    const { totalResults, resources } = await this.store.search({
      endpointId: this.id,
      type,
      filter: filter === undefined ? undefined : filterOf(filter),
      startIndex,
      count,
      links: links ? { base: BASE } : undefined,
    });
    return { total: totalResults, ids: resources.map(({ id }) => id), resources };
  }

  #stored(type: string, id: string, body: JsonObject) {
    return toStored(this.#type(type), id, body);
  }

  #type(name: string): ResourceType {
    const type = this.#registry.typesByName.get(name);
    if (type === undefined) throw new Error(`no type ${name}`);
    return type;
  }
}

/** Members as the canonical form has them. */
export function elements(ids: readonly string[]): JsonValue[] {
  return ids.map((value) => ({ value }));
}

export function set(op: 'add' | 'replace', attribute: string, value: JsonValue): PatchOperation {
  return { op, path: { text: attribute, attribute }, value };
}

export function unset(attribute: string): PatchOperation {
  return { op: 'remove', path: { text: attribute, attribute } };
}

function filterOf(text: string): FilterNode {
  return parseFilter(text, { maxLength: 4096, maxDepth: 16, maxNodes: 200 });
}

/** Fields of an endpoint command: what is not named stays undefined. */
export function endpointFields(fields: Partial<EndpointFields>): EndpointFields {
  return {
    name: undefined,
    displayName: undefined,
    description: undefined,
    config: undefined,
    active: undefined,
    ...fields,
  };
}
