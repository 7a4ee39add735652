/**
 * The token endpoint (RFC 6749 §4.4): a client shows its secret and gets a token for the endpoint
 * under whose URL it asked. The client of the whole server asks where the endpoint `default` is.
 */
import { isScope, type Scope } from '../../store/credential.ts';
import type { Endpoint } from '../../store/endpoint.ts';
import { type Answer, jsonAnswer } from '../answer.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { Client, Clients } from './clients.ts';
import { NO_STORE, OauthError } from './oauth-error.ts';
import type { ClientSecret, TokenRequest } from './token-request.ts';

/** Where a token is asked for. */
export interface TokenPlace {
  /** Undefined: unknown. */
  readonly endpoint: Endpoint | undefined;
  /** Whether it is the server's own place as well. */
  readonly ofServer: boolean;
}

export class TokenEndpoint {
  readonly #clients: Clients;
  readonly #tokens: AccessTokens;

  constructor(clients: Clients, tokens: AccessTokens) {
    this.#clients = clients;
    this.#tokens = tokens;
  }

  /** The client behind a request. @throws OauthError invalid_client */
  authenticate(secret: ClientSecret | undefined, place: TokenPlace): Client {
    if (secret === undefined) {
      throw new OauthError(
        'invalid_client',
        'send client_id and client_secret, in the body or by HTTP Basic',
      );
    }
    const client = this.#clients.authenticate(secret.id, secret.secret);
    if (client === undefined || !livesAt(client, place)) {
      throw new OauthError('invalid_client', 'no client of this endpoint has this secret');
    }
    return client;
  }

  /** @throws OauthError unsupported_grant_type, invalid_scope */
  async grant(client: Client, { grantType, scope }: TokenRequest): Promise<Answer> {
    requireGrantType(grantType);
    const scopes = narrowed(client.scopes, scope);
    const body = {
      access_token: await this.#tokens.issue(client, scopes),
      token_type: 'Bearer',
      expires_in: this.#tokens.lifetimeSeconds,
      scope: scopes.join(' '),
    };
    this.#clients.noteUse(client);
    return jsonAnswer(200, JSON.stringify(body), NO_STORE);
  }
}

/** An inactive endpoint has no clients: the answer tells nobody that it is there. */
function livesAt({ credential }: Client, { endpoint, ofServer }: TokenPlace): boolean {
  if (credential === undefined) return ofServer;
  return endpoint !== undefined && endpoint.active && endpoint.id === credential.endpointId;
}

function requireGrantType(grantType: string | undefined): void {
  if (grantType === 'client_credentials') return;
  if (grantType === undefined) {
    throw new OauthError('invalid_request', 'send grant_type=client_credentials');
  }
  throw new OauthError('unsupported_grant_type', 'grant_type takes client_credentials');
}

/** What the client has of what it asks for; all it has when it does not ask (RFC 6749 §3.3). */
function narrowed(granted: readonly Scope[], asked: string | undefined): readonly Scope[] {
  if (asked === undefined) return granted;
  const wanted = asked.split(' ').filter(isScope);
  const scopes = granted.filter((scope) => wanted.includes(scope));
  if (scopes.length > 0) return scopes;
  throw new OauthError('invalid_scope', `this client has the scopes ${granted.join(' ')}`);
}
