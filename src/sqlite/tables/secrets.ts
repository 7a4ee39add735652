/**
 * Hashes of what a type returns `never`, such as passwords (RFC 7643 §9.2). No hash is read but by a
 * PATCH that touches it; no query, no document and no answer has one.
 */
import { isSecretHash } from '../../platform/secret-hash.ts';
import type { Secrets } from '../../scim/resource/secrets.ts';
import type { Connection } from '../open.ts';

export class SecretTable {
  readonly #ofRow;
  readonly #set;
  readonly #remove;
  readonly #removeAll;

  constructor(db: Connection) {
    this.#ofRow = db.prepare<[number], { place: string; hash: string }>(
      'SELECT place, hash FROM secrets WHERE row = ?',
    );
    this.#set = db.prepare<[number, string, string]>(
      'INSERT INTO secrets VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET hash = excluded.hash',
    );
    this.#remove = db.prepare<[number, string]>('DELETE FROM secrets WHERE row = ? AND place = ?');
    this.#removeAll = db.prepare<[number]>('DELETE FROM secrets WHERE row = ?');
  }

  of(row: number): Secrets {
    return Object.fromEntries(this.#ofRow.all(row).map(({ place, hash }) => [place, hash]));
  }

  /**
   * @param hash '' takes the secret away
   * @returns whether anything changed: the same password hashed anew is a change
   * @throws Error for what is no hash: better a failed request than a password in the file
   */
  set(row: number, place: string, hash: string): boolean {
    if (hash === '') return this.#remove.run(row, place).changes > 0;
    if (!isSecretHash(hash)) throw new Error(`${place} came to the store in clear`);
    this.#set.run(row, place, hash);
    return true;
  }

  removeAll(row: number): void {
    this.#removeAll.run(row);
  }
}
