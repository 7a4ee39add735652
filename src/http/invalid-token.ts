/**
 * The refusal of a bearer token (RFC 6750 §3.1), in the same words whichever check failed: which it
 * was would help nobody but an attacker.
 */
import { HttpError } from './http-error.ts';

export function invalidToken(): HttpError {
  return new HttpError(401, 'the bearer token is not valid here', {
    headers: [['WWW-Authenticate', 'Bearer realm="scim", error="invalid_token"']],
  });
}
