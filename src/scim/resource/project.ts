/**
 * Which attributes of a resource an answer shows (RFC 7644 §3.9, RFC 7643 §7 `returned`). The names
 * are resolved once per request into a tree; applying it never parses a name. What is returned
 * `always` stays whatever was asked, what is returned `never` never shows.
 */
import { badRequest } from '../errors.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import type { Attribute, ResourceType } from '../schema/attribute.ts';
import { type ResolvedPath, resolvePath } from '../schema/resolve.ts';

export interface Projection {
  /** Whether the answer shows members or groups; if not, they need not be read. */
  readonly needsLinks: boolean;
  /** A new object; the resource stays as it is. */
  apply(resource: JsonObject): JsonObject;
}

/** By name as stored: `whole`, or the part of the value that is meant. */
type Selection = Map<string, 'whole' | Selection>;

/**
 * Names that neither the type nor the resource has are ignored.
 * @returns undefined when the answer is the whole resource as it is stored
 * @throws ScimError 400 invalidValue when both lists are given
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
    const needsLinks = links !== undefined && kept.has(links.name);
    return { needsLinks, apply: (resource) => keep(resource, kept) };
  }
  if (left === undefined && !type.hasReturnedRequest) return undefined;
  const dropped = selectExcluded(type, left ?? []);
  const needsLinks = links !== undefined && dropped.get(links.name) !== 'whole';
  return { needsLinks, apply: (resource) => drop(resource, dropped) };
}

/** A parameter without a name in it asks for nothing. */
function given(names: readonly string[] | undefined): readonly string[] | undefined {
  const trimmed = names?.map((name) => name.trim()).filter((name) => name !== '');
  return trimmed === undefined || trimmed.length === 0 ? undefined : trimmed;
}

function selectIncluded(type: ResourceType, names: readonly string[]): Selection {
  const selection: Selection = new Map();
  selectAlways(type, selection);
  for (const name of names) {
    const { level, extension, attribute, sub } = namedIn(selection, type, name);
    if (attribute === undefined) {
      for (const each of extension?.attributes.values() ?? []) {
        if (each.returned !== 'request') selectWhole(level, each);
      }
    } else if (sub === undefined) {
      selectWhole(level, attribute);
    } else if (sub.returned !== 'never' && level.get(attribute.name) !== 'whole') {
      const parts = within(level, attribute.name);
      parts.set(sub.name, 'whole');
      for (const other of attribute.subs.values()) {
        if (other.returned === 'always') parts.set(other.name, 'whole');
      }
    }
  }
  return selection;
}

/**
 * What a name means, and the level of the selection it belongs to. A name that is no attribute of
 * the type is taken as it is: it may be one that was kept although the schema lacks it.
 */
function namedIn(
  selection: Selection,
  type: ResourceType,
  name: string,
): { level: Selection } & Partial<ResolvedPath> {
  const path = resolvePath(type, name);
  if (path === undefined) {
    selection.set(name, 'whole');
    return { level: selection };
  }
  const { extension } = path;
  return { ...path, level: extension === undefined ? selection : within(selection, extension.urn) };
}

function selectAlways(type: ResourceType, selection: Selection): void {
  for (const attribute of type.attributes.values()) {
    if (attribute.returned === 'always') selectWhole(selection, attribute);
  }
  for (const { urn, attributes } of type.extensions.values()) {
    for (const attribute of attributes.values()) {
      if (attribute.returned === 'always') selectWhole(within(selection, urn), attribute);
    }
  }
}

/** The attribute with all that it shows when it is named: `request` subs only by their own name. */
function selectWhole(level: Selection, attribute: Attribute): void {
  if (attribute.returned === 'never') return;
  const subs = [...attribute.subs.values()];
  if (subs.every((sub) => isReturnedByDefault(sub))) {
    level.set(attribute.name, 'whole');
    return;
  }
  const parts = within(level, attribute.name);
  for (const sub of subs) if (isReturnedByDefault(sub)) parts.set(sub.name, 'whole');
}

function isReturnedByDefault(attribute: Attribute): boolean {
  return attribute.returned === 'default' || attribute.returned === 'always';
}

function selectExcluded(type: ResourceType, names: readonly string[]): Selection {
  const selection: Selection = new Map();
  for (const attribute of type.attributes.values()) excludeUnasked(selection, attribute);
  for (const { urn, attributes } of type.extensions.values()) {
    const level: Selection = new Map();
    for (const attribute of attributes.values()) excludeUnasked(level, attribute);
    if (level.size > 0) selection.set(urn, level);
  }
  for (const name of names) {
    const { level, extension, attribute, sub } = namedIn(selection, type, name);
    if (attribute === undefined) {
      for (const each of extension?.attributes.values() ?? []) exclude(level, each);
    } else if (sub === undefined) {
      exclude(level, attribute);
    } else if (sub.returned !== 'always' && level.get(attribute.name) !== 'whole') {
      within(level, attribute.name).set(sub.name, 'whole');
    }
  }
  return selection;
}

/** What nobody sees without asking by name. */
function excludeUnasked(level: Selection, attribute: Attribute): void {
  if (!isReturnedByDefault(attribute)) {
    level.set(attribute.name, 'whole');
    return;
  }
  for (const sub of attribute.subs.values()) {
    if (!isReturnedByDefault(sub)) within(level, attribute.name).set(sub.name, 'whole');
  }
}

function exclude(level: Selection, attribute: Attribute): void {
  if (attribute.returned === 'always') return;
  const subs = [...attribute.subs.values()];
  if (subs.every((sub) => sub.returned !== 'always')) {
    level.set(attribute.name, 'whole');
    return;
  }
  const parts = within(level, attribute.name);
  for (const sub of subs) if (sub.returned !== 'always') parts.set(sub.name, 'whole');
}

function within(selection: Selection, name: string): Selection {
  const present = selection.get(name);
  if (present !== undefined && present !== 'whole') return present;
  const created: Selection = new Map();
  selection.set(name, created);
  return created;
}

function keep(object: JsonObject, selection: Selection): JsonObject {
  const result: JsonObject = {};
  for (const [name, part] of Object.entries(object)) {
    const selected = selection.get(name);
    if (selected === undefined) continue;
    const value = selected === 'whole' ? part : partOf(part, selected, keep);
    if (value !== undefined) result[name] = value;
  }
  return result;
}

function drop(object: JsonObject, selection: Selection): JsonObject {
  const result: JsonObject = {};
  for (const [name, part] of Object.entries(object)) {
    const selected = selection.get(name);
    if (selected === 'whole') continue;
    const value = selected === undefined ? part : partOf(part, selected, drop);
    if (value !== undefined) result[name] = value;
  }
  return result;
}

/** Undefined when nothing is left: an empty object or array means unassigned (RFC 7643 §2.5). */
function partOf(
  value: JsonValue,
  selection: Selection,
  apply: (object: JsonObject, selection: Selection) => JsonObject,
): JsonValue | undefined {
  if (Array.isArray(value)) {
    const elements = value.flatMap((element) => partOf(element, selection, apply) ?? []);
    return elements.length === 0 ? undefined : elements;
  }
  if (!isObject(value)) return value;
  const part = apply(value, selection);
  return Object.keys(part).length === 0 ? undefined : part;
}
