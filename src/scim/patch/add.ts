/**
 * The `add` operation on a whole multi-valued attribute (RFC 7644 §3.5.2.1): appends what is not
 * there yet, and gives to what is there what the request says of it. Any other target is set as by
 * `replace`: see `assign.ts`.
 */
import type { JsonValue } from '../json.ts';
import { isPrimary } from '../resource/elements.ts';
import { canonicalizeElements } from '../resource/value.ts';
import { elementsOf, listValue } from './elements.ts';
import type { PatchRules, Target } from './target.ts';

/**
 * The value of the target's attribute after the operation; the current value itself when it
 * already holds what is added.
 * @param value one element or an array of some: the RFC has both
 * @throws ScimError 400 invalidValue
 */
export function added(
  { attribute }: Target,
  current: JsonValue | undefined,
  value: JsonValue,
  rules: PatchRules,
): JsonValue | undefined {
  const given = canonicalizeElements(attribute, Array.isArray(value) ? value : [value], rules);
  if (given === undefined) return current;
  const after = [...elementsOf(current), ...given];
  return listValue(attribute, current, after, { primaries: given.filter(isPrimary) }, rules);
}
