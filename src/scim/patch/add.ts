/**
 * The `add` operation (RFC 7644 §3.5.2.1): appends to a multi-valued attribute what is not there
 * yet; anything else it sets like `replace`.
 */
import type { JsonValue } from '../json.ts';
import { canonicalizeElement } from '../resource/value.ts';
import { assigned } from './assign.ts';
import { elementsOf, listValue } from './elements.ts';
import type { PatchRules, Target } from './target.ts';

/**
 * The value of the target's attribute after the operation; the current value itself when it
 * already holds what is added.
 * @throws ScimError 400 invalidValue, mutability, noTarget
 */
export function added(
  target: Target,
  current: JsonValue | undefined,
  value: JsonValue,
  rules: PatchRules,
): JsonValue | undefined {
  const { attribute, sub, selects } = target;
  if (!attribute.multiValued || sub !== undefined || selects !== undefined) {
    return assigned(target, current, value, rules);
  }
  const after = [...elementsOf(current)];
  for (const given of Array.isArray(value) ? value : [value]) {
    const element = canonicalizeElement(attribute, given, rules);
    if (element !== undefined) after.push(element);
  }
  return listValue(attribute, current, after);
}
