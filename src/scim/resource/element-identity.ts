/**
 * When two elements of a multi-valued attribute are the same one: they agree in `type` and `value`
 * (RFC 7643 §2.4), or in all that they say but for `primary` where they have no value, as addresses.
 * Texts compare as the schema says (caseExact). There is no other rule: POST, PUT and every verb of
 * PATCH go by it, or a PATCH would add what a POST has merged. Keys make finding one among n a
 * single look-up: a client may send tens of thousands, and the writer is one thread.
 */
import { fold } from '../fold.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import type { Attribute } from '../schema/attribute.ts';

/** Equal texts for the same element. @param element canonical */
export function identityKey(attribute: Attribute, element: JsonValue): string {
  if (!isObject(element)) return JSON.stringify(comparable(attribute, element));
  const { type, value } = element;
  if (typeof value !== 'string' || value === '') {
    return elementKey(attribute, element, identifyingNames(element));
  }
  const valueText = comparableText(attribute.subs.get('value'), value);
  if (type === undefined) return `:${valueText}`;
  if (typeof type !== 'string') return elementKey(attribute, element, TYPE_AND_VALUE);
  const typeText = comparableText(attribute.subs.get('type'), type);
  return `${typeText.length}:${typeText}${valueText}`;
}

/** Equal texts for elements that agree in the named sub-attributes; primitives have no names. */
export function elementKey(
  attribute: Attribute,
  element: JsonValue,
  names: readonly string[],
): string {
  if (!isObject(element)) return JSON.stringify(comparable(attribute, element));
  const values = names.map((name) => {
    const value = Object.hasOwn(element, name) ? element[name] : undefined;
    return [name, comparable(attribute.subs.named(name), value)];
  });
  return JSON.stringify(values);
}

/** The names of all that an element says, in an order of their own. */
export function ownNames(element: JsonValue): readonly string[] {
  return isObject(element) ? Object.keys(element).sort() : [];
}

/** The sub-attributes that make an element itself and no other. */
export function identifyingNames(element: JsonObject): readonly string[] {
  const { value } = element;
  if (value !== undefined && value !== '') return TYPE_AND_VALUE;
  return ownNames(element).filter((name) => name !== 'primary');
}

const TYPE_AND_VALUE = ['type', 'value'] as const;

function comparable(
  attribute: Attribute | undefined,
  value: JsonValue | undefined,
): JsonValue | undefined {
  return typeof value === 'string' ? comparableText(attribute, value) : value;
}

function comparableText(attribute: Attribute | undefined, text: string): string {
  return attribute?.caseExact === false ? fold(text) : text;
}
