/**
 * What `add` and `replace` do alike: they set a single-valued attribute, a sub-attribute, or the
 * elements that a value filter selects. A filter that selects nothing is 400 noTarget by RFC 7644
 * §3.5.2.3; Entra expects the element created, so that the endpoint decides.
 */
import { badRequest, type ScimError } from '../errors.ts';
import type { FilterNode } from '../filter/ast.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { isPrimary } from '../resource/elements.ts';
import { canonicalizeValue } from '../resource/value.ts';
import { quoted } from '../resource/wording.ts';
import type { Attribute } from '../schema/attribute.ts';
import { elementsOf, listValue, withSelectedChanged } from './elements.ts';
import { setting, settingSub, type ValueChange } from './merge.ts';
import type { PatchRules, Target } from './target.ts';

/**
 * The value of the target's attribute after the operation.
 * @throws ScimError 400 invalidValue, mutability, noTarget
 */
export function assigned(
  target: Target,
  current: JsonValue | undefined,
  value: JsonValue,
  rules: PatchRules,
): JsonValue | undefined {
  const { attribute, sub } = target;
  const change =
    sub === undefined
      ? setting(
          attribute,
          attribute.multiValued ? onlyElement(attribute, value, rules) : value,
          rules,
        )
      : settingSub(attribute, sub, value, rules);
  if (!attribute.multiValued) return change(current);
  const selected = withSelectedChanged(target, current, change, rules);
  return selected === undefined ? withCreated(target, current, change, rules) : selected.value;
}

/** A value path means one value for each selected element; some clients put it into an array. */
function onlyElement(attribute: Attribute, value: JsonValue, rules: PatchRules): JsonValue {
  if (!Array.isArray(value)) return value;
  if (value.length > 1 || !rules.bareValues) {
    throw badRequest(
      'invalidValue',
      `${attribute.path}: a path with a filter takes the value of one element, not an array of ${value.length}`,
    );
  }
  return value[0] ?? null;
}

/** The attribute with a new element: what the filter asks of it, and the given value. */
function withCreated(
  target: Target,
  current: JsonValue | undefined,
  change: ValueChange,
  rules: PatchRules,
): JsonValue | undefined {
  const { attribute, path } = target;
  const { filter } = path;
  // Without a filter there is nothing that could fail to match: a missing attribute is added.
  if (filter !== undefined && rules.ignoresNoMatch === true) return current;
  if (filter !== undefined && !rules.patchReplaceCreatesValuePathTarget) throw noTarget(target);
  if (change(undefined) === undefined) return current;
  const demanded = filter === undefined ? {} : demandedBy(target, filter, rules);
  if (demanded === undefined) throw noTarget(target);
  const created = change(attribute.type === 'complex' ? demanded : undefined);
  if (created === undefined) return current;
  const after = [...elementsOf(current), created];
  const said = { changed: [created], change, primaries: [created].filter(isPrimary) };
  return listValue(attribute, current, after, said, rules);
}

/**
 * What makes an element match: the filter's equalities; one of simple values as its `value`.
 * @returns undefined for a filter of which no single element follows, or that contradicts itself
 */
export function demandedBy(
  { attribute, selects }: Target,
  filter: FilterNode,
  rules: PatchRules,
): JsonObject | undefined {
  const demanded: JsonObject = {};
  if (!demand(attribute, filter, demanded, rules)) return undefined;
  const element = attribute.type === 'complex' ? demanded : (demanded['value'] ?? null);
  // What does not match is not found by the next request either, which would create one more.
  return selects?.(element) === false ? undefined : demanded;
}

function demand(
  attribute: Attribute,
  filter: FilterNode,
  element: JsonObject,
  rules: PatchRules,
): boolean {
  if (filter.kind === 'and') {
    return filter.nodes.every((node) => demand(attribute, node, element, rules));
  }
  if (filter.kind !== 'compare' || filter.operator !== 'eq') return false;
  const sub = attribute.subs.named(filter.path.text);
  if (sub === undefined && attribute.type === 'complex') return false;
  const name = sub?.name ?? 'value';
  const value = sub === undefined ? filter.value : canonicalizeValue(sub, filter.value, rules);
  if (value !== undefined) element[name] ??= value;
  return true;
}

/** RFC 7644 §3.5.2.3. */
export function noTarget(target: Target): ScimError {
  return badRequest(
    'noTarget',
    `${quoted(target.path.text)} matches no value of ${target.attribute.path}; add the value, or name one that is there`,
  );
}
