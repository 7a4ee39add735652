/**
 * A ScimError that says more than its status and body: headers that belong to it, or that the
 * connection cannot go on. Thrown by http alone; everyone else throws a plain ScimError.
 */
import { ScimError, type ScimType } from '../scim/errors.ts';
import type { Refusal } from './admission-shares.ts';
import type { Header } from './answer.ts';

export interface HttpErrorOptions {
  readonly scimType?: ScimType;
  readonly headers?: readonly Header[];
  /**
   * What is left of the request must not be read: it is too large, or where it ends is in doubt.
   */
  readonly closesConnection?: boolean;
}

export class HttpError extends ScimError {
  readonly headers: readonly Header[];
  readonly closesConnection: boolean;

  constructor(status: number, detail: string, options: HttpErrorOptions = {}) {
    super(status, detail, options.scimType);
    this.name = 'HttpError';
    this.headers = options.headers ?? [];
    this.closesConnection = options.closesConnection ?? false;
  }
}

/** 503 that tells the client when to come again; nothing of the request was done. */
export function tryAgain(detail: string, closesConnection = false): HttpError {
  return new HttpError(503, detail, { headers: [['Retry-After', '1']], closesConnection });
}

/** 503 where the server is full, 429 where the endpoint has its share (RFC 6585 §4). */
export function refused(refusal: Refusal, closesConnection = false): HttpError {
  const headers: Header[] = [['Retry-After', String(refusal.retryAfterSeconds)]];
  const status = refusal.whose === 'server' ? 503 : 429;
  return new HttpError(status, refusal.detail, { headers, closesConnection });
}
