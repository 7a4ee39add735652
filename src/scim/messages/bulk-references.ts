/**
 * `bulkId:` references (RFC 7644 §3.7.2): wherever a string in an operation is one, the id that the
 * POST of that bulkId will give takes its place. Ids are known beforehand, so that a reference
 * forward, or in a circle, is as good as one backward.
 */
import { foldAscii } from '../fold.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import type { BulkMessageOperation } from './bulk-request.ts';
import { member } from './member.ts';

/** A POST of the request. */
export interface BulkTarget {
  /** Place in the request, from 0. */
  readonly position: number;
  /** That its resource will have. */
  readonly id: string;
}

export interface Resolved {
  readonly operation: BulkMessageOperation;
  /** Positions of the operations referred to, each once. */
  readonly needs: readonly number[];
  /** A bulkId that no POST of the request has; undefined when all are known. */
  readonly unknown: string | undefined;
}

const PREFIX = 'bulkId:';
/** In the filter of a PATCH path: `members[value eq "bulkId:x"]`. */
const QUOTED_REFERENCE = /"bulkId:(?:[^"\\]|\\.)*"/g;

/** @param targets by bulkId */
export function resolveReferences(
  operation: BulkMessageOperation,
  targets: ReadonlyMap<string, BulkTarget>,
): Resolved {
  const references = new References(targets);
  const resolved = { ...operation };
  if (resolved.method !== 'POST') resolved.id = references.inText(resolved.id);
  if (resolved.method !== 'DELETE') resolved.data = references.inValue(resolved.data);
  if (resolved.method === 'PATCH') resolved.data = references.inPaths(resolved.data);
  return { operation: resolved, needs: [...references.needs], unknown: references.unknown };
}

class References {
  readonly needs = new Set<number>();
  unknown: string | undefined;
  readonly #targets: ReadonlyMap<string, BulkTarget>;

  constructor(targets: ReadonlyMap<string, BulkTarget>) {
    this.#targets = targets;
  }

  inText(text: string): string {
    if (!text.startsWith(PREFIX)) return text;
    const bulkId = text.slice(PREFIX.length);
    const target = this.#targets.get(bulkId);
    if (target === undefined) {
      this.unknown ??= bulkId;
      return text;
    }
    this.needs.add(target.position);
    return target.id;
  }

  /** A PATCH path is no reference, but its filter may compare with one. */
  inPaths(message: JsonValue): JsonValue {
    const operations = isObject(message) ? member(message, 'Operations') : undefined;
    if (!isObject(message) || !Array.isArray(operations)) return message;
    const resolved = operations.map((operation) => {
      const path = isObject(operation) ? member(operation, 'path') : undefined;
      if (!isObject(operation) || typeof path !== 'string') return operation;
      const text = path.replace(QUOTED_REFERENCE, (quoted) => this.#inQuoted(quoted));
      return text === path ? operation : withMember(operation, 'path', text);
    });
    const changes = resolved.some((operation, at) => operation !== operations[at]);
    return changes ? withMember(message, 'Operations', resolved) : message;
  }

  /** What is no JSON string stays: the path is refused for it when its operation is carried out. */
  #inQuoted(quoted: string): string {
    const text = unquoted(quoted);
    return text === undefined ? quoted : JSON.stringify(this.inText(text));
  }

  /** The value itself when it holds no reference; else a copy of what leads to them. */
  inValue(value: JsonValue): JsonValue {
    if (typeof value === 'string') return this.inText(value);
    if (typeof value !== 'object' || value === null) return value;
    return Array.isArray(value) ? this.#inArray(value) : this.#inObject(value);
  }

  #inArray(array: JsonValue[]): JsonValue[] {
    let copy: JsonValue[] | undefined;
    for (const [at, value] of array.entries()) {
      const resolved = this.inValue(value);
      if (resolved !== value) (copy ??= [...array])[at] = resolved;
    }
    return copy ?? array;
  }

  #inObject(object: JsonObject): JsonObject {
    let copy: JsonObject | undefined;
    for (const key in object) {
      const value = object[key];
      if (value === undefined) continue;
      const resolved = this.inValue(value);
      if (resolved !== value) (copy ??= { ...object })[key] = resolved;
    }
    return copy ?? object;
  }
}

function unquoted(quoted: string): string | undefined {
  try {
    const text = JSON.parse(quoted) as JsonValue;
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}

/** A copy with another value of the member that `member` finds. */
function withMember(message: JsonObject, name: string, value: JsonValue): JsonObject {
  const folded = foldAscii(name);
  const other = Object.keys(message).find((key) => foldAscii(key) === folded);
  const key = Object.hasOwn(message, name) ? name : other;
  return { ...message, [key ?? name]: value };
}
