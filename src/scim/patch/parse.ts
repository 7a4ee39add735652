/**
 * Reads a PATCH request (RFC 7644 §3.5.2) into operations with a path each, checked as far as that
 * can be done without the resource. Both Entra dialects and Okta's are read alike, without a
 * switch: keys and verbs in any case, path or none, values in arrays or not.
 */
import { badRequest, type ScimError } from '../errors.ts';
import type { FilterLimits } from '../filter/grammar.ts';
import { foldAscii } from '../fold.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { parsePatchPath } from '../path/parse.ts';
import { kindOf, quoted } from '../resource/wording.ts';
import type { ResourceType } from '../schema/attribute.ts';
import { expandAttributes, expandSchema, isSchemaPath } from './expand.ts';
import type { PatchOperation } from './operation.ts';
import { rehearse } from './rehearse.ts';

export const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** Of each path, and of the whole request. */
export interface PatchLimits extends FilterLimits {
  /** After values without a path have been taken apart. */
  readonly maxOperations: number;
}

/**
 * @throws ScimError 400 invalidSyntax for a message that is no PatchOp, and whatever is wrong with
 *   an operation: invalidPath, invalidFilter, invalidValue, noTarget, mutability
 */
export function parsePatch(
  body: JsonValue,
  type: ResourceType,
  limits: PatchLimits,
): PatchOperation[] {
  if (!isObject(body)) {
    throw malformed(`a PATCH body must be a JSON object, but is ${kindOf(body)}`);
  }
  checkSchemas(field(body, 'schemas'));
  const operations: PatchOperation[] = [];
  for (const [at, message] of operationsOf(body).entries()) {
    for (const operation of parseOperation(message, `Operations[${at}]`, type, limits)) {
      rehearse(type, operation);
      operations.push(operation);
    }
    // A value without a path counts as many operations as it has attributes.
    if (operations.length > limits.maxOperations) throw tooMany(limits.maxOperations);
  }
  return operations;
}

/** Some clients leave `schemas` out; one that names something else means another message. */
function checkSchemas(schemas: JsonValue | undefined): void {
  if (schemas === undefined || schemas === null) return;
  const isPatchOp = (urn: JsonValue) =>
    typeof urn === 'string' && foldAscii(urn) === foldAscii(PATCH_SCHEMA);
  if (Array.isArray(schemas) && schemas.some(isPatchOp)) return;
  throw malformed(`schemas must be an array that holds "${PATCH_SCHEMA}"`);
}

function operationsOf(body: JsonObject): JsonValue[] {
  const operations = field(body, 'Operations');
  if (Array.isArray(operations) && operations.length > 0) return operations;
  throw malformed('Operations must be an array of one or more operations');
}

/** @param place names the operation in error texts */
function parseOperation(
  message: JsonValue,
  place: string,
  type: ResourceType,
  limits: FilterLimits,
): PatchOperation[] {
  if (!isObject(message)) throw malformed(`${place} must be an object, but is ${kindOf(message)}`);
  const op = verbOf(field(message, 'op'), place);
  const text = pathText(field(message, 'path'), place);
  const value = field(message, 'value');
  if (op === 'remove') {
    if (text === undefined) {
      throw badRequest('noTarget', `${place}: a remove needs a path that names what to remove`);
    }
    const path = parsePatchPath(text, limits);
    return [value === undefined ? { op, path } : { op, path, value }];
  }
  if (value === undefined) {
    throw badRequest('invalidValue', `${place}: ${op} needs a value; null unassigns`);
  }
  if (text !== undefined) {
    const path = parsePatchPath(text, limits);
    if (isSchemaPath(type, path)) return expandSchema(type, op, path, value, limits);
    return [{ op, path, value }];
  }
  if (!isObject(value)) {
    throw badRequest(
      'invalidValue',
      `${place}: without a path, value must be an object of attributes, but is ${kindOf(value)}`,
    );
  }
  return expandAttributes(type, op, value, limits);
}

function verbOf(op: JsonValue | undefined, place: string): PatchOperation['op'] {
  const verb = typeof op === 'string' ? foldAscii(op) : op;
  if (verb === 'add' || verb === 'replace' || verb === 'remove') return verb;
  const given = typeof op === 'string' ? quoted(op) : op === undefined ? 'absent' : kindOf(op);
  throw malformed(`${place}.op must be "add", "replace" or "remove", but is ${given}`);
}

/** Serializers write null, and some "", for a path that is not there. */
function pathText(path: JsonValue | undefined, place: string): string | undefined {
  if (path === undefined || path === null || path === '') return undefined;
  if (typeof path === 'string') return path;
  throw badRequest('invalidPath', `${place}.path must be a string, but is ${kindOf(path)}`);
}

/** A member of a message, whose names compare without case like those of attributes. */
function field(message: JsonObject, name: string): JsonValue | undefined {
  if (Object.hasOwn(message, name)) return message[name];
  const folded = foldAscii(name);
  const key = Object.keys(message).find((each) => foldAscii(each) === folded);
  return key === undefined ? undefined : message[key];
}

function tooMany(maxOperations: number): ScimError {
  return badRequest(
    'invalidValue',
    `Operations: more than ${maxOperations} attributes to change; send several requests`,
  );
}

function malformed(detail: string): ScimError {
  return badRequest('invalidSyntax', detail);
}
