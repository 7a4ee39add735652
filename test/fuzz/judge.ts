/** What every answer must be, whatever the request was; and that the storm has reached something. */
import { isObject } from '../../src/scim/json.ts';
import { Answer } from '../support/answer.ts';
import { checkConformance } from '../support/conformance.ts';
import type { Case } from './case.ts';

const ERROR_TYPE = 'application/scim+json';

/** Where something of ours is honestly not there: `/Me` (RFC 7644 §3.11), and without a storage. */
const NOT_HERE: readonly (readonly [number, RegExp])[] = [
  [501, /\/me\/?$/i],
  [503, /^\/scim\/admin\/backup\/(trigger|verify|restore)$/],
];

/** An endpoint that keeps what its schema does not know as it comes, nulls inside included. */
const KEEPING = '/fuzz-keep/';

/** @throws Error that says which rule the answer breaks */
export function judge({ method, target }: Case, answer: Answer): void {
  checkConformance(method, target, target.includes(KEEPING) ? withoutNulls(answer) : answer);
  const { status } = answer;
  if (status >= 500 && !isNotHere(status, target)) throw new Error(`${status}: ${answer.text}`);
  if (status < 200 || (status >= 300 && status < 400 && status !== 304)) {
    throw new Error(`${status} is no answer to anything here`);
  }
  if (method === 'HEAD' || status < 400) return;
  if (answer.headers['content-type'] !== ERROR_TYPE) throw new Error('an error without its type');
  if (answer.body['status'] !== String(status))
    throw new Error('an error that tells another status');
  if (typeof answer.body['detail'] !== 'string') throw new Error('an error that says nothing');
}

function withoutNulls({ status, headers, text }: Answer): Answer {
  if (text === '') return new Answer(status, headers, text);
  const body: unknown = JSON.parse(text, (_, value: unknown) => value ?? '');
  return new Answer(status, headers, JSON.stringify(body));
}

function isNotHere(status: number, target: string): boolean {
  const [path = ''] = target.split('?');
  return NOT_HERE.some(([allowed, where]) => allowed === status && where.test(path));
}

/** Paths of resources, and cursors, that an answer names: food for later cases. */
export function toldBy({ method }: Case, answer: Answer): { resource?: string; cursor?: string } {
  if (method === 'HEAD' || answer.status >= 300 || answer.text === '') return {};
  if (answer.headers['content-type'] !== ERROR_TYPE) return {};
  const location = answer.headers.location;
  if (location !== undefined) {
    const resource = /\/scim\/.*(?:Users|Groups)\/[^/]+$/.exec(location)?.[0];
    return resource === undefined ? {} : { resource };
  }
  const body = answer.json;
  const cursor = isObject(body) ? body['nextCursor'] : undefined;
  return typeof cursor === 'string' ? { cursor } : {};
}
