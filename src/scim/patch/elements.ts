/**
 * Changes elements of a multi-valued attribute, whichever verb asks for it. Every list that leaves
 * here is in order by `resource/elements.ts`, as one that a POST brings.
 */
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { identifyingNames, identityKey } from '../resource/element-identity.ts';
import { distinctElements, isPrimary, withOnePrimary } from '../resource/elements.ts';
import { sameValue } from '../same-value.ts';
import type { Attribute } from '../schema/attribute.ts';
import type { ValueChange } from './merge.ts';
import type { PatchRules, Target } from './target.ts';

/** What an operation says of elements. */
export interface Said {
  /** Those that it makes or leaves primary; none when it does not say which is. */
  readonly primaries: readonly JsonValue[];
  /** Those that it has changed: where one has become the same as another, what it says holds. */
  readonly changed?: readonly JsonValue[];
  readonly change?: ValueChange;
}

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
  rules: PatchRules,
): { readonly value: JsonValue | undefined } | undefined {
  const { attribute, selects } = target;
  const after: JsonValue[] = [];
  const changed: JsonValue[] = [];
  const primaries: JsonValue[] = [];
  let selected = false;
  let setsPrimary = false;
  for (const element of elementsOf(current)) {
    if (selects !== undefined && !selects(element)) {
      after.push(element);
      continue;
    }
    selected = true;
    const next = change(element);
    if (next === undefined) continue;
    after.push(next);
    changed.push(next);
    if (!isPrimary(next)) continue;
    primaries.push(next);
    setsPrimary ||= !isPrimary(element);
  }
  if (!selected) return undefined;
  const said = { changed, change, primaries: setsPrimary ? primaries : [] };
  return { value: listValue(attribute, current, after, said, rules) };
}

/**
 * Elements as the attribute's next value: undefined when none is left, the current value itself
 * when they are the same.
 * @throws ScimError 400 invalidValue for several primaries, by the setting; 400 mutability where one
 *   that becomes the same as another would change what is immutable in it
 */
export function listValue(
  attribute: Attribute,
  current: JsonValue | undefined,
  after: readonly JsonValue[],
  said: Said,
  rules: PatchRules,
): JsonValue | undefined {
  const before = elementsOf(current);
  if (isUntouched(before, after)) return current;
  const distinct = distinctElements(attribute, after);
  const merged =
    distinct.length < after.length ? withLastWord(attribute, distinct, said) : distinct;
  const next = withOnePrimary(attribute, merged, said.primaries, rules);
  if (next.length === 0) return undefined;
  return sameValue(current, next) ? current : next;
}

/**
 * The later of two elements that are the same has the last word, but the operation speaks after
 * both. So it is carried out once more on what they have become, in which the spelling of what
 * makes them the same stays.
 */
function withLastWord(
  attribute: Attribute,
  distinct: JsonValue[],
  { changed = [], change }: Said,
): JsonValue[] {
  if (change === undefined) return distinct;
  const byKey = new Map(changed.map((element) => [identityKey(attribute, element), element]));
  return distinct.map((element) => {
    const spoken = byKey.get(identityKey(attribute, element));
    if (!isObject(element) || !isObject(spoken)) return element;
    const names = identifyingNames(element);
    // Respelt first: another spelling would be another value, at which a reference goes.
    const next = change({ ...element, ...picked(spoken, names) });
    return isObject(next) ? { ...next, ...picked(element, names) } : element;
  });
}

function picked(element: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(element).filter(([name]) => names.includes(name)));
}

function isUntouched(before: readonly JsonValue[], after: readonly JsonValue[]): boolean {
  return before.length === after.length && before.every((element, at) => element === after[at]);
}
