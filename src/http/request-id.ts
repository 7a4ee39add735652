/**
 * The name a request has in logs and in its answer. A client's own is kept when it can stand in a
 * header, a log line and a web page without harm; any other is replaced, never an error.
 */
import type { RequestHeaders } from './header-guard.ts';
import type { IdSource } from './ports.ts';

/** Letters, digits, and the marks that common id formats use; none that opens a tag or a variable. */
const SANE = /^[A-Za-z0-9._~:;,/+=@!-]+$/;

export function requestIdOf(headers: RequestHeaders, ids: IdSource, lengthMax: number): string {
  const given = headers.get('x-request-id');
  const usable = given !== undefined && given.length <= lengthMax && SANE.test(given);
  return usable ? given : ids.next();
}
