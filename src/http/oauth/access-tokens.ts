/**
 * Tokens issued here: JWTs as RFC 9068 has them, made and verified. `jose` is loaded with the first
 * one: who has no OAuth clients does not pay for it at start.
 */
import type { JWTPayload } from 'jose';
import type { Scope } from '../../store/credential.ts';
import type { Clock, IdSource } from '../ports.ts';
import type { Client } from './clients.ts';
import { signedClaims, TokenRefused } from './signed-claims.ts';
import type { TokenKeys } from './token-keys.ts';
import type { TokenText } from './token-text.ts';

export interface AccessTokensOptions {
  readonly keys: TokenKeys;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Without trailing slash; undefined: nobody said where we are. */
  readonly publicUrl: string | undefined;
  readonly lifetimeMs: number;
  readonly leewaySeconds: number;
}

/** Tells these tokens from any other that the keys might sign (RFC 9068 §2.1). */
const TYPE = 'at+jwt';

export class AccessTokens {
  readonly #options: AccessTokensOptions;
  readonly #issuer: string;

  constructor(options: AccessTokensOptions) {
    this.#options = options;
    // Not from the request: whoever asks under another name must not get tokens of another issuer.
    this.#issuer = options.publicUrl === undefined ? 'urn:scimlane' : `${options.publicUrl}/scim`;
  }

  get lifetimeSeconds(): number {
    return Math.floor(this.#options.lifetimeMs / 1000);
  }

  async issue(client: Client, scopes: readonly Scope[]): Promise<string> {
    const { keys, clock, ids } = this.#options;
    const now = Math.floor(clock.now() / 1000);
    const { kid, key } = keys.signing();
    const { SignJWT } = await import('jose/jwt/sign');
    return new SignJWT({ client_id: client.id, scope: scopes.join(' ') })
      .setProtectedHeader({ alg: keys.algorithm, typ: TYPE, ...(kid === undefined ? {} : { kid }) })
      .setIssuer(this.#issuer)
      .setAudience(audienceOf(client))
      .setSubject(client.id)
      .setJti(ids.next())
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(now + this.lifetimeSeconds)
      .sign(key);
  }

  /**
   * The claims of a token that was issued here to the client and is good now.
   * @throws TokenRefused for any other
   */
  verify(token: string, { header }: TokenText, client: Client): Promise<JWTPayload> {
    const { keys, clock, leewaySeconds } = this.#options;
    const key = keys.verifying(header['kid']);
    // Before jose looks: a public key must never be taken for a secret, whatever a header says.
    if (key === undefined || header['alg'] !== keys.algorithm) {
      throw new TokenRefused('not signed here');
    }
    return signedClaims(token, key, {
      algorithms: [keys.algorithm],
      typ: TYPE,
      issuer: this.#issuer,
      audience: audienceOf(client),
      subject: client.id,
      requiredClaims: ['iat', 'nbf', 'exp'],
      clockTolerance: leewaySeconds,
      currentDate: new Date(clock.now()),
    });
  }
}

/** What a token opens: one endpoint, whatever it is called, or the server. */
function audienceOf({ credential }: Client): string {
  return credential === undefined
    ? 'urn:scimlane:server'
    : `urn:scimlane:endpoint:${credential.endpointId}`;
}
