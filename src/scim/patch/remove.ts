/**
 * The `remove` operation (RFC 7644 §3.5.2.2). Removing what is not there succeeds and changes
 * nothing: §3.5.2.2 asks for that with members, and identity providers repeat their removes.
 *
 * Entra lists in `value` what to remove from a multi-valued attribute: only that goes. The RFC knows
 * no `value` here, and a server that ignores it empties the attribute; an endpoint may refuse it
 * (`removeWithValue`), which parsing does.
 */
import { isObject, type JsonValue } from '../json.ts';
import { elementKey, ownNames } from '../resource/element-identity.ts';
import { elementsOf, listValue, withSelectedChanged } from './elements.ts';
import { setting, settingSub } from './merge.ts';
import type { PatchRules, Target } from './target.ts';

/**
 * The value of the target's attribute after the operation; undefined when it is unassigned.
 * @throws ScimError 400 invalidValue, mutability
 */
export function removed(
  target: Target,
  current: JsonValue | undefined,
  value: JsonValue | undefined,
  rules: PatchRules,
): JsonValue | undefined {
  const { attribute, sub, selects } = target;
  if (sub !== undefined) {
    const change = settingSub(attribute, sub, null, rules);
    if (!attribute.multiValued) return current === undefined ? undefined : change(current);
    const selected = withSelectedChanged(target, current, change, rules);
    return selected === undefined ? current : selected.value;
  }
  if (!attribute.multiValued) return undefined;
  if (selects !== undefined) {
    const staying = elementsOf(current).filter((element) => !selects(element));
    return listValue(attribute, current, staying, { primaries: [] }, rules);
  }
  // Serializers write null for an absent value; [] lists nothing, so that nothing goes.
  if (value === undefined || value === null) return undefined;
  return withoutListed(target, current, Array.isArray(value) ? value : [value], rules);
}

/** The elements that agree with none of the listed ones in what these give. */
function withoutListed(
  { attribute }: Target,
  current: JsonValue | undefined,
  listed: readonly JsonValue[],
  rules: PatchRules,
): JsonValue | undefined {
  const byNames = new Map<string, { names: readonly string[]; keys: Set<string> }>();
  for (const given of listed) {
    // As a change of nothing, because an element may be listed by less than it must have.
    const element = setting(attribute, given, rules)(undefined);
    if (element === undefined) continue;
    const names = listedNames(element);
    const group = byNames.get(names.join()) ?? { names, keys: new Set() };
    byNames.set(names.join(), group);
    group.keys.add(elementKey(attribute, element, names));
  }
  const groups = [...byNames.values()];
  const staying = elementsOf(current).filter(
    (element) => !groups.some(({ names, keys }) => keys.has(elementKey(attribute, element, names))),
  );
  return listValue(attribute, current, staying, { primaries: [] }, rules);
}

/**
 * The sub-attributes by which a client lists an element to be removed: `value`, with `type` when
 * that is given too, else all that it gives.
 */
function listedNames(listed: JsonValue): readonly string[] {
  if (!isObject(listed) || !Object.hasOwn(listed, 'value')) return ownNames(listed);
  return Object.hasOwn(listed, 'type') ? ['type', 'value'] : ['value'];
}
