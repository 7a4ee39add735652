/**
 * At most one element of a multi-valued attribute is its primary (RFC 7643 §2.4). Setting one
 * clears the others (RFC 7644 §3.5.2); who does not mention `primary` changes nothing here.
 */
import { isObject, type JsonValue } from '../json.ts';
import type { Attribute } from '../schema/attribute.ts';

/**
 * The elements after a change, with the primaries that stood before it cleared if it set a new one.
 * Among several that one operation sets the first stays, as in a POST.
 * @param before elements before the change; what it left alone is in `after` as the same object
 */
export function withOnePrimary(
  attribute: Attribute,
  before: readonly JsonValue[],
  after: JsonValue[],
): JsonValue[] {
  if (!attribute.subs.has('primary') || after.filter(isPrimary).length < 2) return after;
  const earlier = new Set(before.filter(isPrimary));
  const set = after.findIndex((element) => isPrimary(element) && !earlier.has(element));
  if (set === -1) return after;
  return after.map((element, at) =>
    at !== set && isObject(element) && isPrimary(element)
      ? { ...element, primary: false }
      : element,
  );
}

function isPrimary(element: JsonValue): boolean {
  return isObject(element) && element['primary'] === true;
}
