/**
 * What a client needs to find our tokens' endpoint and keys by itself (RFC 8414), and the keys. Each
 * endpoint counts as an issuer of its own there, because it has a token endpoint of its own; the
 * keys are the same.
 */
import { SCOPES } from '../../store/credential.ts';
import { type Answer, jsonAnswer } from '../answer.ts';
import type { TokenKeys } from './token-keys.ts';

const KEYS_PATH = '/scim/oauth/jwks';

/**
 * RFC 8414 §3.2.
 * @param base the origin, as the client sees it
 * @param issuerPath as the client asked: '' or the path of a SCIM root
 */
export function metadataAnswer(base: string, issuerPath: string, keys: TokenKeys): Answer {
  const root = issuerPath === '' ? '/scim' : issuerPath;
  const document = {
    issuer: `${base}${issuerPath}`,
    token_endpoint: `${base}${root}/oauth/token`,
    // With a secret there are no keys that another could use.
    ...(keys.algorithm === 'HS256' ? {} : { jwks_uri: `${base}${KEYS_PATH}` }),
    scopes_supported: SCOPES,
    // There is no authorization endpoint, so nothing to respond with.
    response_types_supported: [],
    grant_types_supported: ['client_credentials'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  };
  return jsonAnswer(200, JSON.stringify(document));
}

/** RFC 7517 §5. Whoever keeps it for an hour has tomorrow's key too. */
export function keysAnswer(keys: TokenKeys): Answer {
  const body = JSON.stringify({ keys: keys.published() });
  return jsonAnswer(200, body, [['Cache-Control', 'public, max-age=3600']]);
}
