/**
 * Rows of credentials. They belong to a row of endpoints and go with it at once: an endpoint has few
 * of them. Secrets are there as hashes only.
 */
import type { Connection } from '../open.ts';

export interface CredentialRow {
  readonly id: string;
  /** The row of its endpoint. */
  readonly endpoint: number;
  readonly kind: string;
  readonly label: string;
  /** JSON array text. */
  readonly scopes: string;
  readonly subject: string | null;
  readonly active: number;
  /** JSON array text of `CredentialSecret`. */
  readonly secrets: string;
  readonly created_at: number;
  readonly updated_at: number;
  readonly expires_at: number | null;
  readonly last_used_at: number | null;
}

const COLUMNS = `id, endpoint, kind, label, scopes, subject, active, secrets, created_at,
  updated_at, expires_at, last_used_at`;

export class CredentialTable {
  readonly #byId;
  readonly #count;
  readonly #insert;
  readonly #update;
  readonly #remove;
  readonly #removeOf;

  constructor(db: Connection) {
    this.#byId = db.prepare<[number, string], CredentialRow>(
      `SELECT ${COLUMNS} FROM credentials WHERE endpoint = ? AND id = ?`,
    );
    this.#count = db
      .prepare<[number], number>('SELECT count(*) FROM credentials WHERE endpoint = ?')
      .pluck();
    this.#insert = db.prepare<CredentialRow>(
      `INSERT INTO credentials (${COLUMNS}) VALUES (@id, @endpoint, @kind, @label, @scopes, @subject,
       @active, @secrets, @created_at, @updated_at, @expires_at, @last_used_at)`,
    );
    this.#update = db.prepare<CredentialRow>(
      `UPDATE credentials SET label = @label, scopes = @scopes, subject = @subject,
       active = @active, secrets = @secrets, updated_at = @updated_at, expires_at = @expires_at,
       last_used_at = @last_used_at WHERE id = @id`,
    );
    this.#remove = db.prepare<[string]>('DELETE FROM credentials WHERE id = ?');
    this.#removeOf = db.prepare<[number]>('DELETE FROM credentials WHERE endpoint = ?');
  }

  /** Undefined also for one of another endpoint. */
  byId(endpoint: number, id: string): CredentialRow | undefined {
    return this.#byId.get(endpoint, id);
  }

  countOf(endpoint: number): number {
    return this.#count.get(endpoint) ?? 0;
  }

  insert(row: CredentialRow): void {
    this.#insert.run(row);
  }

  /** Of kind, endpoint and creation nothing changes. */
  update(row: CredentialRow): void {
    this.#update.run(row);
  }

  remove(id: string): void {
    this.#remove.run(id);
  }

  /** All of an endpoint. */
  removeOf(endpoint: number): void {
    this.#removeOf.run(endpoint);
  }
}
