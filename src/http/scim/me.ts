/** `/Me` (RFC 7644 §3.11): tokens belong to clients here, not to users, so there is no "me". */
import { ScimError } from '../../scim/errors.ts';

/** @throws ScimError 501, always */
export function refuseMe(): never {
  throw new ScimError(501, '/Me is not served: the token belongs to a client, not to a user');
}
