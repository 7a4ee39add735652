/**
 * Changes one value: that of a single-valued attribute, or one element of a multi-valued one.
 * Sub-attributes that are not given stay as they are (RFC 7644 §3.5.2.3). What is given is checked
 * once, when the change is made, so that its faults are found even where it changes nothing; a
 * value that stays the same stays the same object.
 */
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { canonicalizeElement, canonicalizeValue, noteRespelled } from '../resource/value.ts';
import { unknownValue } from '../resource/unknown.ts';
import { sameValue } from '../same-value.ts';
import type { Attribute } from '../schema/attribute.ts';
import { own, presentKey } from './draft.ts';
import { immutable, requiredAttribute, type PatchRules } from './target.ts';

/** From a value, undefined when there is none, to the next, undefined when it is unassigned. */
export type ValueChange = (current: JsonValue | undefined) => JsonValue | undefined;

interface SubChange {
  readonly name: string;
  /** Undefined for one that the schema does not know and the endpoint keeps. */
  readonly sub: Attribute | undefined;
  readonly value: JsonValue | undefined;
}

/**
 * Sets a value: a simple one is replaced, the given sub-attributes of a complex one are set, or
 * unassigned where they are null. A manager given as a string is one given by its `value`.
 * @throws ScimError 400 invalidValue; the change throws 400 mutability
 */
export function setting(attribute: Attribute, given: JsonValue, rules: PatchRules): ValueChange {
  const isComplex = attribute.type === 'complex';
  const value = isComplex && isObject(given) ? given : canonicalize(attribute, given, rules);
  if (!isComplex || !isObject(value)) {
    return (current) => (sameValue(current, value) ? current : value);
  }
  const changes: SubChange[] = [];
  let respelled: Set<string> | undefined;
  for (const [name, inner] of Object.entries(value)) {
    const sub = attribute.subs.named(name);
    if (sub !== undefined) {
      if (name !== sub.name) respelled = noteRespelled(respelled, value, sub);
      // What the server alone sets is ignored inside a value, as in a POST.
      if (sub.mutability !== 'readOnly' && !sub.derived) {
        changes.push(subChange(attribute, sub, inner, rules));
      }
    } else if (rules.unknownAttributes !== 'drop') {
      const owner = `${attribute.path}.`;
      const kept = unknownValue(owner, name, inner, rules.unknownAttributes);
      changes.push({ name, sub, value: kept });
    }
  }
  return changing(attribute, changes, rules);
}

/**
 * Sets or, with null, unassigns one sub-attribute.
 * @throws ScimError 400 invalidValue; the change throws 400 mutability
 */
export function settingSub(
  attribute: Attribute,
  sub: Attribute,
  given: JsonValue,
  rules: PatchRules,
): ValueChange {
  return changing(attribute, [subChange(attribute, sub, given, rules)], rules);
}

function canonicalize(
  attribute: Attribute,
  given: JsonValue,
  rules: PatchRules,
): JsonValue | undefined {
  return attribute.multiValued
    ? canonicalizeElement(attribute, given, rules)
    : canonicalizeValue(attribute, given, rules);
}

function subChange(
  attribute: Attribute,
  sub: Attribute,
  given: JsonValue,
  rules: PatchRules,
): SubChange {
  const value = canonicalizeValue(sub, given, rules);
  // A reference to nothing is none: Entra unassigns a manager with {"value":""}.
  const isNoReference = value === '' && !attribute.multiValued && sub.key === 'value';
  return { name: sub.name, sub, value: isNoReference ? undefined : value };
}

function changing(
  attribute: Attribute,
  changes: readonly SubChange[],
  { dropLabels }: PatchRules,
): ValueChange {
  return (current) => {
    const before = isObject(current) ? current : {};
    const next = changed(before, changes);
    if (Object.keys(next).length === 0) return undefined;
    if (dropLabels && leavesLabels(attribute, before, next)) return undefined;
    return sameValue(before, next) ? current : next;
  };
}

function changed(before: JsonObject, changes: readonly SubChange[]): JsonObject {
  const next = { ...before };
  for (const { name: given, sub, value } of changes) {
    const name = sub === undefined ? (presentKey(next, given) ?? given) : given;
    const present = own(before, name);
    if (sameValue(present, value)) continue;
    if (present !== undefined && sub?.mutability === 'immutable') throw immutable(sub);
    if (value !== undefined) next[name] = value;
    else if (sub?.required === true) throw requiredAttribute(sub);
    else Reflect.deleteProperty(next, name);
  }
  // A reference does not outlive the value it belonged to.
  const isStale = !sameValue(own(before, 'value'), own(next, 'value'));
  if (isStale && !changes.some(({ name }) => name === '$ref')) Reflect.deleteProperty(next, '$ref');
  return next;
}

/**
 * Whether a removal has left something, but no value. By the letter that stays (RFC 7644 §3.5.2.2:
 * the sub-attribute is unassigned, and no more), and providers mean the whole.
 */
function leavesLabels(attribute: Attribute, before: JsonObject, next: JsonObject): boolean {
  if (!attribute.multiValued)
    return Object.hasOwn(before, 'value') && !Object.hasOwn(next, 'value');
  return Object.keys(next).every(isLabel) && !Object.keys(before).every(isLabel);
}

/** Sub-attributes that describe a value and are none themselves (RFC 7643 §2.4). */
function isLabel(name: string): boolean {
  return name === 'type' || name === 'primary' || name === 'display';
}
