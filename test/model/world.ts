/**
 * The content of one endpoint as a client may expect it: users, groups, who is in which group, and
 * what has been told of versions. It decides nothing by asking the server.
 */
import { isDeepStrictEqual } from 'node:util';
import { isObject, type JsonObject, type JsonValue } from '../../src/scim/json.ts';
import { ENTERPRISE, GROUP, USER } from '../support/entra.ts';
import { fold, hasExtension } from './user-document.ts';

export type TypeName = 'User' | 'Group';

export interface Resource {
  readonly type: TypeName;
  readonly id: string;
  document: JsonObject;
  /** Of a group. */
  readonly members: Set<string>;
  /** What the server has told of it since its last change; undefined: nothing yet. */
  readonly told: { created?: string; lastModified?: string; version?: string };
  /** All versions it ever had. */
  readonly versions: Set<string>;
  /** Others change it too: of its members and versions nothing is known for sure. */
  readonly isShared: boolean;
}

export class World {
  /** In the order of creation. */
  readonly #resources = new Map<string, Resource>();
  readonly #base: () => string;

  /** @param base of the endpoint's locations; it changes with the port */
  constructor(base: () => string) {
    this.#base = base;
  }

  add(type: TypeName, id: string, document: JsonObject, isShared = false): Resource {
    const members = new Set<string>();
    const resource = {
      type,
      id,
      document,
      members,
      told: {},
      versions: new Set<string>(),
      isShared,
    };
    this.#resources.set(id, resource);
    return resource;
  }

  get(id: string): Resource | undefined {
    return this.#resources.get(id);
  }

  all(type: TypeName): Resource[] {
    return [...this.#resources.values()].filter((resource) => resource.type === type);
  }

  /** Whether another resource of the type has the name, in any case. */
  isTaken(type: TypeName, name: JsonValue | undefined, except?: string): boolean {
    if (typeof name !== 'string') return false;
    return this.all(type).some(({ id, document }) => {
      const own = document[nameOf(type)];
      return id !== except && typeof own === 'string' && fold(own) === fold(name);
    });
  }

  /** @returns whether the document is another one now */
  setDocument(resource: Resource, document: JsonObject): boolean {
    if (isDeepStrictEqual(resource.document, document)) return false;
    resource.document = document;
    touch(resource);
    return true;
  }

  /** @returns whether it has other members now */
  setMembers(group: Resource, ids: Iterable<string>): boolean {
    const next = new Set(ids);
    if (isDeepStrictEqual(next, group.members)) return false;
    group.members.clear();
    for (const id of next) group.members.add(id);
    touch(group);
    return true;
  }

  /** Its version may be a new one, or the one it had. */
  mayHaveChanged({ told, versions }: Resource): void {
    if (told.version !== undefined) versions.delete(told.version);
    delete told.lastModified;
    delete told.version;
  }

  /** It leaves all groups too, which are then others than before. */
  delete({ id }: Resource): void {
    this.#resources.delete(id);
    for (const group of this.all('Group')) if (group.members.delete(id)) touch(group);
  }

  locationOf({ type, id }: Resource): string {
    return `${this.#base()}/${type}s/${id}`;
  }

  /** The resource as it is served, but for `meta`. Members and groups are in the order of ids. */
  shown(resource: Resource): JsonObject {
    const { type, id, document } = resource;
    const core = type === 'User' ? USER : GROUP;
    const schemas = hasExtension(document) ? [core, ENTERPRISE] : [core];
    const links = type === 'User' ? this.#groups(resource) : this.#members(resource);
    const name = type === 'User' ? 'groups' : 'members';
    return { schemas, id, ...document, ...(links.length === 0 ? {} : { [name]: links }) };
  }

  /** Groups that hold it, themselves or through a group; `direct` where both. */
  groupsOf(id: string): Map<string, 'direct' | 'indirect'> {
    const found = new Map<string, 'direct' | 'indirect'>();
    const groups = this.all('Group');
    let through = [id];
    for (let how: 'direct' | 'indirect' = 'direct'; through.length > 0; how = 'indirect') {
      const holders = groups.filter(
        (group) => !found.has(group.id) && through.some((member) => group.members.has(member)),
      );
      for (const holder of holders) found.set(holder.id, how);
      through = holders.map((holder) => holder.id);
    }
    return found;
  }

  #groups({ id }: Resource): JsonObject[] {
    const links = [...this.groupsOf(id)].map(([value, type]) => {
      const group = this.#known(value);
      const display = group.document['displayName'] ?? null;
      return { value, $ref: this.locationOf(group), display, type };
    });
    return byValue(links);
  }

  #members({ members }: Resource): JsonObject[] {
    const links = [...members].map((value) => {
      const member = this.#known(value);
      const { type, document } = member;
      const display = document['displayName'] ?? document[nameOf(type)] ?? null;
      return { value, $ref: this.locationOf(member), display, type };
    });
    return byValue(links);
  }

  #known(id: string): Resource {
    const resource = this.get(id);
    if (resource === undefined) throw new Error(`the model lost ${id}`);
    return resource;
  }
}

/** What is unique within a type. */
export function nameOf(type: TypeName): 'userName' | 'displayName' {
  return type === 'User' ? 'userName' : 'displayName';
}

/** What a resource of ours is called; it always has a name. */
export function calledBy({ type, document }: Resource): string {
  const name = document[nameOf(type)];
  if (typeof name !== 'string') throw new Error(`a ${type} of the model has no name`);
  return name;
}

/** Members and groups have no order of their own. */
export function byValue(links: readonly JsonValue[]): JsonObject[] {
  const value = (link: JsonObject): string => JSON.stringify(link['value']);
  return links.filter(isObject).sort((a, b) => (value(a) < value(b) ? -1 : 1));
}

function touch({ told }: Resource): void {
  delete told.lastModified;
  delete told.version;
}
