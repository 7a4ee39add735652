/**
 * The setting that lets tokens of another issuer, such as Microsoft Entra, open an endpoint. What it
 * says is believed only of hosts that the server's operator allows; that is decided by `src/http`.
 */
import { badRequest } from '../scim/errors.ts';

export interface TokenIssuer {
  /** `iss` of its tokens, exactly. */
  readonly issuer: string;
  /** One of its tokens' `aud`. */
  readonly audience: string;
  /** Where its public keys are: a JWK set. */
  readonly jwksUri: string;
  /** `sub` of its tokens; undefined: any. */
  readonly subject: string | undefined;
}

export const TOKEN_ISSUER_SETTING = {
  kind: 'issuer',
  default: undefined,
  description:
    'Access tokens of this issuer open the endpoint: an object of `issuer`, `audience`, `jwksUri` ' +
    'and, to let in nobody else, `subject`. See [OAUTH.md](OAUTH.md). The host of `jwksUri` must be ' +
    'among OAUTH_ISSUER_HOSTS.',
} as const;

const MEMBERS = ['issuer', 'audience', 'jwksUri', 'subject'];
const TEXT_LENGTH_MAX = 2048;

/** @throws ScimError 400 invalidValue that names what is wrong and what would be accepted */
export function readTokenIssuer(
  config: Readonly<Record<string, unknown>>,
): TokenIssuer | undefined {
  if (!Object.hasOwn(config, 'tokenIssuer')) return TOKEN_ISSUER_SETTING.default;
  const value = config['tokenIssuer'];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refused('', 'an object of issuer, audience, jwksUri and, if wanted, subject');
  }
  const given: Readonly<Record<string, unknown>> = { ...value };
  if (Object.keys(given).some((name) => !MEMBERS.includes(name))) {
    throw refused('', 'issuer, audience, jwksUri and subject, and no other members');
  }
  const jwksUri = textOf(given, 'jwksUri');
  if (!isWebUrl(jwksUri)) throw refused('.jwksUri', 'an https URL without user and fragment');
  return {
    issuer: textOf(given, 'issuer'),
    audience: textOf(given, 'audience'),
    jwksUri,
    subject: given['subject'] === undefined ? undefined : textOf(given, 'subject'),
  };
}

function textOf(given: Readonly<Record<string, unknown>>, name: string): string {
  const value = given[name];
  if (typeof value === 'string' && value !== '' && value.length <= TEXT_LENGTH_MAX) return value;
  throw refused(`.${name}`, `a text of 1 to ${String(TEXT_LENGTH_MAX)} characters`);
}

/** Plain http is for tests on one machine: which hosts may have it is decided where keys are fetched. */
function isWebUrl(text: string): boolean {
  return /^https?:\/\/[^/?#@\s]+(?:[/?][^#\s]*)?$/i.test(text);
}

function refused(member: string, takes: string): Error {
  return badRequest('invalidValue', `config.tokenIssuer${member} takes ${takes}`);
}
