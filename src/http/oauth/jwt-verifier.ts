/**
 * Whether a JWT opens something, and what: one that was issued here, or by the issuer that an
 * endpoint trusts. The first look costs a signature, every further one a map look-up.
 */
import type { JWTPayload } from 'jose';
import type { Endpoint } from '../../store/endpoint.ts';
import { isScope } from '../../store/credential.ts';
import { type HttpError, tryAgain } from '../http-error.ts';
import { invalidToken } from '../invalid-token.ts';
import type { Principal } from '../principal.ts';
import type { TokenVerifier } from '../token-verifier.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { Client, Clients } from './clients.ts';
import { type ForeignTokens, foreignPrincipal } from './foreign-tokens.ts';
import { IssuerDown } from './issuer-keys.ts';
import type { KnownToken, KnownTokens } from './known-tokens.ts';
import { TokenRefused } from './signed-claims.ts';
import { readToken, type TokenText } from './token-text.ts';

export interface JwtVerifierParts {
  readonly clients: Clients;
  readonly tokens: AccessTokens;
  readonly foreign: ForeignTokens;
  readonly known: KnownTokens;
  /** Tokens being verified; more are refused. */
  readonly verificationsMax: number;
  readonly leewaySeconds: number;
}

interface Verification {
  readonly endpoint: Endpoint | undefined;
  readonly principal: Promise<Principal>;
}

export class JwtVerifier implements TokenVerifier {
  readonly #parts: JwtVerifierParts;
  /** By endpoint and token: a burst of requests with a new token computes its signature once. */
  readonly #running = new Map<string, Verification>();

  constructor(parts: JwtVerifierParts) {
    this.#parts = parts;
  }

  known(token: string, endpoint: Endpoint | undefined): Principal | undefined {
    return this.#parts.known.find(token, endpoint);
  }

  /** @throws HttpError 503 when an issuer's keys cannot be had, or too many are being verified */
  verify(token: string, endpoint: Endpoint | undefined): Promise<Principal> {
    const key = `${endpoint?.id ?? ''} ${token}`;
    const running = this.#running.get(key);
    if (running !== undefined && running.endpoint === endpoint) return running.principal;
    if (this.#running.size >= this.#parts.verificationsMax) {
      return Promise.reject(tryAgain('the server is busy; nothing was done, try again'));
    }
    const verification = { endpoint, principal: this.#verify(token, endpoint) };
    this.#running.set(key, verification);
    const forget = (): void => {
      if (this.#running.get(key) === verification) this.#running.delete(key);
    };
    verification.principal.then(forget, forget);
    return verification.principal;
  }

  async #verify(token: string, endpoint: Endpoint | undefined): Promise<Principal> {
    try {
      const verified = await this.#look(token, endpoint);
      this.#parts.known.add(token, verified);
      return verified.principal;
    } catch (error) {
      // Which of all checks failed would help nobody but an attacker.
      if (error instanceof TokenRefused) throw invalidToken();
      throw error instanceof IssuerDown ? issuerDown() : error;
    }
  }

  /** @throws TokenRefused, IssuerDown */
  #look(token: string, endpoint: Endpoint | undefined): Promise<KnownToken> {
    const text = readToken(token);
    if (text === undefined) throw new TokenRefused('no JWT');
    const issuer = endpoint?.settings.tokenIssuer;
    if (endpoint !== undefined && issuer !== undefined && text.claims['iss'] === issuer.issuer) {
      return this.#lookAtForeign(token, text, endpoint);
    }
    return this.#lookAtOwn(token, text);
  }

  async #lookAtForeign(token: string, text: TokenText, endpoint: Endpoint): Promise<KnownToken> {
    const issuer = endpoint.settings.tokenIssuer;
    if (issuer === undefined) throw new TokenRefused('no issuer');
    const claims = await this.#parts.foreign.verify(token, text, issuer);
    return {
      principal: foreignPrincipal(claims, endpoint),
      untilMs: this.#endOf(claims),
      judgedBy: endpoint,
      isForeign: true,
    };
  }

  async #lookAtOwn(token: string, text: TokenText): Promise<KnownToken> {
    const { client_id: id } = text.claims;
    // A client that is gone is refused before a signature is computed.
    const client = typeof id === 'string' ? this.#parts.clients.find(id) : undefined;
    if (client === undefined) throw new TokenRefused('unknown client');
    const claims = await this.#parts.tokens.verify(token, text, client);
    const { credential } = client;
    return {
      principal: ownPrincipal(claims, client),
      untilMs: Math.min(this.#endOf(claims), credential?.expiresAt ?? Infinity),
      judgedBy: credential,
      isForeign: false,
    };
  }

  #endOf({ exp = 0 }: JWTPayload): number {
    return (exp + this.#parts.leewaySeconds) * 1000;
  }
}

/** What the token was given, as far as its client still has it. */
function ownPrincipal({ scope }: JWTPayload, { id, scopes, credential }: Client): Principal {
  const given = typeof scope === 'string' ? scope.split(' ').filter(isScope) : [];
  return {
    kind: 'credential',
    id,
    endpointId: credential?.endpointId,
    scopes: given.filter((each) => scopes.includes(each)),
    subject: credential?.subject,
  };
}

function issuerDown(): HttpError {
  return tryAgain("the keys of the token's issuer cannot be had; nothing was done, try again");
}
