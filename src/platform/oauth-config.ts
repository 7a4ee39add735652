/**
 * What the options of OAuth mean together: that a client is not half configured, and that in
 * production nobody can guess a secret. Pure.
 */
import { ConfigError } from './errors.ts';
import { OAUTH_OPTIONS as O } from './oauth-options.ts';
import { type Environment, type Option, givenValueOf, valueOf } from './option.ts';
import { weaknessOfSecret } from './secret-strength.ts';

export interface OauthConfig {
  /** The client of the whole server; undefined: there is none. */
  readonly serverClient: ServerClient | undefined;
  readonly tokenLifetimeMs: number;
  /** Undefined: tokens are signed with keys derived from the shared secret. */
  readonly jwtSecret: string | undefined;
  /** As in a URL; none: no tokens of others. */
  readonly issuerHosts: readonly string[];
  /**
   * Whether a host of them that is this machine may be asked without TLS: for tests and trials,
   * never in production.
   */
  readonly loopbackIssuers: boolean;
}

export interface ServerClient {
  readonly id: string;
  readonly secret: string;
}

/** @throws ConfigError */
export function readOauthConfig(env: Environment, production: boolean): OauthConfig {
  return {
    serverClient: serverClientOf(env, production),
    tokenLifetimeMs: valueOf(O.oauthTokenLifetime, env, production),
    jwtSecret: secretOf(O.jwtSecret, env, production),
    issuerHosts: givenValueOf(O.oauthIssuerHosts, env) ?? [],
    loopbackIssuers: !production,
  };
}

function serverClientOf(env: Environment, production: boolean): ServerClient | undefined {
  const id = givenValueOf(O.oauthClientId, env);
  const secret = secretOf(O.oauthClientSecret, env, production);
  if (id !== undefined && secret !== undefined) return { id, secret };
  if (id !== undefined) throw halfConfigured(O.oauthClientSecret, O.oauthClientId);
  if (secret !== undefined) throw halfConfigured(O.oauthClientId, O.oauthClientSecret);
  return undefined;
}

function secretOf(
  option: Option<string>,
  env: Environment,
  production: boolean,
): string | undefined {
  const secret = givenValueOf(option, env);
  const weakness = secret === undefined ? undefined : weaknessOfSecret(secret);
  if (!production || weakness === undefined) return secret;
  throw new ConfigError(
    option.name,
    `takes at least 32 characters that nobody can guess (openssl rand -hex 32), but ${weakness}`,
  );
}

function halfConfigured(missing: Option<unknown>, given: Option<unknown>): ConfigError {
  return new ConfigError(missing.name, `is needed beside ${given.name}, but is not set`);
}
