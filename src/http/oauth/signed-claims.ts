/** The claims of a JWT, once its signature and what it says of itself are found right by `jose`. */
import type { CryptoKey, JWTPayload, JWTVerifyOptions, KeyObject } from 'jose';

/** A token that opens nothing; the message is for us alone. */
export class TokenRefused extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'TokenRefused';
  }
}

/**
 * @param options must pin the algorithm
 * @throws TokenRefused
 */
export async function signedClaims(
  token: string,
  key: CryptoKey | KeyObject,
  options: JWTVerifyOptions & { readonly algorithms: string[] },
): Promise<JWTPayload> {
  const { jwtVerify } = await import('jose/jwt/verify');
  try {
    return (await jwtVerify(token, key, options)).payload;
  } catch (error) {
    throw new TokenRefused(error instanceof Error ? error.message : 'not verified');
  }
}
