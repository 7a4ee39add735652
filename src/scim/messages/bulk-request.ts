/**
 * Reads a BulkRequest (RFC 7644 §3.7) into operations: what frames them is checked here, and a
 * request that is wrong there is refused as a whole. What is inside `data` is an operation's own
 * business, and its fault its own failure.
 */
import { badRequest, ScimError } from '../errors.ts';
import { foldAscii } from '../fold.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { kindOf, quoted } from '../resource/wording.ts';
import { checkMessageSchema, member } from './member.ts';

const BULK_REQUEST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';

export interface BulkLimits {
  readonly maxOperations: number;
  /** Of the whole body; whoever receives it enforces it. */
  readonly maxPayloadBytes: number;
}

export interface BulkMessage {
  /** After so many failures the rest is not carried out; undefined: all is. */
  readonly failOnErrors: number | undefined;
  readonly operations: readonly BulkMessageOperation[];
}

interface OperationBase {
  readonly bulkId: string | undefined;
  /** As given; for `location` when nothing better is known. */
  readonly path: string;
  /** Path segment of the resource type: `Users`. */
  readonly endpoint: string;
}

export interface PostOperation extends OperationBase {
  readonly method: 'POST';
  readonly bulkId: string;
  readonly data: JsonValue;
}

export interface ChangeOperation extends OperationBase {
  readonly method: 'PUT' | 'PATCH';
  /** Of the resource; may be a `bulkId:` reference. */
  readonly id: string;
  /** What If-Match is to a single request. */
  readonly version: string | undefined;
  readonly data: JsonValue;
}

export interface DeleteOperation extends OperationBase {
  readonly method: 'DELETE';
  readonly id: string;
  readonly version: string | undefined;
}

export type BulkMessageOperation = PostOperation | ChangeOperation | DeleteOperation;

/**
 * @throws ScimError 400 invalidSyntax for what is no BulkRequest, invalidValue for an operation that
 *   is not framed right; 413 for too many operations (§3.7.4)
 */
export function parseBulkRequest(body: JsonValue, limits: BulkLimits): BulkMessage {
  if (!isObject(body)) throw malformed(`a bulk must be a JSON object, but is ${kindOf(body)}`);
  checkMessageSchema(body, BULK_REQUEST_SCHEMA);
  const failOnErrors = failOnErrorsOf(member(body, 'failOnErrors'));
  const given = member(body, 'Operations');
  if (!Array.isArray(given) || given.length === 0) {
    throw malformed('Operations must be an array of one or more operations');
  }
  if (given.length > limits.maxOperations) throw tooManyOperations(given.length, limits);
  const bulkIds = new Map<string, string>();
  const operations = given.map((operation, at) => {
    const place = `Operations[${at}]`;
    const read = readOperation(operation, place);
    if (read.bulkId !== undefined) noteBulkId(bulkIds, read.bulkId, place);
    return read;
  });
  return { failOnErrors, operations };
}

/** For who finds out from its length that a body is no bulk that can be taken (§3.7.4). */
export function bulkTooLarge({ maxOperations, maxPayloadBytes }: BulkLimits): string {
  return (
    `the bulk is larger than maxPayloadSize (${maxPayloadBytes} bytes); ` +
    `it may also hold at most ${maxOperations} operations (maxOperations)`
  );
}

function tooManyOperations(count: number, limits: BulkLimits): ScimError {
  const { maxOperations, maxPayloadBytes } = limits;
  return new ScimError(
    413,
    `the bulk has ${count} operations, more than maxOperations (${maxOperations}); ` +
      `it may also have at most ${maxPayloadBytes} bytes (maxPayloadSize)`,
  );
}

function failOnErrorsOf(value: JsonValue | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value;
  const given = typeof value === 'number' ? String(value) : kindOf(value);
  throw badRequest(
    'invalidValue',
    `failOnErrors must be a whole number from 1 up, but is ${given}`,
  );
}

function readOperation(operation: JsonValue, place: string): BulkMessageOperation {
  if (!isObject(operation)) {
    throw malformed(`${place} must be an object, but is ${kindOf(operation)}`);
  }
  const method = methodOf(operation, place);
  const bulkId = textMember(operation, 'bulkId', place);
  const path = textMember(operation, 'path', place);
  const [endpoint, id, ...beyond] = path === undefined ? [] : segmentsOf(path);
  if (path === undefined || endpoint === undefined || beyond.length > 0) {
    throw badRequest('invalidValue', `${place}.path must be like "/Users" or "/Users/id"`);
  }
  if (method === 'POST') {
    if (id !== undefined) {
      throw badRequest('invalidValue', `${place}.path of a POST must be like "/Users", without id`);
    }
    if (bulkId === undefined) {
      throw badRequest('invalidValue', `${place}.bulkId is required: a POST is known by it`);
    }
    return { method, bulkId, path, endpoint, data: dataOf(operation, place) };
  }
  if (id === undefined) {
    throw badRequest('invalidValue', `${place}.path of a ${method} must be like "/Users/id"`);
  }
  const version = textMember(operation, 'version', place);
  if (method === 'DELETE') return { method, bulkId, path, endpoint, id, version };
  return { method, bulkId, path, endpoint, id, version, data: dataOf(operation, place) };
}

function methodOf(operation: JsonObject, place: string): BulkMessageOperation['method'] {
  const given = member(operation, 'method');
  const method = typeof given === 'string' ? foldAscii(given) : given;
  switch (method) {
    case 'post':
      return 'POST';
    case 'put':
      return 'PUT';
    case 'patch':
      return 'PATCH';
    case 'delete':
      return 'DELETE';
  }
  const is =
    given === undefined ? 'absent' : typeof given === 'string' ? quoted(given) : kindOf(given);
  throw badRequest(
    'invalidValue',
    `${place}.method must be "POST", "PUT", "PATCH" or "DELETE", but is ${is}`,
  );
}

/** @throws ScimError 400 invalidValue for what is no string, and for '' */
function textMember(operation: JsonObject, name: string, place: string): string | undefined {
  const value = member(operation, name);
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  const is = value === '' ? 'empty' : kindOf(value);
  throw badRequest('invalidValue', `${place}.${name} must be a string, but is ${is}`);
}

function dataOf(operation: JsonObject, place: string): JsonValue {
  const data = member(operation, 'data');
  if (data !== undefined) return data;
  throw badRequest('invalidValue', `${place}.data is required: the body of the operation`);
}

/** Relative to the endpoint's base, with its leading slash or without. */
function segmentsOf(path: string): string[] {
  const segments = path.split('/');
  if (segments[0] === '') segments.shift();
  if (segments.length > 1 && segments.at(-1) === '') segments.pop();
  return segments.some((segment) => segment === '') ? [] : segments.map(decoded);
}

/** What is no escape stands for itself: nothing is called so, which is told where it is looked up. */
function decoded(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function noteBulkId(seen: Map<string, string>, bulkId: string, place: string): void {
  const earlier = seen.get(bulkId);
  if (earlier !== undefined) {
    throw badRequest(
      'invalidValue',
      `${place}.bulkId ${quoted(bulkId)} is that of ${earlier} too; each must be unique`,
    );
  }
  seen.set(bulkId, place);
}

function malformed(detail: string): ScimError {
  return badRequest('invalidSyntax', detail);
}
