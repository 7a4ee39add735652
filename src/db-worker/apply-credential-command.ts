/**
 * Commands on credentials, inside the writer's transaction. Of a credential at most two secrets are
 * kept: the newest, and the one before it for as long as clients need to change over.
 */
import { LIMITS } from '../platform/limits.ts';
import { badRequest, notFound, ScimError } from '../scim/errors.ts';
import { parseSecrets } from '../sqlite/credential-directory.ts';
import type { CredentialRow, CredentialTable } from '../sqlite/tables/credentials.ts';
import type { EndpointTable } from '../sqlite/tables/endpoints.ts';
import type { CredentialSecret } from '../store/credential.ts';
import type {
  CreateCredentialCommand,
  CredentialCommand,
  CredentialFields,
  RotateCredentialCommand,
} from '../store/credential-commands.ts';
import type { Applied } from './apply-command.ts';

const DEFAULT_SCOPES = ['scim.read', 'scim.write'];

interface CredentialTables {
  readonly credentials: CredentialTable;
  readonly endpoints: EndpointTable;
}

export class CredentialCommandApplier {
  readonly #credentials: CredentialTable;
  readonly #endpoints: EndpointTable;
  readonly #nextChange: () => number;

  /** @param nextChange draws from the change sequence of the running transaction */
  constructor({ credentials, endpoints }: CredentialTables, nextChange: () => number) {
    this.#credentials = credentials;
    this.#endpoints = endpoints;
    this.#nextChange = nextChange;
  }

  /** @throws ScimError 404 for an unknown endpoint or credential, 409 when the endpoint has too many */
  apply(command: CredentialCommand): Applied {
    const endpoint = this.#endpoints.byId(command.endpointId);
    if (endpoint === undefined) {
      throw notFound(`no endpoint has the id ${JSON.stringify(command.endpointId)}`);
    }
    const changed = this.#carryOut(command, endpoint.row);
    const { now } = command;
    const version = changed ? this.#nextChange() : 0;
    return {
      result: { created: now, lastModified: now, version, changed, document: undefined },
      warning: undefined,
    };
  }

  #carryOut(command: CredentialCommand, endpoint: number): boolean {
    if (command.kind === 'createCredential') {
      this.#create(command, endpoint);
      return true;
    }
    const current = this.#credentials.byId(endpoint, command.credentialId);
    if (current === undefined) {
      throw notFound(`no credential has the id ${JSON.stringify(command.credentialId)}`);
    }
    switch (command.kind) {
      case 'updateCredential':
        this.#credentials.update({
          ...current,
          ...columnsOf(command.fields, current),
          updated_at: command.now,
        });
        return true;
      case 'rotateCredential':
        this.#credentials.update({
          ...current,
          secrets: JSON.stringify(rotated(parseSecrets(current.secrets), command)),
          updated_at: command.now,
        });
        return true;
      case 'deleteCredential':
        this.#credentials.remove(current.id);
        return true;
      case 'noteCredentialUse':
        if ((current.last_used_at ?? -Infinity) >= command.now) return false;
        this.#credentials.update({ ...current, last_used_at: command.now });
        return true;
    }
  }

  #create(command: CreateCredentialCommand, endpoint: number): void {
    const { credentialId, credentialKind, fields, hash, now } = command;
    if (fields.label === undefined) throw badRequest('invalidValue', 'label is required');
    if (this.#credentials.countOf(endpoint) >= LIMITS.credentialsPerEndpoint) {
      throw new ScimError(
        409,
        `the endpoint has ${LIMITS.credentialsPerEndpoint} credentials, which is the most; delete one first`,
      );
    }
    const secret: CredentialSecret = { hash, createdAt: now, expiresAt: undefined };
    this.#credentials.insert({
      id: credentialId,
      endpoint,
      kind: credentialKind,
      label: fields.label,
      scopes: JSON.stringify(fields.scopes ?? DEFAULT_SCOPES),
      subject: fields.subject ?? null,
      active: fields.active === false ? 0 : 1,
      secrets: JSON.stringify([secret]),
      created_at: now,
      updated_at: now,
      expires_at: fields.expiresAt ?? null,
      last_used_at: null,
    });
  }
}

type SettableColumns = Pick<
  CredentialRow,
  'label' | 'scopes' | 'subject' | 'active' | 'expires_at'
>;

function columnsOf(fields: CredentialFields, current: CredentialRow): SettableColumns {
  const { label, scopes, subject, active, expiresAt } = fields;
  return {
    label: label ?? current.label,
    scopes: scopes === undefined ? current.scopes : JSON.stringify(scopes),
    subject: subject === undefined ? current.subject : subject,
    active: active === undefined ? current.active : Number(active),
    expires_at: expiresAt === undefined ? current.expires_at : expiresAt,
  };
}

function rotated(
  [former]: readonly CredentialSecret[],
  { hash, now, formerUntil = Infinity }: RotateCredentialCommand,
): CredentialSecret[] {
  const secret: CredentialSecret = { hash, createdAt: now, expiresAt: undefined };
  const until = Math.min(former?.expiresAt ?? Infinity, formerUntil);
  if (former === undefined || until <= now) return [secret];
  return [secret, { ...former, expiresAt: until === Infinity ? undefined : until }];
}
