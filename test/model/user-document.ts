/**
 * What a user is and what a change makes of it, after RFC 7643 §2.4, RFC 7644 §3.5.2 and FACTS §1,
 * written without a look at the server's own code. A document has no `schemas`, `id`, `meta` or
 * `groups`: those follow from the rest of the world.
 */
import { isObject, type JsonObject, type JsonValue } from '../../src/scim/json.ts';
import { ENTERPRISE } from '../support/entra.ts';

export const LISTS = ['emails', 'phoneNumbers', 'roles'] as const;
export type ListName = (typeof LISTS)[number];

export const TEXTS = ['userName', 'displayName', 'nickName', 'title', 'externalId'] as const;
export type TextName = (typeof TEXTS)[number];

/** What a PATCH operation means, whatever words it is sent in. */
export type Change =
  | { readonly kind: 'set'; readonly name: TextName | 'active'; readonly value: JsonValue }
  | { readonly kind: 'unset'; readonly name: string }
  /** Sub-attributes of `name` or attributes of the extension; null unassigns. */
  | { readonly kind: 'setParts'; readonly name: string; readonly parts: JsonObject }
  | { readonly kind: 'add'; readonly name: ListName; readonly elements: readonly JsonObject[] }
  | { readonly kind: 'replace'; readonly name: ListName; readonly elements: readonly JsonObject[] }
  | { readonly kind: 'removeWhere'; readonly name: ListName; readonly where: Where }
  /** Creates the element where none matches, as Entra expects. */
  | {
      readonly kind: 'setWhere';
      readonly name: ListName;
      readonly where: Where;
      readonly sub: 'value' | 'primary' | 'display';
      readonly value: JsonValue;
    };

/** Elements whose sub-attribute is that text, in any case. */
export interface Where {
  readonly sub: 'type' | 'value';
  readonly text: string;
}

/** Equal for texts that are equal where case does not count. Right for the letters used here. */
export function fold(text: string): string {
  return text.normalize('NFC').toUpperCase().toLowerCase();
}

/** The document of what a POST or PUT says; null and [] unassign. */
export function documentOf(said: JsonObject): JsonObject {
  let document: JsonObject = {};
  for (const [name, value] of Object.entries(said)) {
    if (isListName(name)) {
      const elements = Array.isArray(value) ? value.filter(isObject) : [];
      document = changed(document, { kind: 'replace', name, elements });
    } else if (isObject(value)) {
      document = changed(document, { kind: 'setParts', name, parts: value });
    } else if (value !== null) {
      document = { ...document, [name]: value };
    }
  }
  return document;
}

/** The document after the change; an equal one where it changes nothing. */
export function changed(document: JsonObject, change: Change): JsonObject {
  switch (change.kind) {
    case 'set':
      return { ...document, [change.name]: change.value };
    case 'unset':
      return without(document, change.name);
    case 'setParts':
      return withParts(document, change.name, change.parts);
    case 'replace':
      return withList(document, change.name, change.elements, change.elements);
    case 'add': {
      const after = [...elementsOf(document, change.name), ...merged(change.elements)];
      return withList(document, change.name, after, change.elements);
    }
    case 'removeWhere': {
      const { name, where } = change;
      const left = elementsOf(document, name).filter((element) => !matches(element, where));
      return withList(document, name, left, []);
    }
    case 'setWhere':
      return withElementsSet(document, change);
  }
}

export function elementsOf(document: JsonObject, name: string): JsonObject[] {
  const value = document[name];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The value of an attribute, a sub-attribute or one of the extension; undefined when unassigned. */
export function valueOf(document: JsonObject, path: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = document;
  for (const step of path) value = isObject(value) ? value[step] : undefined;
  return value;
}

export function hasExtension(document: JsonObject): boolean {
  return document[ENTERPRISE] !== undefined;
}

function withElementsSet(
  document: JsonObject,
  { name, where, sub, value }: Change & { kind: 'setWhere' },
): JsonObject {
  const before = elementsOf(document, name);
  const chosen = before.filter((element) => matches(element, where));
  if (chosen.length === 0) {
    const created = { [where.sub]: where.text, [sub]: value };
    return withList(document, name, [...before, created], [created]);
  }
  const after = before.map((element) =>
    matches(element, where) ? { ...element, [sub]: value } : element,
  );
  // Only who says which is primary takes it from the others.
  const said = sub === 'primary' ? after.filter((element) => matches(element, where)) : [];
  return withList(document, name, after, said);
}

/** @param said the elements of which the first primary, once they are merged, wins over all others */
function withList(
  document: JsonObject,
  name: string,
  elements: readonly JsonObject[],
  said: readonly JsonObject[],
): JsonObject {
  const distinct = merged(elements);
  const winner = merged(said).find(({ primary }) => primary === true);
  const winnerKey = winner === undefined ? undefined : keyOf(winner);
  const list = distinct.map((element) => {
    const loses = winnerKey !== undefined && element['primary'] === true;
    return loses && keyOf(element) !== winnerKey ? { ...element, primary: false } : element;
  });
  return list.length === 0 ? without(document, name) : { ...document, [name]: list };
}

/** Elements that agree in type and value are one (RFC 7643 §2.4); the later word counts. */
function merged(elements: readonly JsonObject[]): JsonObject[] {
  const distinct = new Map<string, JsonObject>();
  for (const element of elements) {
    const key = keyOf(element);
    const first = distinct.get(key);
    distinct.set(key, first === undefined ? element : { ...first, ...element, ...spelling(first) });
  }
  return [...distinct.values()];
}

function spelling({ type, value }: JsonObject): JsonObject {
  return {
    ...(type === undefined ? {} : { type }),
    ...(value === undefined ? {} : { value }),
  };
}

/** Elements without a value, which only a change of a type that is not there makes, are their type. */
function keyOf({ type, value, display }: JsonObject): string {
  const parts = value === undefined ? [type, 'no value', display] : [type, value];
  return JSON.stringify(parts.map((part) => (typeof part === 'string' ? fold(part) : null)));
}

function matches(element: JsonObject, { sub, text }: Where): boolean {
  const value = element[sub];
  return typeof value === 'string' && fold(value) === fold(text);
}

function withParts(document: JsonObject, name: string, parts: JsonObject): JsonObject {
  const before = document[name];
  const after: JsonObject = isObject(before) ? { ...before } : {};
  for (const [part, value] of Object.entries(parts)) {
    if (value === null) Reflect.deleteProperty(after, part);
    else after[part] = value;
  }
  return Object.keys(after).length === 0 ? without(document, name) : { ...document, [name]: after };
}

/** The object without members of these names. */
export function without(object: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

function isListName(name: string): name is ListName {
  return LISTS.some((list) => list === name);
}
