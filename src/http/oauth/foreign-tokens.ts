/**
 * Tokens that another issuer has made for an endpoint, such as those of Microsoft Entra. Which
 * issuer, for which audience, the endpoint's setting `tokenIssuer` says; nothing in a token may
 * choose its keys or its algorithm beyond that.
 */
import type { JWTPayload } from 'jose';
import { isScope, type Scope } from '../../store/credential.ts';
import type { Endpoint } from '../../store/endpoint.ts';
import type { TokenIssuer } from '../../store/token-issuer.ts';
import type { Clock } from '../ports.ts';
import type { Principal } from '../principal.ts';
import type { IssuerKeys } from './issuer-keys.ts';
import { signedClaims, TokenRefused } from './signed-claims.ts';
import type { TokenText } from './token-text.ts';

/** With public keys only: a key that anybody may read must never be taken for a secret. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256'];

/** Without any claim about scopes: providers that know none push users and groups. */
const DEFAULT_SCOPES: readonly Scope[] = ['scim.read', 'scim.write'];

/** What names a client or a person in a log; longer is cut. */
const NAME_LENGTH_MAX = 128;

export class ForeignTokens {
  readonly #keys: IssuerKeys;
  readonly #clock: Clock;
  readonly #leewaySeconds: number;

  constructor(keys: IssuerKeys, clock: Clock, leewaySeconds: number) {
    this.#keys = keys;
    this.#clock = clock;
    this.#leewaySeconds = leewaySeconds;
  }

  /**
   * The claims of a token that the issuer has made for the endpoint and that is good now.
   * @throws IssuerDown
   * @throws TokenRefused for any other token
   */
  async verify(token: string, text: TokenText, issuer: TokenIssuer): Promise<JWTPayload> {
    const { alg, kid } = text.header;
    if (typeof alg !== 'string' || !ALGORITHMS.includes(alg))
      throw new TokenRefused('wrong algorithm');
    if (kid !== undefined && typeof kid !== 'string') throw new TokenRefused('wrong key id');
    this.#refuseAtSight(text, issuer);
    const key = await this.#keys.find(issuer.jwksUri, kid === undefined ? { alg } : { alg, kid });
    if (key === undefined) throw new TokenRefused('unknown key');
    return signedClaims(token, key, {
      algorithms: [alg],
      issuer: issuer.issuer,
      audience: issuer.audience,
      ...(issuer.subject === undefined ? {} : { subject: issuer.subject }),
      requiredClaims: ['exp'],
      clockTolerance: this.#leewaySeconds,
      currentDate: new Date(this.#clock.now()),
    });
  }

  /** Before keys are fetched for it: an expired token must not make us ask its issuer. */
  #refuseAtSight({ claims: { iss, aud, exp, nonce } }: TokenText, issuer: TokenIssuer): void {
    const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
    const now = this.#clock.now() / 1000;
    const expired = typeof exp !== 'number' || exp <= now - this.#leewaySeconds;
    if (iss !== issuer.issuer || !audiences.includes(issuer.audience) || expired) {
      throw new TokenRefused('not for this endpoint, or not now');
    }
    // It tells a web site who has signed in (OpenID Connect Core §2), and was made to open nothing.
    if (nonce !== undefined) throw new TokenRefused('an ID token');
  }
}

/** Who sends a verified token of another issuer. */
export function foreignPrincipal(claims: JWTPayload, endpoint: Endpoint): Principal {
  const client = firstText(claims, ['azp', 'appid', 'client_id', 'sub']) ?? 'unnamed';
  return {
    kind: 'credential',
    id: `token:${client.slice(0, NAME_LENGTH_MAX)}`,
    endpointId: endpoint.id,
    scopes: scopesOf(claims),
    // Entra's `sub` is another one for each application; `oid` is the person's own.
    subject: firstText(claims, ['oid', 'sub']),
  };
}

/** Of `scp` and `scope` (texts) and `roles` (a list), those that are ours: none, if they name others. */
function scopesOf(claims: JWTPayload): readonly Scope[] {
  const { scp, scope, roles } = claims;
  if (scp === undefined && scope === undefined && roles === undefined) return DEFAULT_SCOPES;
  const named = [scp, scope].flatMap((text) => (typeof text === 'string' ? text.split(' ') : []));
  const listed: readonly unknown[] = Array.isArray(roles) ? roles : [];
  const texts = [...named, ...listed.filter((role) => typeof role === 'string')];
  return [...new Set(texts.filter(isScope))];
}

function firstText(claims: JWTPayload, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = claims[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}
