/**
 * Keeps the elements of a multi-valued attribute in order (RFC 7643 §2.4), whoever changes them: no
 * element twice, at most one primary.
 */
import type { ValueDialect } from '../dialect.ts';
import { badRequest } from '../errors.ts';
import { fold } from '../fold.ts';
import { isObject, type JsonValue } from '../json.ts';
import { sameValue } from '../same-value.ts';
import type { Attribute } from '../schema/attribute.ts';
import { identifyingNames, identityKey } from './element-identity.ts';

/** Elements of which each is compared with each. */
const FEW = 8;

export type ElementOptions = Pick<ValueDialect, 'severalPrimaries'>;

/**
 * Elements as one value gives them, all at once.
 * @param elements canonical
 * @throws ScimError 400 invalidValue for several primaries, by the setting
 */
export function normalizeElements(
  attribute: Attribute,
  elements: JsonValue[],
  options: ElementOptions,
): JsonValue[] {
  if (elements.length < 2) return elements;
  const distinct = differByType(elements) ? elements : distinctElements(attribute, elements);
  if (!hasSeveralPrimaries(distinct)) return distinct;
  return withOnePrimary(attribute, distinct, distinct.filter(isPrimary), options);
}

/** What is nearly always so is cheaper to see than the keys of all elements are to make. */
function differByType(elements: readonly JsonValue[]): boolean {
  if (elements.length > FEW) return false;
  const types: string[] = [];
  for (const element of elements) {
    if (!isObject(element) || typeof element['type'] !== 'string') return false;
    const type = fold(element['type']);
    if (types.includes(type)) return false;
    types.push(type);
  }
  return true;
}

/**
 * The same elements become one, in the place of the first, as if a PATCH had added one after the
 * other: what a later one says is added or replaces.
 */
export function distinctElements(
  attribute: Attribute,
  elements: readonly JsonValue[],
): JsonValue[] {
  const places = new Map<string, number>();
  const result: JsonValue[] = [];
  for (const element of elements) {
    const key = identityKey(attribute, element);
    const place = places.get(key);
    const first = place === undefined ? undefined : result[place];
    if (place === undefined || first === undefined) {
      places.set(key, result.push(element) - 1);
    } else {
      result[place] = united(first, element);
    }
  }
  return result;
}

/**
 * The elements with one primary: of those that a request sets the first (or a refusal, by the
 * setting), which clears any other (RFC 7644 §3.5.2). Who sets none changes nothing here.
 * @param elements distinct
 * @param set elements that the request makes or leaves primary
 * @throws ScimError 400 invalidValue
 */
export function withOnePrimary(
  attribute: Attribute,
  elements: JsonValue[],
  set: readonly JsonValue[],
  options: ElementOptions,
): JsonValue[] {
  const [first] = set;
  if (first === undefined || !hasPrimaries(attribute)) return elements;
  if (!hasSeveralPrimaries(elements)) return elements;
  const key = identityKey(attribute, first);
  if (options.severalPrimaries === 'refuse') {
    if (set.some((element) => identityKey(attribute, element) !== key)) throw several(attribute);
  }
  const stays = elements.findIndex(
    (element) => isPrimary(element) && identityKey(attribute, element) === key,
  );
  if (stays === -1) return elements;
  return elements.map((element, at) =>
    at !== stays && isObject(element) && isPrimary(element)
      ? { ...element, primary: false }
      : element,
  );
}

export function isPrimary(element: JsonValue | undefined): boolean {
  return isObject(element) && element['primary'] === true;
}

function hasSeveralPrimaries(elements: readonly JsonValue[]): boolean {
  let found = false;
  for (const element of elements) {
    if (!isPrimary(element)) continue;
    if (found) return true;
    found = true;
  }
  return false;
}

function hasPrimaries(attribute: Attribute): boolean {
  return attribute.subs.get('primary')?.type === 'boolean';
}

/** What identifies both keeps the spelling of the first. */
function united(first: JsonValue, second: JsonValue): JsonValue {
  if (!isObject(first) || !isObject(second)) return first;
  const both = { ...first, ...second };
  for (const name of identifyingNames(first)) {
    const spelled = first[name];
    if (spelled !== undefined) both[name] = spelled;
  }
  return sameValue(first, both) ? first : both;
}

function several(attribute: Attribute): Error {
  const { path } = attribute;
  return badRequest(
    'invalidValue',
    `${path}: one element may be primary, not several; set ${path}.primary to true in one of them`,
  );
}
