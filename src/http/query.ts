/**
 * The query string (RFC 7644 §3.4.2): decoded strictly, `+` as a space because identity providers
 * write filters so. Numbers are numbers or an error, never a silent default.
 */
import { badRequest } from '../scim/errors.ts';
import { splitNames } from '../scim/resource/attribute-list.ts';
import { type SearchParameters, sortOf } from '../scim/messages/search.ts';

export type QueryParameters = ReadonlyMap<string, string>;

export interface PageLimits {
  readonly pageSizeDefault: number;
  readonly pageSizeMax: number;
}

export interface Page {
  /** 1-based. */
  readonly startIndex: number;
  readonly count: number;
}

const NONE: QueryParameters = new Map();

/** Lists may be told in several parameters; anything else told twice is in doubt. */
const LISTS = new Set(['attributes', 'excludedAttributes']);

/** @throws ScimError 400 invalidValue for a bad escape or a parameter given twice */
export function parseQuery(query: string): QueryParameters {
  if (query === '') return NONE;
  const parameters = new Map<string, string>();
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals === -1 ? pair : pair.slice(0, equals));
    const value = equals === -1 ? '' : decode(pair.slice(equals + 1));
    const earlier = parameters.get(name);
    if (earlier !== undefined && !LISTS.has(name)) {
      throw badRequest('invalidValue', `the query parameter ${quoted(name)} may be given once`);
    }
    parameters.set(name, earlier === undefined ? value : `${earlier},${value}`);
  }
  return parameters;
}

/**
 * What a query string asks for; parameters that it does not know are ignored (RFC 7644 §3.4.2).
 * @throws ScimError 400 invalidValue for a number that is none or a sortOrder there is not;
 *   invalidCount beside a cursor (RFC 9865 §2.1)
 */
export function searchParameters(query: QueryParameters): SearchParameters {
  const cursor = query.get('cursor');
  return {
    filter: query.get('filter'),
    sort: sortOf(query.get('sortBy'), query.get('sortOrder')),
    startIndex: wholeNumber(query, 'startIndex', 'invalidValue'),
    count: wholeNumber(query, 'count', cursor === undefined ? 'invalidValue' : 'invalidCount'),
    cursor,
    attributes: attributeList(query, 'attributes'),
    excludedAttributes: attributeList(query, 'excludedAttributes'),
  };
}

/**
 * `startIndex` and `count` as they are applied (RFC 7644 §3.4.2.4): below 1 means 1, below 0 means
 * 0, and `count` is cut to what a page may hold.
 * @throws ScimError 400 invalidValue for an index beside a cursor: they are two ways of paging
 */
export function pageOf(
  { startIndex, count, cursor }: Pick<SearchParameters, 'startIndex' | 'count' | 'cursor'>,
  limits: PageLimits,
): Page {
  if (cursor !== undefined && startIndex !== undefined) {
    throw badRequest('invalidValue', 'give either startIndex or cursor, not both');
  }
  return {
    startIndex: Math.min(Math.max(startIndex ?? 1, 1), Number.MAX_SAFE_INTEGER),
    count: Math.min(Math.max(count ?? limits.pageSizeDefault, 0), limits.pageSizeMax),
  };
}

/** A comma-separated list of attribute paths; undefined when it names none. */
export function attributeList(
  query: QueryParameters,
  name: 'attributes' | 'excludedAttributes',
): readonly string[] | undefined {
  const text = query.get(name);
  if (text === undefined) return undefined;
  const paths = splitNames(text);
  return paths.length === 0 ? undefined : paths;
}

function wholeNumber(
  query: QueryParameters,
  name: 'startIndex' | 'count',
  scimType: 'invalidValue' | 'invalidCount',
): number | undefined {
  const text = query.get(name);
  if (text === undefined) return undefined;
  if (!/^[+-]?\d+$/.test(text)) {
    throw badRequest(scimType, `${name} takes a whole number, not ${quoted(text)}`);
  }
  return Number(text);
}

/** As text in an error: short, and on one line whatever it holds. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 64 ? `${text.slice(0, 64)}…` : text);
}

function decode(text: string): string {
  if (!/[+%]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw badRequest('invalidValue', 'the query string has a percent-escape that is not UTF-8');
  }
}
