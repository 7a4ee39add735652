/**
 * What a sentence needs of a logged body, read from it once. It is short however long the body was,
 * so that a page of many requests never holds their bodies.
 */
import type { JsonValue } from '../../../scim/json.ts';
import {
  type Changes,
  isInactive,
  memberCount,
  memberOf,
  NO_CHANGES,
  patchChanges,
  short,
} from './changes.ts';

export interface Sent {
  /** Of a PATCH. */
  readonly changes: Changes;
  /** Of a whole resource. */
  readonly memberCount: number;
  readonly isInactive: boolean;
  /** What the resource calls itself. */
  readonly name: string | undefined;
  readonly bulk: SentBulk | undefined;
}

export interface SentBulk {
  /** The first operations. */
  readonly operations: readonly SentOperation[];
  /** How many were sent. */
  readonly count: number;
}

export interface SentOperation {
  readonly method: string;
  readonly path: string;
  readonly sent: Sent;
}

/** Operations of a bulk that are told of. */
const OPERATIONS_MAX = 8;

const NOTHING: Sent = {
  changes: NO_CHANGES,
  memberCount: 0,
  isInactive: false,
  name: undefined,
  bulk: undefined,
};

/** @param body undefined: it was not kept, or there was none */
export function sentOf(method: string, target: string, body: JsonValue | undefined): Sent {
  if (body === undefined) return NOTHING;
  return isBulk(target) ? { ...NOTHING, bulk: bulkOf(body) } : ofOne(method, body);
}

/** @param target path and query */
export function isBulk(target: string): boolean {
  return /\/bulk(?:\?|$)/i.test(target);
}

function ofOne(method: string, body: JsonValue | undefined): Sent {
  if (body === undefined) return NOTHING;
  return {
    changes: method === 'PATCH' ? patchChanges(body) : NO_CHANGES,
    memberCount: memberCount(body),
    isInactive: isInactive(body),
    name: nameIn(body),
    bulk: undefined,
  };
}

function bulkOf(body: JsonValue): SentBulk | undefined {
  const operations = memberOf(body, 'operations');
  if (!Array.isArray(operations)) return undefined;
  const told = operations.slice(0, OPERATIONS_MAX).flatMap((operation) => {
    const method = memberOf(operation, 'method');
    const path = memberOf(operation, 'path');
    if (typeof method !== 'string' || typeof path !== 'string') return [];
    const verb = short(method.toUpperCase());
    return [{ method: verb, path: short(path), sent: ofOne(verb, memberOf(operation, 'data')) }];
  });
  return { operations: told, count: operations.length };
}

function nameIn(body: JsonValue): string | undefined {
  for (const name of ['displayname', 'username', 'externalid']) {
    const value = memberOf(body, name);
    if (typeof value === 'string' && value !== '') return short(value);
  }
  return undefined;
}
