/**
 * One endpoint of a store under test, and short words for what a test does there. Every test takes
 * a fresh one, so that tests of one store never meet. Ids and times are counted, not drawn.
 */
import type { FilterNode } from '../../scim/filter/ast.ts';
import { parseFilter } from '../../scim/filter/parse.ts';
import { isObject, type JsonObject, type JsonValue } from '../../scim/json.ts';
import type { Place } from '../../scim/messages/cursor.ts';
import type { PatchOperation } from '../../scim/patch/operation.ts';
import { hashOperations } from '../../scim/patch/secrets.ts';
import { hashSecrets } from '../../scim/resource/secrets.ts';
import { toStored, type StoredForm } from '../../scim/resource/stored.ts';
import type { Registry, ResourceType } from '../../scim/schema/attribute.ts';
import { compileRegistry } from '../../scim/schema/registry.ts';
import type { Sort } from '../../scim/sort/compile.ts';
import type { CreateCommand, EndpointFields } from '../commands.ts';
import { type Config, parseEndpointConfig } from '../endpoint-config.ts';
import type { Caller, SearchQuery } from '../queries.ts';
import type { SearchResult, StoredResource, WriteResult } from '../results.ts';
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
  readonly caller?: Caller;
  readonly startIndex?: number;
  /** Instead of `startIndex`. */
  readonly place?: Place;
  readonly count?: number;
  readonly links?: boolean;
  readonly sort?: Sort;
}

export interface FoundPage extends Pick<SearchResult, 'resources' | 'next' | 'previous'> {
  readonly total: number | undefined;
  readonly ids: string[];
}

/** Keys and their values, as an element of members or groups shows them. */
export type Element = Readonly<Record<string, JsonValue>>;

export class Tenant {
  readonly store: Store;
  readonly id: string;
  readonly #ids: Ids;
  readonly #registry: Registry;
  #now = 1_700_000_000_000;

  /** @param config the endpoint's */
  constructor(store: Store, id: string, ids: Ids, config: Config = {}) {
    this.store = store;
    this.id = id;
    this.#ids = ids;
    this.#registry = compileRegistry(parseEndpointConfig(config).profile);
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

  /**
   * @param body in canonical form, members as `[{value}]`, secrets in clear
   * @param times of a resource that comes from elsewhere
   */
  async create(
    type: string,
    id: string,
    body: JsonObject,
    times?: Pick<CreateCommand, 'now' | 'created'>,
  ): Promise<WriteResult> {
    const stored = await this.#stored(type, id, body);
    return this.store.write({
      kind: 'create',
      endpointId: this.id,
      type,
      id,
      now: this.now(),
      log: undefined,
      ...stored,
      ...times,
    });
  }

  async replace(
    type: string,
    id: string,
    body: JsonObject,
    ifMatch?: string,
  ): Promise<WriteResult> {
    const stored = await this.#stored(type, id, body);
    return this.store.write({
      kind: 'replace',
      endpointId: this.id,
      type,
      id,
      now: this.now(),
      log: undefined,
      ifMatch,
      ...stored,
    });
  }

  async patch(
    type: string,
    id: string,
    operations: readonly PatchOperation[],
    ifMatch?: string,
  ): Promise<WriteResult> {
    const safe = await hashOperations(this.#type(type), operations, toHash);
    return this.store.write({
      kind: 'patch',
      endpointId: this.id,
      type,
      id,
      now: this.now(),
      log: undefined,
      ifMatch,
      operations: JSON.stringify(safe.operations),
      needsSecrets: safe.needsSecrets,
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

  /** The stored document as JSON text. */
  async text(type: string, id: string): Promise<string> {
    return Buffer.from((await this.read(type, id)).document).toString('utf8');
  }

  async document(type: string, id: string): Promise<JsonObject> {
    const parsed = JSON.parse(await this.text(type, id)) as JsonValue;
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
    options: SearchOptions = {},
  ): Promise<FoundPage> {
    return this.searchTypes([type], filter, options);
  }

  /** @param filter of each type */
  async searchTypes(
    types: readonly string[],
    filter: string | undefined,
    { startIndex = 1, place, count = 100, links = false, sort, caller }: SearchOptions = {},
  ): Promise<FoundPage> {
    const parsed = filter === undefined ? undefined : filterOf(filter);
    const query: SearchQuery = {
      endpointId: this.id,
      types: types.map((name) => ({ name, filter: parsed, links })),
      sort,
      start: place === undefined ? { by: 'index', startIndex } : { by: 'cursor', place },
      count,
      base: BASE,
    };
    const found = await this.store.search(query, caller);
    const { totalResults, resources, next, previous } = found;
    return { total: totalResults, ids: resources.map(({ id }) => id), resources, next, previous };
  }

  /** How the engine says that it answers a filter. */
  async explain(type: string, filter: string, values: 'shown' | 'hidden'): Promise<JsonObject> {
    return this.store.explain(
      {
        endpointId: this.id,
        types: [{ name: type, filter: filterOf(filter), links: false }],
        sort: undefined,
        start: { by: 'index', startIndex: 1 },
        count: 10,
        base: BASE,
      },
      values,
    );
  }

  async #stored(name: string, id: string, body: JsonObject): Promise<StoredForm> {
    const type = this.#type(name);
    return toStored(type, id, (await hashSecrets(type, body, toHash)) ?? body);
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

/** In the form of a hash, and made at once. */
function toHash(clear: string): Promise<string> {
  return Promise.resolve(`$scrypt$ln=1,r=8,p=1$c2FsdA$${Buffer.from(clear).toString('hex')}`);
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
