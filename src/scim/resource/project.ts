/**
 * Which attributes of a resource an answer shows (RFC 7644 §3.9, RFC 7643 §7 `returned`). What is
 * returned `always` stays whatever was asked, what is returned `never` never shows, what is returned
 * on `request` shows by its own name only.
 */
import { badRequest } from '../errors.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import type { Attribute, ResourceType } from '../schema/attribute.ts';
import {
  addPart,
  emptySelection,
  partsPart,
  selectNamed,
  within,
  type Part,
  type Selection,
} from './selection.ts';

export interface Projection {
  /** Whether the answer shows members or groups; if not, they need not be read. */
  readonly needsLinks: boolean;
  /** What is shown of the top-level members that are not listed. */
  readonly others: Shown;
  readonly members: readonly ProjectedMember[];
}

/** What an answer shows of a member: all of it, nothing, or what is left of its value. */
export type Shown = 'whole' | 'nothing' | ((value: JsonValue) => JsonValue | undefined);

export interface ProjectedMember {
  readonly name: string;
  readonly shown: Shown;
}

/**
 * Names that neither the type nor the resource has are ignored.
 * @returns undefined when the answer is the whole resource as it is stored
 * @throws ScimError 400 invalidValue when both lists are given; 400 invalidValue, invalidFilter for a
 *   value path
 */
export function compileProjection(
  type: ResourceType,
  attributes: readonly string[] | undefined,
  excluded: readonly string[] | undefined,
): Projection | undefined {
  const included = given(attributes);
  const left = given(excluded);
  if (included !== undefined && left !== undefined) {
    throw badRequest('invalidValue', 'give either attributes or excludedAttributes, not both');
  }
  const links = type.membership ?? type.groups;
  if (included !== undefined) {
    const kept = selectIncluded(type, included);
    const needsLinks = links !== undefined && kept.parts.has(links.name);
    const members = [...kept.parts].map(([name, part]) => ({ name, shown: keeping(part) }));
    return { needsLinks, others: 'nothing', members };
  }
  if (left === undefined && !type.hasReturnedRequest) return undefined;
  const dropped = selectExcluded(type, left ?? []);
  const needsLinks = links !== undefined && dropped.parts.get(links.name) !== 'whole';
  const members = [...dropped.parts].map(([name, part]) => ({ name, shown: dropping(part) }));
  return { needsLinks, others: 'whole', members };
}

function keeping(part: Part): Shown {
  return part === 'whole' ? 'whole' : (value) => keep(value, part);
}

function dropping(part: Part): Shown {
  return part === 'whole' ? 'nothing' : (value) => drop(value, part);
}

/** A parameter without a name in it asks for nothing. */
function given(names: readonly string[] | undefined): readonly string[] | undefined {
  const trimmed = names?.map((name) => name.trim()).filter((name) => name !== '');
  return trimmed === undefined || trimmed.length === 0 ? undefined : trimmed;
}

function selectIncluded(type: ResourceType, names: readonly string[]): Selection {
  const selection = emptySelection();
  for (const attribute of type.attributes.values()) {
    if (attribute.returned === 'always') show(selection, attribute);
  }
  for (const { urn, attributes } of type.extensions.values()) {
    for (const attribute of attributes.values()) {
      if (attribute.returned === 'always') show(within(selection, urn), attribute);
    }
  }
  selectNamed(selection, type, names, shownOf, (attribute, sub) =>
    sub.returned === 'never' ? [] : [sub, ...alwaysReturned(attribute)],
  );
  return selection;
}

function show(level: Selection, attribute: Attribute): void {
  const part = shownOf(attribute, true);
  if (part !== undefined) addPart(level, attribute.name, part);
}

/** The attribute with all that it shows when it is named: `request` subs only by their own name. */
function shownOf(attribute: Attribute, isNamed: boolean): Part | undefined {
  if (attribute.returned === 'never' || (attribute.returned === 'request' && !isNamed)) {
    return undefined;
  }
  const subs = [...attribute.subs.values()];
  const shown = subs.filter(isReturnedByDefault);
  return shown.length === subs.length ? 'whole' : partsPart(shown);
}

function alwaysReturned(attribute: Attribute): Attribute[] {
  return [...attribute.subs.values()].filter((sub) => sub.returned === 'always');
}

function isReturnedByDefault(attribute: Attribute): boolean {
  return attribute.returned === 'default' || attribute.returned === 'always';
}

function selectExcluded(type: ResourceType, names: readonly string[]): Selection {
  const selection = emptySelection();
  for (const attribute of type.attributes.values()) excludeUnasked(selection, attribute);
  for (const { urn, attributes } of type.extensions.values()) {
    const level = emptySelection();
    for (const attribute of attributes.values()) excludeUnasked(level, attribute);
    if (level.parts.size > 0) selection.parts.set(urn, level);
  }
  selectNamed(selection, type, names, excludedOf, (_, sub) =>
    sub.returned === 'always' ? [] : [sub],
  );
  return selection;
}

/** What nobody sees without asking by name. */
function excludeUnasked(level: Selection, attribute: Attribute): void {
  const subs = [...attribute.subs.values()].filter((sub) => !isReturnedByDefault(sub));
  const part = isReturnedByDefault(attribute) ? partsPart(subs) : 'whole';
  if (part !== undefined) addPart(level, attribute.name, part);
}

/** The attribute without what it shows always. */
function excludedOf(attribute: Attribute): Part | undefined {
  if (attribute.returned === 'always') return undefined;
  const subs = [...attribute.subs.values()];
  const excluded = subs.filter((sub) => sub.returned !== 'always');
  return excluded.length === subs.length ? 'whole' : partsPart(excluded);
}

function keepIn(object: JsonObject, selection: Selection): JsonObject {
  const result: JsonObject = {};
  for (const [name, value] of Object.entries(object)) {
    const part = selection.parts.get(name);
    const kept = part === undefined ? undefined : keep(value, part);
    if (kept !== undefined) result[name] = kept;
  }
  return result;
}

function keep(value: JsonValue, part: Part): JsonValue | undefined {
  if (part === 'whole') return value;
  if (Array.isArray(value)) {
    return assigned(value.flatMap((element) => keep(element, partFor(element, part)) ?? []));
  }
  return isObject(value) ? assigned(keepIn(value, part)) : undefined;
}

function dropIn(object: JsonObject, selection: Selection): JsonObject {
  const result: JsonObject = {};
  for (const [name, value] of Object.entries(object)) {
    const part = selection.parts.get(name);
    const left = part === undefined ? value : drop(value, part);
    if (left !== undefined) result[name] = left;
  }
  return result;
}

function drop(value: JsonValue, part: Part): JsonValue | undefined {
  if (part === 'whole') return undefined;
  if (Array.isArray(value)) {
    return assigned(value.flatMap((element) => drop(element, partFor(element, part)) ?? []));
  }
  return isObject(value) ? assigned(dropIn(value, part)) : value;
}

/** What is selected of an element: of every one, and by the value paths that it matches. */
function partFor(element: JsonValue, selection: Selection): Part {
  if (selection.choices.length === 0) return selection;
  const chosen = emptySelection();
  for (const [name, part] of selection.parts) addPart(chosen, name, part);
  for (const { matches, part } of selection.choices) {
    if (!matches(element)) continue;
    if (part === 'whole') return 'whole';
    for (const [name, each] of part.parts) addPart(chosen, name, each);
  }
  return chosen;
}

/** An empty object or array means unassigned (RFC 7643 §2.5). */
function assigned<T extends JsonObject | JsonValue[]>(value: T): T | undefined {
  const size = Array.isArray(value) ? value.length : Object.keys(value).length;
  return size === 0 ? undefined : value;
}
