/** If-Match of PUT, PATCH and DELETE (RFC 7644 §3.14). It is compared in the writer. */
import { ScimError } from '../../scim/errors.ts';
import type { ScimRequest } from './request.ts';

/** @throws ScimError 428 when the endpoint wants the header and it is missing */
export function ifMatchOf(request: ScimRequest): string | undefined {
  const ifMatch = request.headers.get('if-match');
  if (ifMatch === undefined && request.endpoint.settings.requireIfMatch) {
    throw new ScimError(428, 'this endpoint takes changes only with If-Match; send the ETag');
  }
  return ifMatch;
}
