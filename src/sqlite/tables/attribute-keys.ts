/**
 * Keys of attribute indexes, in the order of number, key and row. What a key is says
 * `src/scim/resource/index-keys.ts`; which index a number means, `attribute-indexes.ts`.
 */
import type { IndexKey } from '../../scim/resource/index-keys.ts';
import type { Connection } from '../open.ts';

export class AttributeKeyTable {
  readonly #add;
  readonly #remove;
  readonly #purge;
  readonly #hasKeys;

  constructor(db: Connection) {
    this.#add = db.prepare<[number, IndexKey, number]>(
      'INSERT OR IGNORE INTO attribute_keys (attribute, key, row) VALUES (?, ?, ?)',
    );
    this.#remove = db.prepare<[number, IndexKey, number]>(
      'DELETE FROM attribute_keys WHERE attribute = ? AND key = ? AND row = ?',
    );
    this.#purge = db.prepare<[number, number, number]>(
      `DELETE FROM attribute_keys WHERE attribute = +? AND (key, row) IN
       (SELECT key, row FROM attribute_keys WHERE attribute = +? LIMIT +?)`,
    );
    this.#hasKeys = db
      .prepare<[number], number>('SELECT EXISTS (SELECT 1 FROM attribute_keys WHERE attribute = ?)')
      .pluck();
  }

  /** Those that are there already stay. */
  add(number: number, keys: readonly IndexKey[], row: number): void {
    for (const key of keys) this.#add.run(number, key, row);
  }

  remove(number: number, keys: readonly IndexKey[], row: number): void {
    for (const key of keys) this.#remove.run(number, key, row);
  }

  /** Removes at most `limit` keys of an index. @returns whether it has none left */
  purge(number: number, limit: number): boolean {
    this.#purge.run(number, number, limit);
    return this.#hasKeys.get(number) === 0;
  }
}
