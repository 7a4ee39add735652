/**
 * What a logged body asked for, in the few words that a sentence needs. It reads what any client
 * sent, in either dialect of PATCH, whether or not it was right: nothing here refuses, what cannot be
 * understood is left out.
 */
import { isObject, type JsonValue } from '../../../scim/json.ts';

export type Change =
  | { readonly kind: 'active'; readonly active: boolean }
  /** To a userName or displayName. */
  | { readonly kind: 'renamed'; readonly to: string }
  /** `all`: without saying whom. */
  | { readonly kind: 'membersAdded' | 'membersRemoved'; readonly ids: readonly string[] }
  | { readonly kind: 'membersReplaced'; readonly ids: readonly string[] }
  | { readonly kind: 'allMembersRemoved' }
  | { readonly kind: 'set' | 'unset'; readonly attribute: string };

/** Beyond them a sentence says how many there are. */
const OPERATIONS_MAX = 1000;

/** Of `members[value eq "id"]`. Repetitions are bounded: what comes here is whatever a client sent. */
const MEMBER_FILTER = /^members\[\s{0,9}value\s{1,9}eq\s{1,9}"([^"]{1,255})"\s{0,9}\]/i;

/** @param body of a PATCH (RFC 7644 §3.5.2) */
export function patchChanges(body: JsonValue): Change[] {
  const operations = memberOf(body, 'operations');
  if (!Array.isArray(operations)) return [];
  return operations.slice(0, OPERATIONS_MAX).flatMap((operation) => {
    const op = memberOf(operation, 'op');
    const path = memberOf(operation, 'path');
    const value = memberOf(operation, 'value');
    if (typeof op !== 'string') return [];
    if (typeof path === 'string' && path !== '') return changesAt(op.toLowerCase(), path, value);
    // Without a path: what is changed stands in the value.
    if (!isObject(value)) return [];
    return Object.entries(value).flatMap(([name, each]) => changesIn(op.toLowerCase(), name, each));
  });
}

/** @param body of a POST or PUT: a whole resource */
export function memberIds(body: JsonValue | undefined): string[] {
  return idsIn(memberOf(body, 'members'));
}

/** Whether a whole resource says of itself that it is not active. */
export function isInactive(body: JsonValue | undefined): boolean {
  const active = memberOf(body, 'active');
  return active !== undefined && truth(active) === false;
}

/** A member of an object by its name in any case. */
export function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  if (!isObject(value)) return undefined;
  const found = Object.entries(value).find(([key]) => key.toLowerCase() === name);
  return found?.[1];
}

/** A whole extension stands under its URN: `{"urn:…:2.0:User": {"department": …}}`. */
const EXTENSION = /^urn:[^[\]]{1,200}:\d{1,3}\.\d{1,3}:\w{1,100}$/i;

function changesIn(op: string, name: string, value: JsonValue): Change[] {
  if (!isObject(value) || !EXTENSION.test(name)) return changesAt(op, name, value);
  return Object.keys(value).map((each) => ({ kind: 'set', attribute: each }));
}

function changesAt(op: string, path: string, value: JsonValue | undefined): Change[] {
  const attribute = plainName(path);
  const removes = op === 'remove';
  const name = attribute.toLowerCase();
  if (name === 'members' || name.startsWith('members[')) return memberChanges(op, attribute, value);
  if (name === 'id' || name === 'schemas') return [];
  const active = truth(value);
  if (name === 'active' && !removes && active !== undefined) return [{ kind: 'active', active }];
  const isName = name === 'displayname' || name === 'username';
  if (isName && !removes && typeof value === 'string') return [{ kind: 'renamed', to: value }];
  return [{ kind: removes ? 'unset' : 'set', attribute }];
}

function memberChanges(op: string, path: string, value: JsonValue | undefined): Change[] {
  const ids = idsIn(value);
  if (op !== 'remove') {
    return [{ kind: op === 'replace' ? 'membersReplaced' : 'membersAdded', ids }];
  }
  const one = MEMBER_FILTER.exec(path)?.[1];
  if (one !== undefined) return [{ kind: 'membersRemoved', ids: [one] }];
  if (ids.length > 0) return [{ kind: 'membersRemoved', ids }];
  return path.includes('[')
    ? [{ kind: 'set', attribute: 'members' }]
    : [{ kind: 'allMembersRemoved' }];
}

/** `[{"value": "id"}]`, one of them alone, or bare ids. */
function idsIn(value: JsonValue | undefined): string[] {
  if (value === undefined) return [];
  const elements = Array.isArray(value) ? value : [value];
  return elements.slice(0, OPERATIONS_MAX).flatMap((element) => {
    const id = typeof element === 'string' ? element : memberOf(element, 'value');
    return typeof id === 'string' && id !== '' ? [id] : [];
  });
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
