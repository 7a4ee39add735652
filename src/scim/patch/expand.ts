/**
 * Turns an operation whose value is a set of attributes into operations with one path each, so
 * that whoever applies them knows paths only. The set is the resource's when the operation has no
 * path, or an extension's. Its keys may be names, dotted names, `URN:name`, value paths, and URNs
 * with an object: Entra and Okta between them send all of these.
 */
import { badRequest } from '../errors.ts';
import type { FilterLimits } from '../filter/grammar.ts';
import { foldAscii } from '../fold.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { parsePatchPath } from '../path/parse.ts';
import { kindOf, quoted } from '../resource/wording.ts';
import type { ResourceType } from '../schema/attribute.ts';
import { resolvePath } from '../schema/resolve.ts';
import type { PatchOperation, PatchPath } from './operation.ts';

type SettingVerb = 'add' | 'replace';

/**
 * One operation per attribute, in the order of the keys. What is readOnly is left out: clients
 * echo `id`, `schemas`, `meta` and `groups` beside what they mean to change.
 * @throws ScimError 400 invalidPath, invalidFilter for a key; 400 invalidValue for a URN whose
 *   value is no object
 */
export function expandAttributes(
  type: ResourceType,
  op: SettingVerb,
  attributes: JsonObject,
  limits: FilterLimits,
): PatchOperation[] {
  return Object.entries(attributes).flatMap(([key, value]) =>
    expandAttribute(type, op, pathOf(key, limits), value, limits),
  );
}

/** Whether a path is the URN of a schema and no more. */
export function isSchemaPath(type: ResourceType, path: PatchPath): boolean {
  const folded = foldAscii(path.attribute);
  return folded === foldAscii(type.schema) || type.extensions.has(folded);
}

/** One operation per attribute of the schema that the path is the URN of. */
export function expandSchema(
  type: ResourceType,
  op: SettingVerb,
  path: PatchPath,
  value: JsonValue,
  limits: FilterLimits,
): PatchOperation[] {
  const extension = type.extensions.get(foldAscii(path.attribute));
  if (extension === undefined) return expandAttributes(type, op, setOf(path, value), limits);
  if (isUnassigned(value)) return [{ op, path, value: null }];
  const qualified: JsonObject = {};
  for (const [key, inner] of Object.entries(setOf(path, value))) {
    qualified[`${extension.urn}:${key}`] = inner;
  }
  return expandAttributes(type, op, qualified, limits);
}

function expandAttribute(
  type: ResourceType,
  op: SettingVerb,
  path: PatchPath,
  value: JsonValue,
  limits: FilterLimits,
): PatchOperation[] {
  if (isSchemaPath(type, path)) return expandSchema(type, op, path, value, limits);
  const resolved = resolvePath(type, path.attribute);
  const isReadOnly =
    resolved?.attribute?.mutability === 'readOnly' || resolved?.sub?.mutability === 'readOnly';
  return isReadOnly ? [] : [{ op, path, value }];
}

/** Only a key with a bracket needs the grammar; any other is a name, known or not. */
function pathOf(key: string, limits: FilterLimits): PatchPath {
  return key.includes('[') ? parsePatchPath(key, limits) : { text: key, attribute: key };
}

function setOf(path: PatchPath, value: JsonValue): JsonObject {
  if (isObject(value)) return value;
  if (isUnassigned(value)) return {};
  throw badRequest(
    'invalidValue',
    `${quoted(path.text)} is a whole schema: its value must be an object of attributes, but is ${kindOf(value)}`,
  );
}

/** RFC 7643 §2.5. */
function isUnassigned(value: JsonValue): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}
