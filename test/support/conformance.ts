/**
 * Rules that every answer keeps, whatever was asked: the media type, the error body of RFC 7644
 * §3.12, Location and ETag that agree with `meta`, a request id, no body where none belongs. The
 * client holds each answer against them and throws at the first that breaks one.
 */
import { isObject, type JsonObject, type JsonValue } from '../../src/scim/json.ts';
import type { Answer } from './answer.ts';

const ERROR_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:Error';
const ERROR_MEMBERS = new Set(['schemas', 'status', 'scimType', 'detail']);
const SCIM_TYPES = new Set([
  ...['invalidFilter', 'tooMany', 'uniqueness', 'mutability', 'invalidSyntax', 'invalidPath'],
  ...['noTarget', 'invalidValue', 'invalidVers', 'sensitive', 'invalidCursor', 'expiredCursor'],
  'invalidCount',
]);

/** @throws Error naming the request and the rule it broke. */
export function checkConformance(method: string, target: string, answer: Answer): void {
  const broken = (rule: string): never => {
    throw new Error(
      `${method} ${target.slice(0, 200)} answered ${answer.status}: ${rule}\n` +
        `${JSON.stringify(answer.headers)}\n${answer.text.slice(0, 500)}`,
    );
  };
  if (answer.headers['x-request-id'] === undefined) broken('X-Request-Id is missing');
  if (answer.status === 500) broken('500 is never an answer');
  if (answer.status === 204 || answer.status === 304 || method === 'HEAD') {
    if (answer.text !== '') broken('there must be no body');
    return;
  }
  if (!isScim(target)) return;
  if (answer.headers['content-type'] !== 'application/scim+json') {
    broken('Content-Type must be application/scim+json, without charset');
  }
  const body = answer.json;
  if (!isObject(body)) return broken('the body must be a JSON object');
  if (containsNull(body)) broken('null never appears in an answer');
  if (answer.status >= 400) checkError(answer, body, broken);
  else checkResource(method, answer, body, broken);
}

function isScim(target: string): boolean {
  if (/\/logs(?:[/?]|$)/.test(target)) return false;
  return target.startsWith('/scim/') && !target.startsWith('/scim/admin/');
}

function checkError(answer: Answer, body: JsonObject, broken: (rule: string) => never): void {
  if (JSON.stringify(body['schemas']) !== JSON.stringify([ERROR_SCHEMA])) {
    broken('schemas must be the Error URN');
  }
  if (body['status'] !== String(answer.status)) broken('status must be the code as a string');
  const { scimType, detail } = body;
  if (scimType !== undefined && !(typeof scimType === 'string' && SCIM_TYPES.has(scimType))) {
    broken('scimType must be one of the table');
  }
  if (typeof detail !== 'string' || detail.trim() === '') {
    broken('detail must be a string that says something');
  } else if (/[\r\n]/.test(detail)) broken('detail must be one line');
  const extra = Object.keys(body).filter((name) => !ERROR_MEMBERS.has(name));
  if (extra.length > 0) broken(`the error has members beyond its schema: ${extra.join(' ')}`);
  if (answer.status === 401 && !/^Bearer\b/.test(answer.headers['www-authenticate'] ?? '')) {
    broken('401 must carry WWW-Authenticate: Bearer');
  }
}

function checkResource(
  method: string,
  answer: Answer,
  body: JsonObject,
  broken: (rule: string) => never,
): void {
  if (!Array.isArray(body['schemas'])) broken('schemas is missing');
  const meta = body['meta'];
  if (!isObject(meta) || meta['version'] === undefined) return;
  if (answer.headers.etag !== meta['version']) broken('ETag must equal meta.version');
  if (!/^W\/"[^"]+"$/.test(answer.headers.etag)) broken('ETag must be a weak entity-tag');
  if (method === 'POST' && answer.status === 201 && answer.headers.location !== meta['location']) {
    broken('Location must equal meta.location');
  }
}

function containsNull(value: JsonValue): boolean {
  if (value === null) return true;
  if (typeof value !== 'object') return false;
  return (Array.isArray(value) ? value : Object.values(value)).some(containsNull);
}
