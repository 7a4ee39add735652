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
import { expandAttributes, expandSchema, isSchemaPath, type ExpandContext } from './expand.ts';
import type { PatchOperation, PatchOptions } from './operation.ts';
import { rehearsalRules, rehearse } from './rehearse.ts';

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
  options: PatchOptions,
): PatchOperation[] {
  if (!isObject(body)) {
    throw malformed(`a PATCH body must be a JSON object, but is ${kindOf(body)}`);
  }
  const { schemas, Operations } = membersOf(body, MESSAGE_MEMBERS, 'a PATCH', options);
  checkSchemas(schemas, options);
  const rules = rehearsalRules(options);
  const operations: PatchOperation[] = [];
  for (const [at, message] of operationsOf(Operations).entries()) {
    const place = `Operations[${at}]`;
    for (const operation of parseOperation(message, { type, place, limits, options })) {
      rehearse(type, operation, rules);
      operations.push(operation);
    }
    // A value without a path counts as many operations as it has attributes.
    if (operations.length > limits.maxOperations) throw tooMany(limits.maxOperations);
  }
  return operations;
}

/** Some clients leave `schemas` out; one that names something else means another message. */
function checkSchemas(schemas: JsonValue | undefined, { loosePatchMessages }: PatchOptions): void {
  if (loosePatchMessages && (schemas === undefined || schemas === null)) return;
  const isPatchOp = (urn: JsonValue) =>
    typeof urn === 'string' && foldAscii(urn) === foldAscii(PATCH_SCHEMA);
  if (Array.isArray(schemas) && schemas.some(isPatchOp)) return;
  throw malformed(`schemas must be an array that holds "${PATCH_SCHEMA}"`);
}

function operationsOf(operations: JsonValue | undefined): JsonValue[] {
  if (Array.isArray(operations) && operations.length > 0) return operations;
  throw malformed('Operations must be an array of one or more operations');
}

interface OperationContext extends ExpandContext {
  /** Names the operation in error texts. */
  readonly place: string;
}

function parseOperation(message: JsonValue, context: OperationContext): PatchOperation[] {
  const { type, place, limits, options } = context;
  if (!isObject(message)) throw malformed(`${place} must be an object, but is ${kindOf(message)}`);
  const members = membersOf(message, OPERATION_MEMBERS, place, options);
  const { value } = members;
  const op = verbOf(members.op, place, options);
  const text = pathText(members.path, place, options);
  if (op === 'remove') {
    if (text === undefined) {
      throw badRequest('noTarget', `${place}: a remove needs a path that names what to remove`);
    }
    const path = parsePatchPath(text, limits);
    if (value === undefined) return [{ op, path }];
    if (value !== null && !options.removeWithValue) throw needlessValue(place);
    return [{ op, path, value }];
  }
  if (value === undefined) {
    throw badRequest('invalidValue', `${place}: ${op} needs a value; null unassigns`);
  }
  if (text !== undefined) {
    const path = parsePatchPath(text, limits);
    if (isSchemaPath(type, path)) return expandSchema(op, path, value, context);
    return [{ op, path, value }];
  }
  if (!isObject(value)) {
    throw badRequest(
      'invalidValue',
      `${place}: without a path, value must be an object of attributes, but is ${kindOf(value)}`,
    );
  }
  return expandAttributes(op, value, context);
}

function verbOf(
  op: JsonValue | undefined,
  place: string,
  { loosePatchMessages }: PatchOptions,
): PatchOperation['op'] {
  const verb = typeof op === 'string' && loosePatchMessages ? foldAscii(op) : op;
  if (verb === 'add' || verb === 'replace' || verb === 'remove') return verb;
  const given = typeof op === 'string' ? quoted(op) : op === undefined ? 'absent' : kindOf(op);
  throw malformed(`${place}.op must be "add", "replace" or "remove", but is ${given}`);
}

/** null is a path that is not there (RFC 7643 §2.5); some serializers write "". */
function pathText(
  path: JsonValue | undefined,
  place: string,
  { loosePatchMessages }: PatchOptions,
): string | undefined {
  if (path === undefined || path === null || (path === '' && loosePatchMessages)) return undefined;
  if (typeof path === 'string') return path;
  throw badRequest('invalidPath', `${place}.path must be a string, but is ${kindOf(path)}`);
}

const MESSAGE_MEMBERS = ['schemas', 'Operations'] as const;
const OPERATION_MEMBERS = ['op', 'path', 'value'] as const;

/**
 * The members of a message, whose names compare without case like those of attributes.
 * @param owner names the message in error texts
 */
function membersOf<Name extends string>(
  message: JsonObject,
  names: readonly Name[],
  owner: string,
  options: PatchOptions,
): Partial<Record<Name, JsonValue>> {
  const members: Partial<Record<Name, JsonValue>> = {};
  let others = Object.keys(message).length;
  for (const name of names) {
    const value = message[name];
    if (value === undefined) continue;
    members[name] = value;
    others -= 1;
  }
  if (others > 0) addRespelled(members, message, names, owner, options);
  return members;
}

/** Names are nearly always spelled as in the RFC; what else there is may be one in other case. */
function addRespelled<Name extends string>(
  members: Partial<Record<Name, JsonValue>>,
  message: JsonObject,
  names: readonly Name[],
  owner: string,
  { loosePatchMessages }: PatchOptions,
): void {
  for (const [key, value] of Object.entries(message)) {
    const folded = foldAscii(key);
    const name = names.find((each) => foldAscii(each) === folded);
    if (name === key) continue;
    if (name === undefined) {
      if (loosePatchMessages) continue;
      throw malformed(`${owner} has no member ${quoted(key)}; it has ${names.join(', ')}`);
    }
    if (members[name] !== undefined) {
      throw malformed(`${owner} has ${name} twice, in different case; give it once`);
    }
    members[name] = value;
  }
}

function needlessValue(place: string): ScimError {
  return malformed(
    `${place}: a remove takes no value at this endpoint (removeWithValue is false); select what to remove by a filter in the path`,
  );
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
