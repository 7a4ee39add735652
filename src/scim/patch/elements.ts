/**
 * Changes elements of a multi-valued attribute, whichever verb asks for it. Every list that leaves
 * here keeps the rules of RFC 7643 §2.4: no combination of `type` and `value` twice, one primary.
 */
import { isObject, type JsonValue } from '../json.ts';
import type { Attribute } from '../schema/attribute.ts';
import { own } from './draft.ts';
import { identityKey } from './element-key.ts';
import type { ValueChange } from './merge.ts';
import { withOnePrimary } from './primary.ts';
import { sameValue } from './same-value.ts';
import type { Target } from './target.ts';

/** The elements of an attribute's value; none when it is unassigned. */
export function elementsOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/**
 * The attribute's value after a change of every element that the target selects, which are all
 * when it has no filter; undefined when there is none.
 */
export function withSelectedChanged(
  target: Target,
  current: JsonValue | undefined,
  change: ValueChange,
): { readonly value: JsonValue | undefined } | undefined {
  const { attribute, selects } = target;
  const after: JsonValue[] = [];
  let selected = false;
  for (const element of elementsOf(current)) {
    const isSelected = selects === undefined || selects(element);
    const next = isSelected ? change(element) : element;
    selected ||= isSelected;
    if (next !== undefined) after.push(next);
  }
  return selected ? { value: listValue(attribute, current, after) } : undefined;
}

/**
 * Elements as the attribute's next value: undefined when none is left, the current value itself
 * when they are the same.
 */
export function listValue(
  attribute: Attribute,
  current: JsonValue | undefined,
  after: readonly JsonValue[],
): JsonValue | undefined {
  const before = elementsOf(current);
  if (isUntouched(before, after)) return current;
  const next = withOnePrimary(attribute, before, distinct(attribute, after));
  if (next.length === 0) return undefined;
  return sameValue(current, next) ? current : next;
}

function isUntouched(before: readonly JsonValue[], after: readonly JsonValue[]): boolean {
  return before.length === after.length && before.every((element, at) => element === after[at]);
}

/** Elements of one identity become one, in the place of the first, with what later ones add. */
function distinct(attribute: Attribute, elements: readonly JsonValue[]): JsonValue[] {
  if (elements.length < 2) return [...elements];
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

/** What identifies both keeps the spelling of the first. */
function united(first: JsonValue, second: JsonValue): JsonValue {
  if (!isObject(first) || !isObject(second)) return first;
  const both = { ...first, ...second };
  for (const name of ['type', 'value']) {
    const spelled = own(first, name);
    if (spelled !== undefined) both[name] = spelled;
  }
  return sameValue(first, both) ? first : both;
}
