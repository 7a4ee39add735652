/**
 * What a store can be told to do with credentials. Secrets come as hashes: in clear they never leave
 * the thread that made them.
 */
import type { CommandBase } from './commands.ts';
import type { Credential, Scope } from './credential.ts';

interface CredentialCommandBase extends CommandBase {
  readonly credentialId: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What an administrator may set; undefined leaves it as it is, null takes it away. */
export interface CredentialFields {
  readonly label: string | undefined;
  readonly scopes: readonly Scope[] | undefined;
  readonly subject: string | null | undefined;
  readonly active: boolean | undefined;
  /** Milliseconds since 1970. */
  readonly expiresAt: number | null | undefined;
}

/** `credentialId` is the new id. Without scopes it may read and write. */
export interface CreateCredentialCommand extends CredentialCommandBase {
  readonly kind: 'createCredential';
  readonly credentialKind: Credential['kind'];
  readonly fields: CredentialFields;
  /** SHA-256 of its secret, hex. */
  readonly hash: string;
}

export interface UpdateCredentialCommand extends CredentialCommandBase {
  readonly kind: 'updateCredential';
  readonly fields: CredentialFields;
}

/** Of the secrets there are, the newest stays beside the new one; an older one goes. */
export interface RotateCredentialCommand extends CredentialCommandBase {
  readonly kind: 'rotateCredential';
  readonly hash: string;
  /** Until when the former secret opens; not after `now`: it goes at once. Undefined: no end. */
  readonly formerUntil: number | undefined;
}

export interface DeleteCredentialCommand extends CredentialCommandBase {
  readonly kind: 'deleteCredential';
}

/** `now` is when it was last used. An earlier time than the stored one changes nothing. */
export interface NoteCredentialUseCommand extends CredentialCommandBase {
  readonly kind: 'noteCredentialUse';
}

export type CredentialCommand =
  | CreateCredentialCommand
  | UpdateCredentialCommand
  | RotateCredentialCommand
  | DeleteCredentialCommand
  | NoteCredentialUseCommand;
