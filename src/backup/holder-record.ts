/**
 * Which processes have run on this disk, by the ids they held their leases under. A storage whose last
 * holder is none of them was used by a server elsewhere since: it may hold commits that this disk
 * lacks, and this disk commits that it lacks, under the same numbers. A process that takes a storage
 * in order to replace what is on the disk by it has not run on this disk until that is done: one that
 * is killed before leaves the decision to the next start, not half of it. A record that is missing or
 * torn knows nobody: then the storages' word counts more than the disk's.
 */
import { readTexts, replaceFile } from './durable-file.ts';

/** The last one would do; a storage that was away for some starts knows an older one. */
const IDS_KEPT = 200;

export class HolderRecord {
  readonly #path: string;
  readonly #ownId: string;
  #ids: readonly string[];

  /** @param path of the record, beside the data */
  constructor(path: string, ownId: string) {
    this.#path = path;
    this.#ownId = ownId;
    this.#ids = readTexts(path);
  }

  wasHere(holderId: string): boolean {
    return this.#ids.includes(holderId);
  }

  /** Says durably whether this process counts as one of this disk. */
  setOwnHere(isHere: boolean): void {
    if (this.wasHere(this.#ownId) === isHere) return;
    const others = this.#ids.filter((id) => id !== this.#ownId);
    const ids = isHere ? [...others, this.#ownId].slice(-IDS_KEPT) : others;
    replaceFile(this.#path, JSON.stringify(ids));
    this.#ids = ids;
  }
}
