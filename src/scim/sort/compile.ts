/**
 * Compiles `sortBy` (RFC 7644 §3.4.2.3) into a function from a resource to its sort key. Of a
 * multi-valued attribute the primary value counts, else the first; a complex attribute sorts by its
 * `value`. What no resource type can sort by is refused here, before anything is read.
 */
import { badRequest, ScimError } from '../errors.ts';
import { parseInstant } from '../filter/instant.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { quoted } from '../resource/wording.ts';
import type { Attribute, ResourceType } from '../schema/attribute.ts';
import { resolvePath, type ResolvedPath } from '../schema/resolve.ts';
import { textKey, type SortKey } from './key.ts';

/** A demand for order, as plain data that crosses threads. */
export interface Sort {
  /** Attribute path as typed. */
  readonly by: string;
  readonly descending: boolean;
}

export interface CompiledSort {
  /** Undefined for a core attribute. */
  readonly extension: ResolvedPath['extension'];
  readonly attribute: Attribute;
  /** The sub-attribute whose value counts, also when the path left out `.value`. */
  readonly sub: Attribute | undefined;
  /** Of a resource as it is shown, members and groups included when they are sorted by. */
  readonly key: (resource: JsonObject) => SortKey | undefined;
}

/**
 * @throws ScimError 400 invalidValue when no type can be sorted by it (RFC 7644 table 9 keeps
 *   invalidPath for PATCH)
 */
export function checkSort(path: string, types: readonly ResourceType[]): void {
  const targets = types.map((type) => targetOf(path, type));
  if (targets.some((target) => target !== undefined && !(target instanceof ScimError))) return;
  throw targets.find((target) => target instanceof ScimError) ?? unknown(path, types);
}

/** Undefined when the type cannot be sorted by it: its resources have no value then. */
export function compileSort(path: string, type: ResourceType): CompiledSort | undefined {
  const target = targetOf(path, type);
  if (target === undefined || target instanceof ScimError) return undefined;
  const { extension, attribute, sub } = target;
  const read = reader(extension?.urn, attribute, sub);
  const compared = sub ?? attribute;
  return { extension, attribute, sub, key: (resource) => sortKey(compared, read(resource)) };
}

type Target = Pick<CompiledSort, 'extension' | 'attribute' | 'sub'>;

/** Undefined when the type has no such attribute; an error when it has one to which this cannot be done. */
function targetOf(path: string, type: ResourceType): Target | ScimError | undefined {
  const resolved = resolvePath(type, path);
  if (resolved === undefined) return undefined;
  const { extension, attribute } = resolved;
  if (attribute === undefined) {
    return refusal(`${quoted(path)} is a whole schema: add ":" and an attribute of it`);
  }
  const sub =
    resolved.sub ?? (attribute.type === 'complex' ? attribute.subs.get('value') : undefined);
  if (attribute.returned === 'never' || sub?.returned === 'never') {
    return refusal(`${(sub ?? attribute).path} is never returned and cannot be sorted by`);
  }
  if (attribute.type === 'complex' && sub === undefined) {
    const names = [...attribute.subs.values()].map((each) => each.path).join(', ');
    return refusal(`${attribute.path} is complex: name one of ${names}`);
  }
  return { extension, attribute, sub };
}

/** The one value of a resource that counts. */
function reader(
  urn: string | undefined,
  attribute: Attribute,
  sub: Attribute | undefined,
): (resource: JsonObject) => JsonValue | undefined {
  return (resource) => {
    const level = urn === undefined ? resource : resource[urn];
    const value = isObject(level) ? chosen(level[attribute.name]) : undefined;
    if (sub === undefined) return value;
    return isObject(value) ? chosen(value[sub.name]) : undefined;
  };
}

/** The primary value (RFC 7643 §2.4), else the first. */
function chosen(value: JsonValue | undefined): JsonValue | undefined {
  if (!Array.isArray(value)) return value;
  return value.find((element) => isObject(element) && element['primary'] === true) ?? value[0];
}

/** By the attribute's type; a stored value that is not of it sorts as none. */
export function sortKey(attribute: Attribute, value: JsonValue | undefined): SortKey | undefined {
  switch (attribute.type) {
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'integer':
    case 'decimal':
      return typeof value === 'number' ? value : undefined;
    case 'dateTime':
      return typeof value === 'string' ? instantKey(value) : undefined;
    default: {
      const exact = attribute.caseExact || attribute.type === 'binary';
      return typeof value === 'string' ? textKey(value, exact) : undefined;
    }
  }
}

function instantKey(text: string): number | undefined {
  const instant = parseInstant(text);
  return Number.isNaN(instant) ? undefined : instant;
}

function unknown(path: string, types: readonly ResourceType[]): ScimError {
  const [first, second] = types;
  const alone = first !== undefined && second === undefined;
  const who = alone ? `${first.name} has no attribute` : 'no resource type here has an attribute';
  return refusal(`${who} ${quoted(path)}; name one such as externalId or meta.created`);
}

function refusal(detail: string): ScimError {
  return badRequest('invalidValue', `sortBy: ${detail}`);
}
