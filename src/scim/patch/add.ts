/**
 * The `add` operation on a whole multi-valued attribute (RFC 7644 §3.5.2.1): appends what is not
 * there yet. Any other target is set as by `replace`: see `assign.ts`.
 */
import type { JsonValue } from '../json.ts';
import { canonicalizeElement } from '../resource/value.ts';
import { elementsOf, listValue } from './elements.ts';
import type { PatchRules, Target } from './target.ts';

/**
 * The value of the target's attribute after the operation; the current value itself when it
 * already holds what is added.
 * @throws ScimError 400 invalidValue
 */
export function added(
  { attribute }: Target,
  current: JsonValue | undefined,
  value: JsonValue,
  rules: PatchRules,
): JsonValue | undefined {
  const after = [...elementsOf(current)];
  for (const given of Array.isArray(value) ? value : [value]) {
    const element = canonicalizeElement(attribute, given, rules);
    if (element !== undefined) after.push(element);
  }
  return listValue(attribute, current, after);
}
