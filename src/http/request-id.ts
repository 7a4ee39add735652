/**
 * The name a request has in logs and in its answer. A client's own is kept when it can stand in a
 * header, a log line and a shell without harm; any other is replaced, never an error.
 */
import type { RequestHeaders } from './header-guard.ts';
import type { IdSource } from './ports.ts';

/** Letters, digits and marks that mean nothing to a shell or a browser. */
const SANE = /^[A-Za-z0-9._~:/+=@-]+$/;

export function requestIdOf(headers: RequestHeaders, ids: IdSource, lengthMax: number): string {
  const given = headers.get('x-request-id');
  const usable = given !== undefined && given.length <= lengthMax && SANE.test(given);
  return usable ? given : ids.next();
}
