/**
 * Every failure of a request becomes an answer here and nowhere else: the client's fault as it was
 * thrown, the store's as a 503 that says whether to try again, and anything unforeseen as a 500
 * that tells the client nothing of our insides and the log everything.
 */
import { ScimError, errorBody } from '../scim/errors.ts';
import { StoreError, type StoreErrorCode } from '../store/results.ts';
import { type Answer, scimAnswer } from './answer.ts';
import { HttpError, tryAgain } from './http-error.ts';
import type { Log } from './ports.ts';

/** @param requestId names the request in the log, and to the client */
export function failureAnswer(error: unknown, requestId: string, log: Log): Answer {
  return errorAnswer(failureOf(error, requestId, log));
}

/** What the client is told of it: the error of a request, or of one operation of a bulk. */
export function failureOf(error: unknown, requestId: string, log: Log): ScimError {
  if (error instanceof ScimError) return error;
  if (error instanceof StoreError) {
    // Being overloaded is told by the metrics; a line for each refused request would add to it.
    // Nor a stack: it tells of this process's threads, the message tells why.
    if (error.code !== 'overloaded' && error.code !== 'contended') {
      log.error({ code: error.code, reason: error.message, requestId }, 'the store failed');
    }
    return STORE_FAILURES[error.code](error.message);
  }
  log.error({ err: error, requestId }, 'a request failed for an unforeseen reason');
  return new ScimError(500, `the server failed; its log tells why under request id ${requestId}`);
}

/**
 * 503 for all of them: 507 is WebDAV's, and identity providers retry a 503. `full` has a Retry-After
 * because space comes back when an operator or the purge makes it.
 */
const STORE_FAILURES: Readonly<Record<StoreErrorCode, (message: string) => HttpError>> = {
  overloaded: () => tryAgain('the server is busy; nothing was done, try again'),
  outcomeUnknown: outcomeUnknown,
  full: () =>
    new HttpError(503, 'storage is full; nothing was done', { headers: [['Retry-After', '60']] }),
  unavailable: () => tryAgain('the server is stopping or its storage failed; try again'),
  // The only message of the store that is written for clients.
  contended: (message) => tryAgain(message),
  // Never sent: the client has gone.
  abandoned: (message) => tryAgain(message),
};

/** The write may have happened: a blind retry could meet its own work (a 409, or worse). */
export function outcomeUnknown(): HttpError {
  return new HttpError(
    503,
    'the outcome of this request is unknown: read the resource before you try again',
    { headers: [['Retry-After', '1']] },
  );
}

function errorAnswer(error: ScimError): Answer {
  const headers = error instanceof HttpError ? error.headers : [];
  return {
    ...scimAnswer(error.status, errorBody(error.status, error.message, error.scimType), headers),
    detail: error.message,
    closesConnection: error instanceof HttpError && error.closesConnection,
  };
}
