/**
 * Which storages hold this disk's history, and no other: what they lead to is where the local
 * database has been. A restore makes a history of its own from a commit on, under numbers that an
 * earlier one may have given too; a storage that it did not come from may hold that earlier one. Such
 * a storage is led on by a snapshot only, and is of this history from then on. Kept beside the data
 * and not in the storage, because who takes a storage's lease changes nothing of what it holds. A
 * record that is missing or torn knows no storage: that costs a snapshot each.
 */
import { readTexts, replaceFile } from './durable-file.ts';
import { spoolFolderOf } from './spool-folder.ts';

export class LineageRecord {
  readonly #path: string;
  #labels: readonly string[];

  constructor(databasePath: string) {
    this.#path = `${spoolFolderOf(databasePath)}.lineage.json`;
    this.#labels = readTexts(this.#path);
  }

  /** Whether segments may lead on from where the storage ends. @param label of the storage */
  leadsHere(label: string): boolean {
    return this.#labels.includes(label);
  }

  /** Another history begins here. @throws an error of the file system */
  beginAnew(): void {
    if (this.#labels.length > 0) this.#write([]);
  }

  /** Says durably that the storage holds this history. Never fails: unsaid, it costs a snapshot. */
  add(label: string): void {
    if (this.leadsHere(label)) return;
    try {
      this.#write([...this.#labels, label]);
    } catch {
      // A full disk, most likely: the former record knows less, and so nothing that is not so.
    }
  }

  #write(labels: readonly string[]): void {
    replaceFile(this.#path, JSON.stringify(labels));
    this.#labels = labels;
  }
}
