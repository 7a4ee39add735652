/** Commands on credentials as frames: see messages.ts. They are few, so their fields go as JSON. */
import type { FrameValue } from '../threads/frame.ts';
import type { RequestLogEntry } from '../store/commands.ts';
import type { CredentialCommand, CredentialFields } from '../store/credential-commands.ts';
import type { FrameReader } from './frame-reader.ts';

/** Behind the slots that all commands have. */
export function appendCredentialCommand(frame: FrameValue[], command: CredentialCommand): void {
  frame.push(command.credentialId, command.now);
  switch (command.kind) {
    case 'createCredential':
      frame.push(command.credentialKind, JSON.stringify(command.fields), command.hash);
      return;
    case 'updateCredential':
      frame.push(JSON.stringify(command.fields));
      return;
    case 'rotateCredential':
      frame.push(command.hash, command.formerUntil ?? null);
      return;
    case 'deleteCredential':
    case 'noteCredentialUse':
      return;
  }
}

/** @throws Error for a kind that is no command */
export function readCredentialCommand(
  kind: string,
  base: { readonly endpointId: string; readonly log: RequestLogEntry | undefined },
  slots: FrameReader,
): CredentialCommand {
  if (!isCredentialKind(kind)) throw new Error(`the writer knows no command ${kind}`);
  const common = { ...base, credentialId: slots.text(), now: slots.number() };
  switch (kind) {
    case 'createCredential':
      return {
        kind,
        ...common,
        credentialKind: slots.text() === 'client' ? 'client' : 'bearer',
        fields: readFields(slots.text()),
        hash: slots.text(),
      };
    case 'updateCredential':
      return { kind, ...common, fields: readFields(slots.text()) };
    case 'rotateCredential':
      return { kind, ...common, hash: slots.text(), formerUntil: slots.optionalNumber() };
    case 'deleteCredential':
    case 'noteCredentialUse':
      return { kind, ...common };
  }
}

const KINDS: Readonly<Record<CredentialCommand['kind'], true>> = {
  createCredential: true,
  updateCredential: true,
  rotateCredential: true,
  deleteCredential: true,
  noteCredentialUse: true,
};

function isCredentialKind(kind: string): kind is CredentialCommand['kind'] {
  return Object.hasOwn(KINDS, kind);
}

function readFields(text: string): CredentialFields {
  const { label, scopes, subject, active, expiresAt } = JSON.parse(
    text,
  ) as Partial<CredentialFields>;
  return { label, scopes, subject, active, expiresAt };
}
