/**
 * The `replace` operation on a whole multi-valued attribute (RFC 7644 §3.5.2.3): it gets the given
 * elements instead of its own. Any other target is set as by `add`: see `assign.ts`.
 */
import type { JsonValue } from '../json.ts';
import { canonicalizeValue } from '../resource/value.ts';
import { sameValue } from '../same-value.ts';
import type { PatchRules, Target } from './target.ts';

/**
 * The value of the target's attribute after the operation; null, [] and what the schema takes for
 * no value unassign it.
 * @throws ScimError 400 invalidValue
 */
export function replaced(
  { attribute }: Target,
  current: JsonValue | undefined,
  value: JsonValue,
  rules: PatchRules,
): JsonValue | undefined {
  const next = canonicalizeValue(attribute, value, rules);
  return sameValue(current, next) ? current : next;
}
