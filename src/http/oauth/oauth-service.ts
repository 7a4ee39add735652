/**
 * OAuth put together: tokens for clients, what others need to find and check them, and the verifier
 * of tokens that clients bring. Knows no socket: bodies come as text, answers go as data.
 */
import type { Endpoint } from '../../store/endpoint.ts';
import type { Answer } from '../answer.ts';
import { FailedAttempts } from '../auth-failures.ts';
import { baseUrl } from '../base-url.ts';
import type { RequestHeaders } from '../header-guard.ts';
import type { HttpOptions, HttpServices } from '../options.ts';
import type { Clock } from '../ports.ts';
import { DEFAULT_ENDPOINT, type ScimRoot } from '../routes.ts';
import type { TokenVerifier } from '../token-verifier.ts';
import { AccessTokens } from './access-tokens.ts';
import { Clients } from './clients.ts';
import { ForeignTokens } from './foreign-tokens.ts';
import { fetchIssuerKeys } from './issuer-fetch.ts';
import { IssuerKeys } from './issuer-keys.ts';
import { JwtVerifier } from './jwt-verifier.ts';
import type { KnownTokens } from './known-tokens.ts';
import { keysAnswer, metadataAnswer } from './metadata.ts';
import { OauthError, oauthErrorAnswer } from './oauth-error.ts';
import type { OauthRoute } from './routes.ts';
import { TokenEndpoint } from './token-endpoint.ts';
import { DailyKeys, SecretKey, type TokenKeys } from './token-keys.ts';
import { readTokenRequest } from './token-request.ts';

/** A request for a token, as it came. */
export interface TokenDemand {
  readonly text: string;
  readonly headers: RequestHeaders;
  /** Undefined: nobody knows the one that the URL names. */
  readonly endpoint: Endpoint | undefined;
  readonly root: ScimRoot;
  /** Whose wrong secrets are counted together. */
  readonly sender: string;
}

export interface TokenReply {
  readonly answer: Answer;
  /** Undefined: the client is not known. */
  readonly clientId: string | undefined;
}

export class OauthService {
  readonly verifier: TokenVerifier;
  readonly #options: HttpOptions;
  readonly #clock: Clock;
  readonly #keys: TokenKeys;
  readonly #tokenEndpoint: TokenEndpoint;
  readonly #failures: FailedAttempts;

  constructor(options: HttpOptions, services: HttpServices, known: KnownTokens) {
    const { oauth, limits, sharedSecret, publicUrl } = options;
    const { store, clock, ids, log } = services;
    const { jwtSecret, serverClient, tokenLifetimeMs: lifetimeMs } = oauth;
    const { tokenLeewaySeconds: leewaySeconds, tokenVerifications: verificationsMax } = limits;
    this.#options = options;
    this.#clock = clock;
    this.#failures = new FailedAttempts(limits);
    const keys =
      jwtSecret === undefined ? new DailyKeys(sharedSecret, clock) : new SecretKey(jwtSecret);
    this.#keys = keys;
    const clients = new Clients({ store, clock, serverClient, noteMs: limits.credentialNoteMs });
    const tokens = new AccessTokens({ keys, clock, ids, publicUrl, lifetimeMs, leewaySeconds });
    this.#tokenEndpoint = new TokenEndpoint(clients, tokens);
    const fetchOptions = { ...oauth, ...limits };
    const fetchKeys = (uri: string): Promise<unknown> => fetchIssuerKeys(uri, fetchOptions);
    const issuerKeys = new IssuerKeys({ fetchKeys, clock, log, limits });
    const foreign = new ForeignTokens(issuerKeys, clock, leewaySeconds);
    const parts = { clients, tokens, foreign, known, verificationsMax, leewaySeconds };
    this.verifier = new JwtVerifier(parts);
  }

  /** @throws ScimError 400 for a Host that is none */
  describe(route: Exclude<OauthRoute, { kind: 'oauthToken' }>, headers: RequestHeaders): Answer {
    if (route.kind === 'oauthKeys') return keysAnswer(this.#keys);
    return metadataAnswer(baseUrl(headers, this.#options), route.issuerPath, this.#keys);
  }

  /** Rejects with nothing that is the client's fault. */
  async issue({ text, headers, endpoint, root, sender }: TokenDemand): Promise<TokenReply> {
    let clientId: string | undefined;
    try {
      const contentType = headers.get('content-type');
      const request = readTokenRequest(text, contentType, headers.get('authorization'));
      const place = { endpoint, ofServer: isServer(root) };
      const client = this.#tokenEndpoint.authenticate(request.client, place);
      clientId = client.id;
      return { answer: await this.#tokenEndpoint.grant(client, request), clientId };
    } catch (error) {
      if (!(error instanceof OauthError)) throw error;
      const unknown = error.code === 'invalid_client';
      const answer = unknown ? this.#unknownClient(error, sender) : oauthErrorAnswer(error);
      return { answer, clientId };
    }
  }

  /** Who tries secrets may try some; right ones are taken all the same. */
  #unknownClient(error: OauthError, sender: string): Answer {
    const now = this.#clock.now();
    const waitMs = this.#failures.waitMs(sender, now);
    if (waitMs === 0) {
      this.#failures.count(sender, now);
      return oauthErrorAnswer(error);
    }
    const answer = oauthErrorAnswer(error, 429);
    const wait = String(Math.ceil(waitMs / 1000));
    return { ...answer, headers: [...answer.headers, ['Retry-After', wait]] };
  }
}

/** Whether the root is where the client of the whole server asks, besides clients of `default`. */
function isServer({ endpoint, path }: ScimRoot): boolean {
  return endpoint === DEFAULT_ENDPOINT && !path.includes('/endpoints/');
}
