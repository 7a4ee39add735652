/**
 * Changes elements of a multi-valued attribute, whichever verb asks for it. Every list that leaves
 * here is in order by `resource/elements.ts`, as one that a POST brings.
 */
import type { JsonValue } from '../json.ts';
import { distinctElements, isPrimary, withOnePrimary } from '../resource/elements.ts';
import { sameValue } from '../same-value.ts';
import type { Attribute } from '../schema/attribute.ts';
import type { ValueChange } from './merge.ts';
import type { PatchRules, Target } from './target.ts';

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
    if (!isPrimary(next)) continue;
    primaries.push(next);
    setsPrimary ||= !isPrimary(element);
  }
  if (!selected) return undefined;
  return { value: listValue(attribute, current, after, setsPrimary ? primaries : [], rules) };
}

/**
 * Elements as the attribute's next value: undefined when none is left, the current value itself
 * when they are the same.
 * @param primaries those of them that the operation makes or leaves primary; none when it does not
 *   say which is
 * @throws ScimError 400 invalidValue for several primaries, by the setting
 */
export function listValue(
  attribute: Attribute,
  current: JsonValue | undefined,
  after: readonly JsonValue[],
  primaries: readonly JsonValue[],
  rules: PatchRules,
): JsonValue | undefined {
  const before = elementsOf(current);
  if (isUntouched(before, after)) return current;
  const distinct = distinctElements(attribute, after);
  const next = withOnePrimary(attribute, distinct, primaries, rules);
  if (next.length === 0) return undefined;
  return sameValue(current, next) ? current : next;
}

function isUntouched(before: readonly JsonValue[], after: readonly JsonValue[]): boolean {
  return before.length === after.length && before.every((element, at) => element === after[at]);
}
