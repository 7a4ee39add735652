/**
 * What opens one endpoint: a bearer token, or a client that gets tokens by OAuth. Secrets are 256
 * random bits each, so their SHA-256 is all that is kept: nobody can guess what it was made of, and a
 * slow hash would only slow every request. The same object (by identity) is handed out until the
 * credential changes, so that callers may key what they derive on it.
 */

/** Apart from each other: none includes another. */
export const SCOPES = ['scim.read', 'scim.write', 'scim.manage'] as const;

/** Read resources, change them, and what the endpoint's own administrator may do besides. */
export type Scope = (typeof SCOPES)[number];

export interface CredentialSecret {
  /** SHA-256, hex. */
  readonly hash: string;
  readonly createdAt: number;
  /** Undefined: it lives as long as its credential. */
  readonly expiresAt: number | undefined;
}

/** Times are milliseconds since 1970. */
export interface Credential {
  /** UUIDv7 text; of a client also its `client_id`. */
  readonly id: string;
  readonly endpointId: string;
  readonly kind: 'bearer' | 'client';
  readonly label: string;
  readonly scopes: readonly Scope[];
  /** The value, of what the setting `meAttribute` says, of the resource that `/Me` means. */
  readonly subject: string | undefined;
  readonly active: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly expiresAt: number | undefined;
  /** To the minute. */
  readonly lastUsedAt: number | undefined;
  /** The newest first; at most two. */
  readonly secrets: readonly CredentialSecret[];
}

export function isScope(text: string): text is Scope {
  return SCOPES.some((known) => known === text);
}

/** Whether the credential opens anything at a time. */
export function isLive({ active, expiresAt }: Credential, nowMs: number): boolean {
  return active && (expiresAt === undefined || nowMs < expiresAt);
}
