/** Names of resources for http, on a connection of its own for each question: few ask, and few at a time. */
import type { ResourceNames } from './http/ports.ts';
import { readNames } from './sqlite/name-reader.ts';
import { type Connection, openReader } from './sqlite/open.ts';
import type { NamedResource, ResourceKey } from './store/resource-names.ts';
import { StoreError } from './store/results.ts';

export class SqliteResourceNames implements ResourceNames {
  readonly #path: string;

  /** @param path of the data file */
  constructor(path: string) {
    this.#path = path;
  }

  // Async so that it rejects where it would throw; there is nothing to wait for.
  // eslint-disable-next-line @typescript-eslint/require-await
  async of(keys: readonly ResourceKey[]): Promise<readonly NamedResource[]> {
    if (keys.length === 0) return [];
    let db: Connection | undefined;
    try {
      db = openReader(this.#path);
      return readNames(db, keys);
    } catch (error) {
      throw new StoreError('unavailable', `names cannot be read: ${String(error)}`);
    } finally {
      db?.close();
    }
  }
}
