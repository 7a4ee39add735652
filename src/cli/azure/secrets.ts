/**
 * The secrets of the app. What the app has stays; what it lacks is made, once. The values go to
 * Azure and nowhere else, but for a token that was made in this run, which its caller shows.
 */
import { OPTIONS } from '../../platform/config.ts';
import { ConfigError } from '../../platform/errors.ts';
import { type Environment, givenValueOf } from '../../platform/option.ts';
import { weaknessOfSecret } from '../../platform/secret-strength.ts';
import type { AzureCli } from './azure-cli.ts';

/** Names of the secrets in the container app; main.bicep gives them to the server. */
export const SHARED_SECRET = 'scim-shared-secret';
const JWT_SECRET = 'jwt-secret';

export interface AppSecrets {
  readonly sharedSecret: string;
  /** Empty: tokens are signed with keys that change and are published. */
  readonly jwtSecret: string;
  /** The token, when it was made just now: nobody has seen it. */
  readonly made: string | undefined;
  /** Whether the app lacks one of them. */
  readonly isNew: boolean;
}

export interface SecretSources {
  readonly cli: AzureCli;
  /** What the app has; empty when there is none. */
  readonly present: ReadonlyMap<string, string>;
  readonly env: Environment;
  readonly newSecret: () => string;
  readonly wantsJwtSecret: boolean;
}

/** @throws ConfigError when SCIM_SHARED_SECRET is given and weak */
export function secretsFor(sources: SecretSources): AppSecrets {
  const { cli, present, env, newSecret, wantsJwtSecret } = sources;
  const kept = present.get(SHARED_SECRET) ?? givenSecret(env);
  const made = kept === undefined ? newSecret() : undefined;
  const jwtSecret = present.get(JWT_SECRET) ?? (wantsJwtSecret ? newSecret() : '');
  const isNew = !present.has(SHARED_SECRET) || (jwtSecret !== '' && !present.has(JWT_SECRET));
  const secrets = { sharedSecret: kept ?? made ?? '', jwtSecret, made, isNew };
  cli.keepSecret(secrets.sharedSecret);
  cli.keepSecret(jwtSecret);
  return secrets;
}

/** Whoever moves here from another server brings the token that the providers have. */
function givenSecret(env: Environment): string | undefined {
  const secret = givenValueOf(OPTIONS.sharedSecret, env);
  const weakness = secret === undefined ? undefined : weaknessOfSecret(secret);
  if (weakness === undefined) return secret;
  throw new ConfigError(
    OPTIONS.sharedSecret.name,
    `takes a bearer token of at least 32 characters (openssl rand -hex 32), but ${weakness}`,
  );
}
