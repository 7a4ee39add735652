/**
 * An endpoint is a tenant: a name in the URL with resources, settings and, later, credentials and
 * schemas of its own. The same object (by identity) is handed out until the endpoint changes, so
 * that callers may key compiled forms on it.
 */

/** Behaviour an administrator may change per endpoint; `settings.ts` documents and checks each. */
export interface EndpointSettings {
  readonly patchReplaceCreatesValuePathTarget: boolean;
  readonly allowRemoveAllMembers: boolean;
  readonly requireIfMatch: boolean;
  readonly unknownAttributes: 'drop' | 'keep' | 'refuse';
  readonly unknownMember: 'refuse' | 'ignore' | 'keep';
  readonly externalIdUnique: boolean;
  readonly groupPatchReturnsBody: boolean;
}

export interface Endpoint {
  /** UUIDv7 text. */
  readonly id: string;
  readonly name: string;
  readonly displayName: string | null;
  readonly description: string | null;
  /** As the administrator gave it; what is not in it has its default in `settings`. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly settings: EndpointSettings;
  readonly active: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
}
