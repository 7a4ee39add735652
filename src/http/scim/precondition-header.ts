/**
 * If-Match of PUT, PATCH and DELETE (RFC 7644 §3.14), which inside a bulk is an operation's
 * `version` (§3.7). It is compared in the writer.
 */
import { ScimError } from '../../scim/errors.ts';
import type { Endpoint } from '../../store/endpoint.ts';
import type { ScimRequest } from './request.ts';

/** @throws ScimError 428 when the endpoint wants the header and it is missing */
export function ifMatchOf(request: ScimRequest): string | undefined {
  return requiredIfMatch(request.endpoint, request.headers.get('if-match'), 'If-Match');
}

/**
 * @param given undefined when the client named no version
 * @param place where the client would name it, for the error
 * @throws ScimError 428 when the endpoint wants one
 */
export function requiredIfMatch(
  endpoint: Endpoint,
  given: string | undefined,
  place: string,
): string | undefined {
  if (given === undefined && endpoint.settings.requireIfMatch) {
    throw new ScimError(428, `this endpoint takes changes only with ${place}; send the ETag`);
  }
  return given;
}
