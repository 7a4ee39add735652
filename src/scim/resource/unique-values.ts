/**
 * The values of a resource that no other one of its type may have (RFC 7643 §7 `uniqueness`), as
 * keys that are equal exactly when a filter's `eq` finds the values equal: text is folded unless it
 * is caseExact, times are points in time, numbers are what they mean.
 */
import { parseInstant } from '../filter/instant.ts';
import { fold } from '../fold.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import type { Attribute, AttributePlace, ResourceType } from '../schema/attribute.ts';

export interface UniqueValue {
  /** `AttributePlace.key`. */
  readonly place: string;
  readonly key: string;
  readonly attribute: Attribute;
  /** As given, for error texts. */
  readonly value: JsonValue;
}

/** Each once, however often the resource has it. What is empty is no value. */
export function uniqueValues(type: ResourceType, document: JsonObject): UniqueValue[] {
  const found = new Map<string, UniqueValue>();
  for (const place of type.uniques) {
    for (const value of valuesAt(place, document)) {
      const key = uniqueKey(place.leaf, value);
      if (key === undefined) continue;
      found.set(`${place.key}\n${key}`, { place: place.key, key, attribute: place.leaf, value });
    }
  }
  return [...found.values()];
}

/** Undefined for a value that is none, or not of the attribute's type. */
export function uniqueKey(attribute: Attribute, value: JsonValue): string | undefined {
  switch (typeof value) {
    case 'string':
      return value === '' ? undefined : textKey(attribute, value);
    case 'number':
    case 'boolean':
      // Numbers as JSON writes them: 1, 1.0 and 10e-1 are one number, and so one text.
      return JSON.stringify(value);
    default:
      return undefined;
  }
}

function textKey({ type, caseExact }: Attribute, text: string): string {
  if (type === 'dateTime') {
    const instant = parseInstant(text);
    // An endpoint may take days that there are not: such a time equals its own text and no other.
    return Number.isNaN(instant) ? text : String(instant);
  }
  return caseExact || type === 'binary' ? text : fold(text);
}

/** What a document has at a place: none, one or several. Nothing of it has been checked. */
export function valuesAt(
  { urn, attribute, sub }: AttributePlace,
  document: JsonObject,
): JsonValue[] {
  const container = urn === undefined ? document : document[urn];
  const values = isObject(container) ? listOf(container[attribute.name]) : [];
  if (sub === undefined) return values;
  return values.flatMap((value) => (isObject(value) ? listOf(value[sub.name]) : []));
}

function listOf(value: JsonValue | undefined): JsonValue[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
