/**
 * The `replace` operation (RFC 7644 §3.5.2.3): a multi-valued attribute gets the given elements
 * instead of its own; anything else is set like by `add`, and added where it is missing.
 */
import type { JsonValue } from '../json.ts';
import { canonicalizeValue } from '../resource/value.ts';
import { assigned } from './assign.ts';
import { elementsOf, listValue } from './elements.ts';
import type { PatchRules, Target } from './target.ts';

/**
 * The value of the target's attribute after the operation; null, [] and what the schema takes for
 * no value unassign it.
 * @throws ScimError 400 invalidValue, mutability, noTarget
 */
export function replaced(
  target: Target,
  current: JsonValue | undefined,
  value: JsonValue,
  rules: PatchRules,
): JsonValue | undefined {
  const { attribute, sub, selects } = target;
  if (!attribute.multiValued || sub !== undefined || selects !== undefined) {
    return assigned(target, current, value, rules);
  }
  const next = canonicalizeValue(attribute, value, rules);
  return listValue(attribute, current, elementsOf(next));
}
