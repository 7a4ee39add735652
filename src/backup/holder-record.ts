/**
 * Which processes have run on this disk, by the ids they held their leases under. A storage whose last
 * holder is none of them was used by a server elsewhere since: it may hold commits that this disk
 * lacks, and this disk commits that it lacks, under the same numbers.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncPath } from './database-files.ts';

/** The last one would do; a storage that was away for some starts knows an older one. */
const IDS_KEPT = 200;

export class HolderRecord {
  readonly #ids: readonly string[];

  /**
   * Reads the record and adds this process, durably, before it takes any storage.
   * @param path of the record, beside the data
   */
  constructor(path: string, ownId: string) {
    const ids = [...readIds(path), ownId].slice(-IDS_KEPT);
    const draft = `${path}.draft`;
    writeFileSync(draft, JSON.stringify(ids), { flush: true });
    renameSync(draft, path);
    syncPath(dirname(path));
    this.#ids = ids;
  }

  wasHere(holderId: string): boolean {
    return this.#ids.includes(holderId);
  }
}

/** A record that is missing or torn knows nobody: then the storages' word counts more than the disk's. */
function readIds(path: string): string[] {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return Array.isArray(value) ? value.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}
