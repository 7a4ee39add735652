/**
 * The options of OAuth: part of the one table in config.ts. What they mean together is decided in
 * oauth-config.ts.
 */
import { clientId, clientSecret, issuerHosts, signingSecret } from './oauth-option-kinds.ts';
import { duration } from './option-kinds.ts';
import type { Option } from './option.ts';

export const OAUTH_OPTIONS = {
  oauthClientId: {
    name: 'OAUTH_CLIENT_ID',
    kind: clientId(),
    default: undefined,
    consequence:
      'A client of the whole server: it gets tokens at `/scim/oauth/token` that are good for every endpoint. Needs `OAUTH_CLIENT_SECRET`. Clients of one endpoint are made by its administrator.',
  },
  oauthClientSecret: {
    name: 'OAUTH_CLIENT_SECRET',
    kind: clientSecret(),
    default: undefined,
    secret: true,
    consequence:
      'Its secret; in production at least 32 characters that nobody can guess (`openssl rand -hex 32`).',
  },
  oauthTokenLifetime: {
    name: 'OAUTH_TOKEN_LIFETIME',
    kind: duration('1h', '6h'),
    default: '1h',
    consequence: 'How long a token is good that was issued here.',
  },
  jwtSecret: {
    name: 'JWT_SECRET',
    kind: signingSecret(),
    default: undefined,
    secret: true,
    consequence:
      'Tokens are signed with this secret (HS256) instead of with keys that change each day and are published (ES256). Another value ends all tokens. In production at least 32 characters that nobody can guess.',
  },
  oauthIssuerHosts: {
    name: 'OAUTH_ISSUER_HOSTS',
    kind: issuerHosts(),
    default: undefined,
    consequence:
      'The hosts from which keys of other issuers may be fetched, by https. Without it no endpoint takes tokens issued by others, whatever its `tokenIssuer` says.',
  },
} as const satisfies Record<string, Option<unknown>>;
