/**
 * Secrets of credentials, and the bearer tokens that carry them: `scim_<credential id>_<secret>`. The
 * id makes the look-up one step, the secret is 256 random bits. What is stored is its SHA-256: of
 * random bits there is nothing to guess, so a slow hash would protect nothing and cost every request.
 */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { CredentialSecret } from '../store/credential.ts';

/** What the tokens of credentials begin with; nobody else is asked about them. */
export const BEARER_PREFIX = 'scim_';
const SECRET_BYTES = 32;

/** A new secret: 43 characters of A–Z, a–z, 0–9, `-` and `_`. */
export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** SHA-256, hex: `CredentialSecret.hash`. */
export function hashOfSecret(secret: string): string {
  return hash('sha256', secret, 'hex');
}

/** @param id of the credential, in which there is no `_` */
export function bearerToken(id: string, secret: string): string {
  return `${BEARER_PREFIX}${id}_${secret}`;
}

/** Undefined: it has another form, and is nothing of ours. */
export function parseBearerToken(
  token: string,
): { readonly id: string; readonly secret: string } | undefined {
  if (!token.startsWith(BEARER_PREFIX)) return undefined;
  const end = token.indexOf('_', BEARER_PREFIX.length);
  if (end === -1) return undefined;
  return { id: token.slice(BEARER_PREFIX.length, end), secret: token.slice(end + 1) };
}

/** A secret as it is compared. */
export interface KnownSecret {
  /** The hex digits, which are quicker to have of a hash than its bytes. */
  readonly hash: Buffer;
  /** Infinity: it lives as long as its credential. */
  readonly expiresAt: number;
}

export function knownSecrets(secrets: readonly CredentialSecret[]): readonly KnownSecret[] {
  return secrets.map(({ hash: text, expiresAt = Infinity }) => ({
    hash: Buffer.from(text, 'latin1'),
    expiresAt,
  }));
}

/** Whether one of them is it, and is live. Takes the same time wherever they differ. */
export function opens(known: readonly KnownSecret[], secret: string, nowMs: number): boolean {
  const given = Buffer.from(hashOfSecret(secret), 'latin1');
  let found = false;
  for (const { hash: expected, expiresAt } of known) {
    const same = given.byteLength === expected.byteLength && timingSafeEqual(given, expected);
    if (same && nowMs < expiresAt) found = true;
  }
  return found;
}
