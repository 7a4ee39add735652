/**
 * Puts the elements of a multi-valued attribute in order (RFC 7643 §2.4): no (type, value)
 * combination twice, at most one primary. Identity providers break both rules without knowing, so
 * that neither is refused.
 */
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import type { Attribute } from '../schema/attribute.ts';

/**
 * Merges duplicates into the first of them, which gains what only later ones have. Of several
 * primaries the first stays. Complex elements without a value (addresses) are never duplicates.
 * @param elements canonical; they are changed in place
 */
export function normalizeElements(attribute: Attribute, elements: JsonValue[]): JsonValue[] {
  if (elements.length < 2) return elements;
  if (attribute.type !== 'complex') return [...new Set(elements)];
  const distinct: JsonValue[] = [];
  const seen = new Map<string, JsonObject>();
  let primaryFound = false;
  for (const element of elements) {
    if (!isObject(element)) continue;
    const key = identityOf(element);
    const earlier = key === undefined ? undefined : seen.get(key);
    if (earlier !== undefined) {
      mergeInto(earlier, element);
      continue;
    }
    if (key !== undefined) seen.set(key, element);
    distinct.push(element);
  }
  for (const element of distinct) {
    if (!isObject(element) || element['primary'] !== true) continue;
    if (primaryFound) element['primary'] = false;
    primaryFound = true;
  }
  return distinct;
}

/** Members have no type of their own: their value, an id, is their identity. */
function identityOf(element: JsonObject): string | undefined {
  const { type, value } = element;
  if (typeof value !== 'string' || value === '') return undefined;
  return typeof type === 'string' ? `${type}\n${value}` : value;
}

function mergeInto(earlier: JsonObject, later: JsonObject): void {
  for (const key of Object.keys(later)) {
    const value = later[key];
    if (value !== undefined && !Object.hasOwn(earlier, key)) earlier[key] = value;
  }
}
