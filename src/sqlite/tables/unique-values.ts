/**
 * Values of which no two resources of a type have the same (RFC 7643 §7 `uniqueness`), beyond the
 * name, which has a column of its own. The primary key is the rule itself; keys come from
 * `uniqueValues`, which folds, so that no caller can forget it.
 */
import type { UniqueValue } from '../../scim/resource/unique-values.ts';
import type { Connection } from '../open.ts';

interface StoredKey {
  readonly place: string;
  readonly key: string;
}

export class UniqueValueTable {
  readonly #add;
  readonly #ofRow;
  readonly #remove;
  readonly #removeAll;

  constructor(db: Connection) {
    this.#add = db.prepare<[number, string, string, string, number]>(
      'INSERT OR IGNORE INTO unique_values VALUES (?, ?, ?, ?, ?)',
    );
    this.#ofRow = db.prepare<[number], StoredKey>(
      'SELECT place, key FROM unique_values WHERE row = ?',
    );
    this.#remove = db.prepare<[number, string, string, string]>(
      'DELETE FROM unique_values WHERE endpoint = ? AND type = ? AND place = ? AND key = ?',
    );
    this.#removeAll = db.prepare<[number]>('DELETE FROM unique_values WHERE row = ?');
  }

  /**
   * Gives a resource its values.
   * @param row of a resource that has none yet
   * @returns the first that belongs to another resource; the caller rolls back
   */
  add(
    endpoint: number,
    type: string,
    row: number,
    values: readonly UniqueValue[],
  ): UniqueValue | undefined {
    return values.find(
      ({ place, key }) => this.#add.run(endpoint, type, place, key, row).changes === 0,
    );
  }

  /**
   * Makes these the values of a resource, and no others; only what differs is written.
   * @returns the first that belongs to another resource; the caller rolls back
   */
  replace(
    endpoint: number,
    type: string,
    row: number,
    values: readonly UniqueValue[],
  ): UniqueValue | undefined {
    const left = new Map(values.map((value) => [textOf(value), value]));
    for (const stored of this.#ofRow.all(row)) {
      if (left.delete(textOf(stored))) continue;
      this.#remove.run(endpoint, type, stored.place, stored.key);
    }
    return this.add(endpoint, type, row, [...left.values()]);
  }

  removeAll(row: number): void {
    this.#removeAll.run(row);
  }
}

function textOf({ place, key }: StoredKey): string {
  return `${place}\n${key}`;
}
