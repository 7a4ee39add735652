/**
 * What the canonical form of a body has not, or has otherwise: by path, never by value. What the
 * server makes itself and what means unassigned (RFC 7643 §2.5) is no difference. Pure.
 */
import { foldAscii } from '../scim/fold.ts';
import { isObject, type JsonObject, type JsonValue } from '../scim/json.ts';
import { sameValue } from '../scim/same-value.ts';
import type { Attribute, Attributes, ResourceType } from '../scim/schema/attribute.ts';
import { resolvePath } from '../scim/schema/resolve.ts';
import type { Notes } from './findings.ts';

const UNKNOWN = 'the schema of the endpoint does not have it';

/** @param body that `canonical` was made of */
export function noteDifferences(
  type: ResourceType,
  body: JsonObject,
  canonical: JsonObject,
  notes: Notes,
): void {
  for (const [key, value] of Object.entries(body)) {
    if (isUnassigned(value)) continue;
    const attribute = type.attributes.named(key);
    const extension = type.extensions.get(foldAscii(key));
    if (attribute !== undefined) {
      noteAttribute(attribute, value, canonical[attribute.name], notes);
    } else if (extension !== undefined) {
      const { urn, attributes } = extension;
      noteAttributes(attributes, value, canonical[urn], `${urn}:`, notes);
    } else if (isFlatKey(type, key)) {
      notes.add('changed', key, 'a path as a key: its value stands in its place now');
    } else if (foldAscii(key) === foldAscii(type.schema) && isObject(value)) {
      noteDifferences(type, value, canonical, notes);
    } else if (canonical[key] === undefined) notes.add('dropped', key, UNKNOWN);
  }
}

function isFlatKey(type: ResourceType, key: string): boolean {
  if (!key.includes('.') && !key.includes(':')) return false;
  const path = resolvePath(type, key);
  if (path?.attribute === undefined) return false;
  return path.sub === undefined || !path.attribute.multiValued;
}

function noteAttributes(
  attributes: Attributes,
  given: JsonValue,
  taken: JsonValue | undefined,
  owner: string,
  notes: Notes,
): void {
  if (!isObject(given)) return;
  const rest = isObject(taken) ? taken : {};
  for (const [key, value] of Object.entries(given)) {
    if (isUnassigned(value)) continue;
    const attribute = attributes.named(key);
    if (attribute !== undefined) noteAttribute(attribute, value, rest[attribute.name], notes);
    else if (rest[key] === undefined) notes.add('dropped', `${owner}${key}`, UNKNOWN);
  }
}

function noteAttribute(
  attribute: Attribute,
  given: JsonValue,
  taken: JsonValue | undefined,
  notes: Notes,
): void {
  const { path, mutability, derived, multiValued, subs } = attribute;
  if (mutability === 'readOnly' || derived || isUnassigned(given)) return;
  if (taken !== undefined && sameValue(given, taken)) return;
  if (multiValued && Array.isArray(given)) {
    noteElements(attribute, given, Array.isArray(taken) ? taken : [], notes);
  } else if (subs.size > 0 && isObject(given)) {
    noteAttributes(subs, given, taken, `${path}.`, notes);
  } else if (taken !== undefined) {
    notes.add('changed', path, 'written as the schema has it');
  } else if (given !== '') notes.add('changed', path, 'it meant nothing and was left out');
}

function noteElements(
  attribute: Attribute,
  given: readonly JsonValue[],
  taken: readonly JsonValue[],
  notes: Notes,
): void {
  const { path, subs } = attribute;
  if (given.length !== taken.length) {
    notes.add('changed', path, 'elements that were empty or there twice are one less');
  }
  for (const [index, element] of given.entries()) {
    // Where elements went, nobody knows which is which; then a key that none has any more is told.
    const counterpart =
      given.length === taken.length ? taken[index] : firstWithKeysOf(element, taken);
    if (sameValue(element, counterpart)) continue;
    if (isObject(element)) noteAttributes(subs, element, counterpart, `${path}.`, notes);
    else if (given.length === taken.length) {
      notes.add('changed', path, 'written as the schema has it');
    }
  }
}

/** The element with the values of those keys that any of `taken` has. */
function firstWithKeysOf(element: JsonValue, taken: readonly JsonValue[]): JsonValue | undefined {
  if (!isObject(element)) return undefined;
  const present = Object.entries(element).filter(([key]) =>
    taken.some((other) => isObject(other) && Object.hasOwn(other, key)),
  );
  return Object.fromEntries(present);
}

function isUnassigned(value: JsonValue): boolean {
  if (value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.values(value).every(isUnassigned);
}
