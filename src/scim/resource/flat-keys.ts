/**
 * Puts flat keys of a body in their places: `name.givenName` and `urn:…:User:department` beside or
 * instead of the nested form, and the core schema's URN with an object of its attributes. Stored as
 * they come they would be attributes that no filter finds, and a password would be one in clear.
 */
import { badRequest } from '../errors.ts';
import { foldAscii } from '../fold.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import type { Attribute, ResourceType } from '../schema/attribute.ts';
import { resolvePath, type ResolvedPath } from '../schema/resolve.ts';
import { wrongType } from './scalar.ts';
import { canonicalizeValue, type ValueOptions } from './value.ts';
import { unknownValue, type UnknownAttributes } from './unknown.ts';
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
  options: ValueOptions,
): void {
  for (const key of keys) {
    const value = body[key];
    if (value === undefined) continue;
    const path = resolvePath(type, key);
    const isCore = foldAscii(key) === foldAscii(type.schema);
    if (!isCore && (path?.attribute === undefined || isInsideElements(path))) {
      const kept = unknownValue('', key, value, options.unknownAttributes);
      if (kept !== undefined) result[key] = kept;
    } else if (!options.flatKeys) {
      leaveFlatKey(key, options.unknownAttributes);
    } else if (isCore) {
      if (value === null) continue;
      if (!isObject(value)) throw wrongType({ path: type.schema }, 'an object', value);
      placeFlatKeys(type, value, Object.keys(value), result, options);
    } else if (path?.attribute !== undefined) {
      place(path, path.attribute, key, value, result, options);
    }
  }
}

/**
 * A path as a key where the endpoint takes none (`flatKeys`) is an unknown attribute, but for being
 * kept: what it names has a place of its own.
 * @throws ScimError 400 invalidSyntax
 */
export function leaveFlatKey(key: string, unknownAttributes: UnknownAttributes): void {
  if (unknownAttributes === 'drop') return;
  throw badRequest(
    'invalidSyntax',
    `${quoted(key)} is a path, which this endpoint does not take as a key (flatKeys is false): nest the attribute`,
  );
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
  options: ValueOptions,
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
    throw badRequest(
      'invalidSyntax',
      `${leaf.path} is given twice, once as ${quoted(key)}; give it once`,
    );
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
