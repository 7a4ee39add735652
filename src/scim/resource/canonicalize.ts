/**
 * From a client's JSON to the one form that the rest of Scimlane works on: checked against the
 * schema, in the schema's spelling, without what is unassigned, readOnly or derived. It reads a
 * body once and never changes it; it never descends into what it drops.
 *
 * This is the hottest function of a write: no intermediate arrays, no path text unless something
 * is wrong.
 */
import { badRequest } from '../errors.ts';
import { foldAscii } from '../fold.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import type { ResourceType } from '../schema/attribute.ts';
import { placeFlatKeys } from './flat-keys.ts';
import { checkRequired } from './required.ts';
import { wrongType } from './scalar.ts';
import { checkSchemas, type SchemasOptions } from './schemas.ts';
import { noteKept, unknownValue } from './unknown.ts';
import { canonicalizeValue, noteRespelled, readAttributes, type ValueOptions } from './value.ts';
import { kindOf } from './wording.ts';

export { canonicalizeElement, canonicalizeValue } from './value.ts';
export { checkRequired } from './required.ts';

/** What an endpoint's settings say about bodies. */
export interface CanonicalizeOptions extends ValueOptions, SchemasOptions {}

/**
 * The whole body of a POST or PUT. The result holds no `schemas`, `id` or `meta`, extension data
 * under their exact URN, and `members` (as `[{value}]`, also when empty) if and only if the body
 * has them: a PUT without them leaves them as they are.
 * @throws ScimError 400 invalidSyntax, invalidValue
 */
export function canonicalizeResource(
  type: ResourceType,
  body: JsonValue,
  options: CanonicalizeOptions,
): JsonObject {
  if (!isObject(body)) {
    throw badRequest('invalidSyntax', `the body must be a JSON object, but is ${kindOf(body)}`);
  }
  const result: JsonObject = {};
  let respelled: Set<string> | undefined;
  let kept: Set<string> | undefined;
  let flatKeys: string[] | undefined;
  let schemas: JsonValue = null;
  for (const key in body) {
    const value = body[key];
    if (value === undefined) continue;
    const attribute = type.attributes.named(key);
    if (attribute !== undefined) {
      if (key !== attribute.name) respelled = noteRespelled(respelled, body, attribute);
      if (attribute.mutability === 'readOnly') {
        if (attribute.key === 'schemas') schemas = value;
        continue;
      }
      const canonical = canonicalizeValue(attribute, value, options);
      if (canonical !== undefined) result[attribute.name] = canonical;
      else if (attribute === type.membership) result[attribute.name] = [];
      continue;
    }
    const extension = type.extensions.get(foldAscii(key));
    if (extension !== undefined) {
      const { urn, attributes } = extension;
      if (key !== urn) respelled = noteRespelled(respelled, body, { name: urn, path: urn });
      if (isUnassigned(value)) continue;
      if (!isObject(value)) throw wrongType({ path: urn }, 'an object', value);
      const data = readAttributes(value, attributes, urn, ':', options);
      if (data !== undefined) result[urn] = data;
    } else if (key.includes('.') || key.includes(':')) {
      (flatKeys ??= []).push(key);
    } else {
      const unknown = unknownValue('', key, value, options.unknownAttributes);
      if (unknown === undefined) continue;
      kept = noteKept(kept, '', key);
      result[key] = unknown;
    }
  }
  checkSchemas(type, schemas, options);
  if (flatKeys !== undefined) placeFlatKeys(type, body, flatKeys, result, options);
  checkRequired(type, result);
  return result;
}

function isUnassigned(value: JsonValue): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}
