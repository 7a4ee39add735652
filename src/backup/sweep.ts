/**
 * Deletes what retention has condemned, a few objects at a time between shipments. A name that ends
 * in a slash means everything below it. Deleting again what is gone already is harmless.
 */
import { LIMITS } from '../platform/limits.ts';
import type { Storage } from './storage/storage.ts';

export class Sweep {
  readonly #storage: Storage;
  readonly #queue: string[] = [];
  readonly #done = new Set<string>();

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  add(names: readonly string[]): void {
    for (const name of names) {
      if (!this.#queue.includes(name) && !this.#done.has(name)) this.#queue.push(name);
    }
  }

  /** Whether everything the name means is deleted. */
  isDone(name: string): boolean {
    return this.#done.has(name);
  }

  /** What is done needs no mention any more. */
  forgetDone(): void {
    this.#done.clear();
  }

  /** @returns whether there is more. @throws StorageError; what was not deleted is tried again */
  async step(signal: AbortSignal): Promise<boolean> {
    const name = this.#queue[0];
    if (name === undefined) return false;
    const objects = name.endsWith('/') ? await this.#firstObjects(name, signal) : [name];
    await Promise.all(objects.map((object) => this.#storage.delete(object, signal)));
    // Left behind meanwhile: the queue has moved on without this step.
    signal.throwIfAborted();
    if (objects.length < LIMITS.backupSweepObjects) {
      this.#queue.shift();
      this.#done.add(name);
    }
    return this.#queue.length > 0;
  }

  async #firstObjects(prefix: string, signal: AbortSignal): Promise<string[]> {
    const names: string[] = [];
    for await (const { name } of this.#storage.list(prefix, signal)) {
      names.push(name);
      if (names.length === LIMITS.backupSweepObjects) break;
    }
    return names;
  }
}
