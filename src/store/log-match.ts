/**
 * A filter of the request log over one row in memory, for whoever is told of rows as they come. It
 * must say what `src/sqlite/log-condition.ts` says; a property test compares them.
 */
import { activityTypeOf, isKeepalive, isOfAdmin, severityOf } from './log-facts.ts';
import type { LogFilter, LoggedRequest } from './request-logs.ts';

/** @returns whether a row matches */
export function logMatcher(filter: LogFilter): (row: LoggedRequest) => boolean {
  const urlPart = filter.urlContains && lower(filter.urlContains);
  const searched = filter.search && lower(filter.search);
  return (row) =>
    matchesExactly(filter, row) &&
    matchesStatus(filter, row) &&
    row.time >= (filter.since ?? -Infinity) &&
    row.time <= (filter.until ?? Infinity) &&
    (urlPart === undefined || lower(row.target).includes(urlPart)) &&
    (searched === undefined || searchedIn(row).some((text) => lower(text).includes(searched))) &&
    !(filter.hidesAdmin === true && isOfAdmin(row)) &&
    !(filter.hidesKeepalive === true && isKeepalive(row));
}

function matchesExactly(filter: LogFilter, row: LoggedRequest): boolean {
  const { endpointId, method, requestId, minDurationMs, type, severity } = filter;
  return (
    (endpointId === undefined || row.endpointId === endpointId) &&
    (method === undefined || row.method === method) &&
    (requestId === undefined || row.requestId === requestId) &&
    (minDurationMs === undefined || (row.durationMs ?? -1) >= minDurationMs) &&
    (type === undefined || activityTypeOf(row) === type) &&
    (severity === undefined || severityOf(row) === severity)
  );
}

function matchesStatus({ status, hasError }: LogFilter, row: LoggedRequest): boolean {
  if (hasError !== undefined && row.status >= 400 !== hasError) return false;
  if (status === undefined) return true;
  return status < 10 ? Math.floor(row.status / 100) === status : row.status === status;
}

function searchedIn(row: LoggedRequest): string[] {
  const { target, who, resourceId, detail, userAgent, address, requestId, credentialId } = row;
  const texts = [target, who, resourceId, detail, userAgent, address, requestId, credentialId];
  return texts.filter((text) => text !== undefined);
}

/** As SQLite's LIKE folds: ASCII and nothing else. */
function lower(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
