/**
 * Puts flat keys of a body in their places: `name.givenName` and `urn:…:User:department` beside or
 * instead of the nested form. Stored as they come they would be attributes that no filter finds.
 */
import { badRequest } from '../errors.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import type { Attribute, ResourceType } from '../schema/attribute.ts';
import { resolvePath, type ResolvedPath } from '../schema/resolve.ts';
import { canonicalizeValue, type CanonicalizeOptions } from './value.ts';
import { unknownValue } from './unknown.ts';
import { quoted } from './wording.ts';

/**
 * @param keys keys of `body` that are neither an attribute's name nor an extension's URN
 * @param result canonical form of the rest of the body; what is placed is added to it
 * @throws ScimError 400 invalidSyntax when an attribute is there already, invalidValue
 */
export function placeFlatKeys(
  type: ResourceType,
  body: JsonObject,
  keys: readonly string[],
  result: JsonObject,
  options: CanonicalizeOptions,
): void {
  for (const key of keys) {
    const value = body[key];
    if (value === undefined) continue;
    const path = resolvePath(type, key);
    if (path?.attribute !== undefined && !isInsideElements(path)) {
      place(path, path.attribute, key, value, result, options);
    } else {
      const kept = unknownValue('', key, value, options.unknownAttributes);
      if (kept !== undefined) result[key] = kept;
    }
  }
}

/** `emails.value` names no place: it does not say which element. */
function isInsideElements(path: ResolvedPath): boolean {
  return path.sub !== undefined && path.attribute?.multiValued === true;
}

function place(
  path: ResolvedPath,
  attribute: Attribute,
  key: string,
  value: JsonValue,
  result: JsonObject,
  options: CanonicalizeOptions,
): void {
  const { extension, sub } = path;
  const leaf = sub ?? attribute;
  if (attribute.mutability === 'readOnly' || leaf.mutability === 'readOnly') return;
  const canonical = canonicalizeValue(leaf, value, options);
  // A single-valued complex attribute whose value is empty is unassigned, as in the nested form.
  if (canonical === undefined || (sub?.key === 'value' && canonical === '')) return;
  const container = extension === undefined ? result : objectAt(result, extension.urn);
  const target = sub === undefined ? container : objectAt(container, attribute.name);
  if (Object.hasOwn(target, leaf.name)) {
    throw badRequest('invalidSyntax', `${leaf.path} is given twice, once as ${quoted(key)}`);
  }
  target[leaf.name] = canonical;
}

function objectAt(container: JsonObject, name: string): JsonObject {
  const present = container[name];
  if (isObject(present)) return present;
  const created: JsonObject = {};
  container[name] = created;
  return created;
}
