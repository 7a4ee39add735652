/**
 * What a logged PATCH asked for, in the few words that a sentence needs. It reads what any client
 * sent, in either dialect, whether or not it was right: nothing here refuses, what cannot be
 * understood is left out. However much was sent, what comes out is short.
 */
import { isObject, type JsonValue } from '../../../scim/json.ts';

/** Ids of resources: the first of them, each once, and how many there are. */
export interface Members {
  readonly ids: readonly string[];
  readonly count: number;
}

export type Change =
  | { readonly kind: 'active'; readonly active: boolean }
  /** To a userName or displayName. */
  | { readonly kind: 'renamed'; readonly to: string }
  | { readonly kind: 'membersReplaced'; readonly members: Members }
  /** Without saying whom. */
  | { readonly kind: 'allMembersRemoved' };

export interface Changes {
  /** Entra sends one operation for each member: here they are together. */
  readonly added: Members;
  readonly removed: Members;
  readonly others: readonly Change[];
  /** Set or unset. */
  readonly attributes: readonly string[];
  /** Attributes beyond those. */
  readonly moreAttributes: number;
}

/** Members, attributes and other changes that are told of one request. */
const TOLD_MAX = 20;

/** No id, name or attribute that is worth telling is longer. */
const TEXT_MAX = 100;

/** Of `members[value eq "id"]`. Repetitions are bounded: what comes here is whatever a client sent. */
const MEMBER_FILTER = /^members\[\s{0,9}value\s{1,9}eq\s{1,9}"([^"]{1,255})"\s{0,9}\]/i;

const NO_MEMBERS: Members = { ids: [], count: 0 };

export const NO_CHANGES: Changes = {
  added: NO_MEMBERS,
  removed: NO_MEMBERS,
  others: [],
  attributes: [],
  moreAttributes: 0,
};

/** @param body of a PATCH (RFC 7644 §3.5.2) */
export function patchChanges(body: JsonValue): Changes {
  const operations = memberOf(body, 'operations');
  if (!Array.isArray(operations)) return NO_CHANGES;
  const noted = new Noted();
  for (const operation of operations) {
    const op = memberOf(operation, 'op');
    if (typeof op !== 'string') continue;
    const path = memberOf(operation, 'path');
    const value = memberOf(operation, 'value');
    if (typeof path === 'string' && path !== '') noteAt(noted, op.toLowerCase(), path, value);
    // Without a path: what is changed stands in the value.
    else if (isObject(value)) {
      for (const [name, each] of Object.entries(value)) noteIn(noted, op.toLowerCase(), name, each);
    }
  }
  return noted.changes();
}

/** @param body of a POST or PUT: a whole resource */
export function memberCount(body: JsonValue | undefined): number {
  return idsIn(memberOf(body, 'members')).length;
}

/** Whether a whole resource says of itself that it is not active. */
export function isInactive(body: JsonValue | undefined): boolean {
  const active = memberOf(body, 'active');
  return active !== undefined && truth(active) === false;
}

/** A member of an object by its name in any case. @param name folded */
export function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  if (!isObject(value)) return undefined;
  for (const key in value) {
    if (key.length === name.length && key.toLowerCase() === name) return value[key];
  }
  return undefined;
}

/** As long as it may be told. */
export function short(text: string, max = TEXT_MAX): string {
  return text.length > max ? `${text.slice(0, max)}…` : text;
}

class Noted {
  readonly added = new Set<string>();
  readonly removed = new Set<string>();
  readonly attributes = new Set<string>();
  readonly #others: Change[] = [];

  add(change: Change): void {
    if (this.#others.length < TOLD_MAX) this.#others.push(change);
  }

  changes(): Changes {
    return {
      added: membersIn(this.added),
      removed: membersIn(this.removed),
      others: this.#others,
      attributes: Array.from(firstOf(this.attributes), (each) => short(each)),
      moreAttributes: Math.max(0, this.attributes.size - TOLD_MAX),
    };
  }
}

/** A whole extension stands under its URN: `{"urn:…:2.0:User": {"department": …}}`. */
const EXTENSION = /^urn:[^[\]]{1,200}:\d{1,3}\.\d{1,3}:\w{1,100}$/i;

function noteIn(noted: Noted, op: string, name: string, value: JsonValue): void {
  if (!isObject(value) || !EXTENSION.test(name)) noteAt(noted, op, name, value);
  else for (const each of Object.keys(value)) noted.attributes.add(each);
}

function noteAt(noted: Noted, op: string, path: string, value: JsonValue | undefined): void {
  const attribute = plainName(path);
  const removes = op === 'remove';
  const name = attribute.toLowerCase();
  if (name === 'members' || name.startsWith('members[')) {
    noteMembers(noted, op, attribute, value);
    return;
  }
  if (name === 'id' || name === 'schemas') return;
  const active = truth(value);
  const isName = name === 'displayname' || name === 'username';
  if (name === 'active' && !removes && active !== undefined) {
    noted.add({ kind: 'active', active });
  } else if (isName && !removes && typeof value === 'string') {
    noted.add({ kind: 'renamed', to: short(value) });
  } else noted.attributes.add(attribute);
}

function noteMembers(noted: Noted, op: string, path: string, value: JsonValue | undefined): void {
  const ids = idsIn(value);
  if (op === 'replace') {
    noted.add({ kind: 'membersReplaced', members: membersIn(new Set(ids)) });
  } else if (op !== 'remove') {
    for (const id of ids) noted.added.add(id);
  } else {
    const one = MEMBER_FILTER.exec(path)?.[1];
    if (one !== undefined) noted.removed.add(one);
    else if (ids.length > 0) for (const id of ids) noted.removed.add(id);
    else if (path.includes('[')) noted.attributes.add('members');
    else noted.add({ kind: 'allMembersRemoved' });
  }
}

/** `[{"value": "id"}]`, one of them alone, or bare ids. */
function idsIn(value: JsonValue | undefined): string[] {
  if (value === undefined) return [];
  const elements = Array.isArray(value) ? value : [value];
  return elements.flatMap((element) => {
    const id = typeof element === 'string' ? element : memberOf(element, 'value');
    return typeof id === 'string' && id !== '' ? [id] : [];
  });
}

function membersIn(ids: ReadonlySet<string>): Members {
  return { ids: Array.from(firstOf(ids), (id) => short(id)), count: ids.size };
}

function* firstOf<T>(values: Iterable<T>): Generator<T> {
  let left = TOLD_MAX;
  for (const value of values) {
    if (left === 0) return;
    left -= 1;
    yield value;
  }
}

/** Without the URN before it; what stands in brackets may have colons of its own. */
function plainName(path: string): string {
  const bracket = path.indexOf('[');
  const head = bracket === -1 ? path : path.slice(0, bracket);
  return path.slice(head.lastIndexOf(':') + 1);
}

/** Entra's default dialect writes booleans as text. */
function truth(value: JsonValue | undefined): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return undefined;
  if (/^true$/i.test(value)) return true;
  return /^false$/i.test(value) ? false : undefined;
}
