/**
 * When two JSON values are the same value. Objects compare without regard to the order of keys
 * (RFC 7643 §2.4), arrays by position. Depth is bounded by what was admitted as a request body.
 */
import { isObject, type JsonValue } from './json.ts';

export function sameValue(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return (
      Array.isArray(b) && a.length === b.length && a.every((value, at) => sameValue(value, b[at]))
    );
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key], b[key]))
  );
}
