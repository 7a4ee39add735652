/**
 * Which attribute indexes may be used for reading. An index counts only when it is complete in the
 * very snapshot that is read: ask within the transaction of the search, each time.
 */
import type { Connection } from './open.ts';

export class IndexReader {
  readonly #complete;

  constructor(db: Connection) {
    this.#complete = db
      .prepare<[number, string, string], number>(
        `SELECT number FROM attribute_indexes
         WHERE endpoint = +? AND type = +? AND signature = +? AND built_to IS NULL`,
      )
      .pluck();
  }

  /**
   * @param endpoint its row
   * @param type its name
   * @param signature of what the caller takes the keys for: see `signatureOf`
   * @returns the number that `attribute_keys.attribute` has; undefined while it is being built
   */
  completeIndex(endpoint: number, type: string, signature: string): number | undefined {
    return this.#complete.get(endpoint, type, signature);
  }
}
