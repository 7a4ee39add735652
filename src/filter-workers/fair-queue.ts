/**
 * What waits for a worker: a line for each endpoint, first in first out, and the lines take turns. So
 * an endpoint with hundreds of searches delays another's single one by one job, not by hundreds. Pure.
 * Invariant: no line is empty, and the lines together hold `size` items, at most `itemsMax`.
 */
import { assert } from '../platform/assert.ts';

export class FairQueue<T> {
  readonly #itemsMax: number;
  /** By endpoint, the one whose turn is next first. */
  readonly #lines = new Map<number, T[]>();
  #size = 0;

  constructor(itemsMax: number) {
    this.#itemsMax = itemsMax;
  }

  get size(): number {
    return this.#size;
  }

  /**
   * When all places are taken, the longest line gives up its newest item, if it is longer than the
   * newcomer's line would be: one endpoint alone may use every place, and keeps nobody else out.
   * @returns who found no place: the newcomer, or the one that made room; undefined: nobody
   */
  push(endpoint: number, item: T): T | undefined {
    let displaced: T | undefined;
    if (this.#size >= this.#itemsMax) {
      const longest = this.#longest();
      const line = this.#lines.get(longest)?.length ?? 0;
      if (line <= (this.#lines.get(endpoint)?.length ?? 0) + 1) return item;
      displaced = this.#takeNewest(longest);
    }
    const own = this.#lines.get(endpoint);
    if (own === undefined) this.#lines.set(endpoint, [item]);
    else own.push(item);
    this.#size++;
    return displaced;
  }

  /** The oldest item of the endpoint whose turn it is. */
  shift(): T | undefined {
    for (const [endpoint, line] of this.#lines) {
      const item = line.shift();
      this.#lines.delete(endpoint);
      if (line.length > 0) this.#lines.set(endpoint, line);
      this.#size--;
      return item;
    }
    return undefined;
  }

  /** False when it does not wait here. */
  remove(endpoint: number, item: T): boolean {
    const line = this.#lines.get(endpoint);
    const at = line?.indexOf(item) ?? -1;
    if (line === undefined || at === -1) return false;
    line.splice(at, 1);
    if (line.length === 0) this.#lines.delete(endpoint);
    this.#size--;
    return true;
  }

  #longest(): number {
    let longest = -1;
    let most = 0;
    for (const [endpoint, { length }] of this.#lines) {
      if (length <= most) continue;
      longest = endpoint;
      most = length;
    }
    return longest;
  }

  #takeNewest(endpoint: number): T | undefined {
    const line = this.#lines.get(endpoint);
    assert(line !== undefined, 'the longest line is there');
    // It has two items or more, so it does not become empty.
    const item = line.pop();
    this.#size--;
    return item;
  }
}
