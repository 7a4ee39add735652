/**
 * The credentials of the data file, held in memory: by id, because every request with a token asks
 * for one, and by endpoint. About 1 KB each. A Credential object stays the same until its row
 * changes, so that callers may key what they derive on it.
 */
import type { Command } from '../store/commands.ts';
import { isCredentialCommand } from '../store/commands.ts';
import { type Credential, type CredentialSecret, isScope } from '../store/credential.ts';
import type { Connection } from './open.ts';
import type { CredentialRow } from './tables/credentials.ts';

/** A row with the id of its endpoint instead of its row. */
interface StoredCredential extends Omit<CredentialRow, 'endpoint'> {
  readonly endpoint_id: string;
}

const SELECT = `SELECT c.id, e.id AS endpoint_id, c.kind, c.label, c.scopes, c.subject, c.active,
  c.secrets, c.created_at, c.updated_at, c.expires_at, c.last_used_at
  FROM credentials c JOIN endpoints e ON e.row = c.endpoint`;

/** The questions to the database behind it. */
export class CredentialReader {
  readonly #all;
  readonly #one;

  constructor(db: Connection) {
    this.#all = db.prepare<[], StoredCredential>(`${SELECT} ORDER BY c.row`);
    this.#one = db.prepare<[string], StoredCredential>(`${SELECT} WHERE c.id = +?`);
  }

  /** In creation order. */
  all(): Credential[] {
    return this.#all.all().map(toCredential);
  }

  one(id: string): Credential | undefined {
    const row = this.#one.get(id);
    return row && toCredential(row);
  }
}

export class CredentialDirectory {
  readonly #reader: CredentialReader;
  readonly #byId = new Map<string, Credential>();
  /** By endpoint and id; a Map keeps the order of creation. */
  readonly #byEndpoint = new Map<string, Map<string, Credential>>();

  /** Reads all there are. */
  constructor(reader: CredentialReader) {
    this.#reader = reader;
    for (const credential of reader.all()) this.#keep(credential);
  }

  find(id: string): Credential | undefined {
    return this.#byId.get(id);
  }

  /** In creation order. */
  of(endpointId: string): readonly Credential[] {
    return [...(this.#byEndpoint.get(endpointId)?.values() ?? [])];
  }

  /** Takes over what a command has changed; to be called when it is committed. */
  after(command: Command): void {
    if (command.kind === 'deleteEndpoint') this.#forgetEndpoint(command.endpointId);
    if (!isCredentialCommand(command)) return;
    const { endpointId, credentialId } = command;
    // Asked for rather than made from the command: another one may have been committed since.
    const credential = this.#reader.one(credentialId);
    if (credential !== undefined) {
      this.#keep(credential);
      return;
    }
    this.#byId.delete(credentialId);
    this.#byEndpoint.get(endpointId)?.delete(credentialId);
  }

  #keep(credential: Credential): void {
    const { id, endpointId } = credential;
    this.#byId.set(id, credential);
    const siblings = this.#byEndpoint.get(endpointId);
    if (siblings === undefined) this.#byEndpoint.set(endpointId, new Map([[id, credential]]));
    else siblings.set(id, credential);
  }

  #forgetEndpoint(endpointId: string): void {
    for (const id of this.#byEndpoint.get(endpointId)?.keys() ?? []) this.#byId.delete(id);
    this.#byEndpoint.delete(endpointId);
  }
}

function toCredential(row: StoredCredential): Credential {
  return {
    id: row.id,
    endpointId: row.endpoint_id,
    kind: row.kind === 'client' ? 'client' : 'bearer',
    label: row.label,
    scopes: (JSON.parse(row.scopes) as string[]).filter(isScope),
    subject: row.subject ?? undefined,
    active: row.active === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    expiresAt: row.expires_at ?? undefined,
    lastUsedAt: row.last_used_at ?? undefined,
    secrets: parseSecrets(row.secrets),
  };
}

/** @param text as the writer stored it, where an expiry that is undefined is left out */
export function parseSecrets(text: string): CredentialSecret[] {
  const stored = JSON.parse(text) as (Omit<CredentialSecret, 'expiresAt'> & {
    readonly expiresAt?: number;
  })[];
  return stored.map(({ hash, createdAt, expiresAt }) => ({ hash, createdAt, expiresAt }));
}
