/**
 * The one door through which a request proves who sends it. Today one shared secret opens every
 * plane; credentials per endpoint and OAuth tokens will be decided here too.
 */
import { timingSafeEqual } from 'node:crypto';
import type { RequestHeaders } from './header-guard.ts';
import { HttpError } from './http-error.ts';

/** What a request wants to reach: the resources of endpoints, or the endpoints themselves. */
export type Plane = 'scim' | 'admin';

export interface Authenticator {
  /** @throws HttpError 401 with WWW-Authenticate (RFC 6750 §3) */
  authenticate(headers: RequestHeaders, plane: Plane): void;
}

/** RFC 6750 §2.1; the scheme compares without case (RFC 9110 §11.1). */
const BEARER = /^Bearer +([^ ]+)$/i;

/** @param tokenBytesMax longer tokens are refused without being compared */
export function sharedSecretAuthenticator(secret: string, tokenBytesMax: number): Authenticator {
  const expected = Buffer.from(secret, 'utf8');
  return {
    authenticate: (headers) => {
      const authorization = headers.get('authorization');
      if (authorization === undefined) {
        throw unauthorized('send Authorization: Bearer and the token', 'Bearer realm="scim"');
      }
      const token = BEARER.exec(authorization)?.[1];
      if (token === undefined || token.length > tokenBytesMax) throw invalidToken();
      const given = Buffer.from(token, 'utf8');
      // The comparison takes the same time wherever the two differ; the length is no secret.
      const same = given.byteLength === expected.byteLength && timingSafeEqual(given, expected);
      if (!same) throw invalidToken();
    },
  };
}

function invalidToken(): HttpError {
  return unauthorized(
    'the bearer token is not valid here',
    'Bearer realm="scim", error="invalid_token"',
  );
}

function unauthorized(detail: string, challenge: string): HttpError {
  return new HttpError(401, detail, { headers: [['WWW-Authenticate', challenge]] });
}
