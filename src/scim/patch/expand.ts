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
import { leaveFlatKey } from '../resource/flat-keys.ts';
import { kindOf, quoted } from '../resource/wording.ts';
import type { ResourceType } from '../schema/attribute.ts';
import { resolvePath } from '../schema/resolve.ts';
import type { PatchOperation, PatchOptions, PatchPath } from './operation.ts';
import { readOnly } from './target.ts';

type SettingVerb = 'add' | 'replace';

/** What a message is read by. */
export interface ExpandContext {
  readonly type: ResourceType;
  readonly limits: FilterLimits;
  readonly options: PatchOptions;
}

/**
 * One operation per attribute, in the order of the keys. What is readOnly is left out: clients
 * echo `id`, `meta` and `groups` beside what they mean to change.
 * @throws ScimError 400 invalidPath, invalidFilter for a key; 400 invalidValue for a URN whose
 *   value is no object; by the settings invalidSyntax for a key that is a path, mutability for
 *   what is readOnly
 */
export function expandAttributes(
  op: SettingVerb,
  attributes: JsonObject,
  context: ExpandContext,
): PatchOperation[] {
  return Object.entries(attributes).flatMap(([key, value]) =>
    expandAttribute(op, key, '', value, context),
  );
}

/** Whether a path is the URN of a schema and no more. */
export function isSchemaPath(type: ResourceType, path: PatchPath): boolean {
  const folded = foldAscii(path.attribute);
  return folded === foldAscii(type.schema) || type.extensions.has(folded);
}

/** One operation per attribute of the schema that the path is the URN of. */
export function expandSchema(
  op: SettingVerb,
  path: PatchPath,
  value: JsonValue,
  context: ExpandContext,
): PatchOperation[] {
  const extension = context.type.extensions.get(foldAscii(path.attribute));
  if (extension === undefined) return expandAttributes(op, setOf(path, value), context);
  if (isUnassigned(value)) return [{ op, path, value: null }];
  return Object.entries(setOf(path, value)).flatMap(([key, inner]) =>
    expandAttribute(op, key, `${extension.urn}:`, inner, context),
  );
}

/** @param prefix of the extension in whose object the key stands; '' at the top */
function expandAttribute(
  op: SettingVerb,
  key: string,
  prefix: string,
  value: JsonValue,
  context: ExpandContext,
): PatchOperation[] {
  const { type, options } = context;
  if (!options.flatKeys && isPath(type, key, prefix)) {
    leaveFlatKey(prefix + key, options.unknownAttributes);
    return [];
  }
  const path = pathOf(prefix + key, context.limits);
  if (isSchemaPath(type, path)) return expandSchema(op, path, value, context);
  const resolved = resolvePath(type, path.attribute);
  const target = resolved?.sub ?? resolved?.attribute;
  const isReadOnly =
    resolved?.attribute?.mutability === 'readOnly' || target?.mutability === 'readOnly';
  if (!isReadOnly || target?.key === 'schemas') return [{ op, path, value }];
  if (target === undefined || options.readOnlyEchoes) return [];
  throw readOnly(target);
}

/** Whether a key leads to an attribute of the type by more than the attribute's own name. */
function isPath(type: ResourceType, key: string, prefix: string): boolean {
  if (!/[.:[]/.test(key)) return false;
  const [attribute = ''] = key.split('[', 1);
  const folded = foldAscii(attribute);
  if (folded === foldAscii(type.schema)) return true;
  return resolvePath(type, prefix + attribute)?.attribute !== undefined;
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
