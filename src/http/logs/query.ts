/**
 * The query string of the request log. What it does not know is refused: a filter that is spelt wrong
 * and ignored would show everything.
 */
import { parseRfc3339 } from '../../platform/rfc3339.ts';
import { badRequest } from '../../scim/errors.ts';
import type { LogFilter } from '../../store/request-logs.ts';
import type { QueryParameters } from '../query.ts';

export interface LogPageLimits {
  readonly logPageSizeDefault: number;
  readonly logPageSizeMax: number;
}

export interface LogPageQuery {
  readonly filter: LogFilter;
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
  readonly before: number | undefined;
}

const FILTERS = [
  'method',
  'status',
  'hasError',
  'urlContains',
  'since',
  'until',
  'search',
  'includeAdmin',
  'hideKeepalive',
  'minDurationMs',
  'endpointId',
  'requestId',
  'before',
];

/** @throws ScimError 400 that names the parameter */
export function logPageQuery(query: QueryParameters, limits: LogPageLimits): LogPageQuery {
  refuseUnknown(query, ['page', 'pageSize', ...FILTERS]);
  const pageSize = wholeNumber(query, 'pageSize', 1, limits.logPageSizeMax);
  const page = wholeNumber(query, 'page', 1, 1_000_000_000);
  return {
    filter: filterOf(query),
    page: page ?? 1,
    pageSize: pageSize ?? limits.logPageSizeDefault,
    before: beforeOf(query),
  };
}

/** Of a stream: what can be told of a row when it comes. @throws ScimError 400 that names the parameter */
export function streamFilter(query: QueryParameters): LogFilter {
  refuseUnknown(query, ['lastEventId', ...FILTERS.filter((name) => name !== 'before')]);
  return filterOf(query);
}

export type DownloadFormat = 'ndjson' | 'csv' | 'har';

/** @throws ScimError 400 that names the parameter */
export function downloadQuery(query: QueryParameters): {
  readonly filter: LogFilter;
  readonly format: DownloadFormat;
  readonly before: number | undefined;
} {
  refuseUnknown(query, ['format', ...FILTERS]);
  const format = query.get('format') ?? 'ndjson';
  if (format !== 'ndjson' && format !== 'csv' && format !== 'har') {
    throw badRequest('invalidValue', 'format takes ndjson, csv or har');
  }
  return { filter: filterOf(query), format, before: beforeOf(query) };
}

function filterOf(query: QueryParameters): LogFilter {
  return {
    endpointId: query.get('endpointId'),
    method: query.get('method')?.toUpperCase(),
    status: statusOf(query),
    hasError: trueOrFalse(query, 'hasError'),
    urlContains: textOf(query, 'urlContains'),
    since: timeOf(query, 'since'),
    until: timeOf(query, 'until'),
    search: textOf(query, 'search'),
    requestId: query.get('requestId'),
    minDurationMs: wholeNumber(query, 'minDurationMs', 0, 1_000_000_000),
    hidesAdmin: trueOrFalse(query, 'includeAdmin') !== true,
    hidesKeepalive: trueOrFalse(query, 'hideKeepalive'),
  };
}

function refuseUnknown(query: QueryParameters, known: readonly string[]): void {
  for (const name of query.keys()) {
    if (known.includes(name)) continue;
    const shown = JSON.stringify(name.slice(0, 64));
    throw badRequest(
      'invalidValue',
      `${shown} is no parameter here; there are ${known.join(', ')}`,
    );
  }
}

/** `404`, or `4xx`. */
function statusOf(query: QueryParameters): number | undefined {
  const text = query.get('status');
  if (text === undefined) return undefined;
  const status = /^([1-5])(\d\d|xx)$/i.exec(text);
  if (status === null)
    throw badRequest('invalidValue', 'status takes a status such as 404, or 4xx');
  return /x/i.test(text) ? Number(status[1]) : Number(text);
}

/** As RFC 3339 has it, or milliseconds since 1970. */
function timeOf(query: QueryParameters, name: 'since' | 'until'): number | undefined {
  const text = query.get(name);
  if (text === undefined) return undefined;
  // A plus that was not escaped has become a space.
  const time = /^\d{1,15}$/.test(text) ? Number(text) : parseRfc3339(text.replace(' ', '+'));
  if (time !== undefined) return time;
  throw badRequest('invalidValue', `${name} takes a time such as 2026-01-31T10:00:00Z`);
}

function textOf(query: QueryParameters, name: 'urlContains' | 'search'): string | undefined {
  const text = query.get(name);
  if (text !== undefined && text.length > 500) {
    throw badRequest('invalidValue', `${name} takes up to 500 characters`);
  }
  return text === '' ? undefined : text;
}

function trueOrFalse(query: QueryParameters, name: string): boolean | undefined {
  const text = query.get(name);
  if (text === undefined) return undefined;
  if (text !== 'true' && text !== 'false') {
    throw badRequest('invalidValue', `${name} takes true or false`);
  }
  return text === 'true';
}

function beforeOf(query: QueryParameters): number | undefined {
  return wholeNumber(query, 'before', 1, Number.MAX_SAFE_INTEGER);
}

function wholeNumber(
  query: QueryParameters,
  name: string,
  min: number,
  max: number,
): number | undefined {
  const text = query.get(name);
  if (text === undefined) return undefined;
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw badRequest('invalidValue', `${name} takes a whole number from ${min} to ${max}`);
}
