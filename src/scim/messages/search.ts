/**
 * What a query asks for (RFC 7644 §3.4.2), and its form as the body of `POST /.search` (§3.4.3).
 * Members are checked for their type; what they mean is decided where they are used.
 */
import { badRequest, type ScimError } from '../errors.ts';
import { foldAscii } from '../fold.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { kindOf, quoted } from '../resource/wording.ts';
import type { Sort } from '../sort/compile.ts';
import { checkMessageSchema, member } from './member.ts';

export const SEARCH_REQUEST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

/** Undefined: not given. */
export interface SearchParameters {
  readonly filter: string | undefined;
  readonly sort: Sort | undefined;
  /** Whole numbers of any size and sign. */
  readonly startIndex: number | undefined;
  readonly count: number | undefined;
  /** Empty: the first page of a walk by cursor. */
  readonly cursor: string | undefined;
  readonly attributes: readonly string[] | undefined;
  readonly excludedAttributes: readonly string[] | undefined;
}

/**
 * @throws ScimError 400 invalidSyntax for a body that is no SearchRequest or a member of the wrong
 *   type; invalidValue for a sortOrder there is not; invalidCount as RFC 9865 §2.1 has it
 */
export function parseSearchRequest(body: JsonValue): SearchParameters {
  if (!isObject(body)) {
    throw malformed(`a search is a JSON object, but the body is ${kindOf(body)}`);
  }
  checkMessageSchema(body, SEARCH_REQUEST_SCHEMA);
  const cursor = text(body, 'cursor');
  return {
    filter: text(body, 'filter'),
    sort: sortOf(text(body, 'sortBy'), text(body, 'sortOrder')),
    startIndex: wholeNumber(body, 'startIndex', 'invalidSyntax'),
    count: wholeNumber(body, 'count', cursor === undefined ? 'invalidSyntax' : 'invalidCount'),
    cursor,
    attributes: list(body, 'attributes'),
    excludedAttributes: list(body, 'excludedAttributes'),
  };
}

/**
 * `sortOrder` says nothing without `sortBy`, and an empty `sortBy` names nothing to sort by.
 * @throws ScimError 400 invalidValue
 */
export function sortOf(by: string | undefined, order: string | undefined): Sort | undefined {
  const folded = foldAscii(order ?? 'ascending');
  if (folded !== 'ascending' && folded !== 'descending') {
    const given = quoted(order ?? '');
    throw badRequest('invalidValue', `sortOrder takes ascending or descending, not ${given}`);
  }
  return by === undefined || by === '' ? undefined : { by, descending: folded === 'descending' };
}

function text(body: JsonObject, name: string): string | undefined {
  const value = member(body, name);
  if (value === undefined || typeof value === 'string') return value;
  throw malformed(`${name} must be a string, but is ${kindOf(value)}`);
}

function wholeNumber(
  body: JsonObject,
  name: string,
  scimType: 'invalidSyntax' | 'invalidCount',
): number | undefined {
  const value = member(body, name);
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  const given = typeof value === 'number' ? String(value) : kindOf(value);
  throw badRequest(scimType, `${name} must be a whole number, but is ${given}`);
}

function list(body: JsonObject, name: string): readonly string[] | undefined {
  const value = member(body, name);
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) {
    throw malformed(`${name} must be an array of strings, but is ${kindOf(value)}`);
  }
  return value.map((element, at) => {
    if (typeof element === 'string') return element;
    throw malformed(`${name}[${at}] must be a string, but is ${kindOf(element)}`);
  });
}

function malformed(detail: string): ScimError {
  return badRequest('invalidSyntax', detail);
}
