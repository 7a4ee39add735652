/** Credentials in memory, for tests of http without SQLite: a test puts in what it needs. */
import { notFound } from '../../scim/errors.ts';
import type { CredentialCommand } from '../../store/credential-commands.ts';
import type { Credential } from '../../store/credential.ts';
import type { WriteResult } from '../../store/results.ts';

export class FakeCredentials {
  readonly byId = new Map<string, Credential>();

  of(endpointId: string): readonly Credential[] {
    return [...this.byId.values()].filter((each) => each.endpointId === endpointId);
  }

  write(command: CredentialCommand): WriteResult {
    const next = after(this.byId.get(command.credentialId), command);
    if (next === undefined) this.byId.delete(command.credentialId);
    else this.byId.set(command.credentialId, next);
    const { now } = command;
    const rest = { changed: true, document: undefined, sequence: 1 };
    return { created: now, lastModified: now, version: 1, ...rest };
  }
}

function after(
  current: Credential | undefined,
  command: CredentialCommand,
): Credential | undefined {
  const { credentialId: id, endpointId, now } = command;
  if (command.kind === 'createCredential') {
    const { fields, hash, credentialKind: kind } = command;
    return {
      id,
      endpointId,
      kind,
      label: fields.label ?? '',
      scopes: fields.scopes ?? ['scim.read', 'scim.write'],
      subject: fields.subject ?? undefined,
      active: fields.active ?? true,
      createdAt: now,
      updatedAt: now,
      expiresAt: fields.expiresAt ?? undefined,
      lastUsedAt: undefined,
      secrets: [{ hash, createdAt: now, expiresAt: undefined }],
    };
  }
  if (current === undefined) throw notFound(`no credential has the id ${id}`);
  switch (command.kind) {
    case 'updateCredential':
      return { ...current, active: command.fields.active ?? current.active, updatedAt: now };
    case 'rotateCredential': {
      const secret = { hash: command.hash, createdAt: now, expiresAt: undefined };
      const former = current.secrets.map((old) => ({ ...old, expiresAt: command.formerUntil }));
      return { ...current, secrets: [secret, ...former].slice(0, 2), updatedAt: now };
    }
    case 'deleteCredential':
      return undefined;
    case 'noteCredentialUse':
      return { ...current, lastUsedAt: now };
  }
}
