/**
 * Keys by which elements of a multi-valued attribute are recognised, so that finding a value among
 * n others is one look-up in a map: a client may send tens of thousands, and the writer is one
 * thread. Texts compare as the schema says (caseExact).
 */
import { fold } from '../fold.ts';
import { isObject, type JsonValue } from '../json.ts';
import type { Attribute } from '../schema/attribute.ts';
import { own } from './draft.ts';

/**
 * What makes an element itself and no other: its `type` and `value` (RFC 7643 §2.4: no combination
 * twice), or all that it says when it has no `value`.
 */
export function identityKey(attribute: Attribute, element: JsonValue): string {
  const names =
    isObject(element) && Object.hasOwn(element, 'value') ? TYPE_AND_VALUE : ownNames(element);
  return elementKey(attribute, element, names);
}

/**
 * The sub-attributes by which a client lists an element to be removed: `value`, with `type` when
 * that is given too, else all that it gives.
 */
export function listedNames(listed: JsonValue): readonly string[] {
  if (!isObject(listed) || !Object.hasOwn(listed, 'value')) return ownNames(listed);
  return Object.hasOwn(listed, 'type') ? TYPE_AND_VALUE : VALUE;
}

/** Equal texts for elements that agree in the named sub-attributes; primitives have no names. */
export function elementKey(
  attribute: Attribute,
  element: JsonValue,
  names: readonly string[],
): string {
  if (!isObject(element)) return JSON.stringify(comparable(attribute, element));
  const values = names.map((name) => {
    const sub = attribute.subs.named(name);
    return [name, comparable(sub, own(element, name))];
  });
  return JSON.stringify(values);
}

const TYPE_AND_VALUE = ['type', 'value'] as const;
const VALUE = ['value'] as const;

function ownNames(element: JsonValue): readonly string[] {
  return isObject(element) ? Object.keys(element).sort() : [];
}

function comparable(
  attribute: Attribute | undefined,
  value: JsonValue | undefined,
): JsonValue | undefined {
  return typeof value === 'string' && attribute?.caseExact === false ? fold(value) : value;
}
