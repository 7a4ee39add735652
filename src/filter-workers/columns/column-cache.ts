/**
 * The column sets of one thread, within a bound of memory: what was not used for longest goes first.
 * A set that alone is too large is not kept, and not built again before its list has shrunk.
 */
import type { ResourceType } from '../../scim/schema/attribute.ts';
import type { Reader } from '../../sqlite/reader.ts';
import { ColumnSet, type Reading } from './column-set.ts';
import { IrregularValue } from './attribute-table.ts';
import type { Wanted } from './wanted.ts';

export class ColumnCache {
  readonly #bytesMax: number;
  /** Least recently used first. */
  readonly #sets = new Map<string, ColumnSet>();
  /** Lists that do not fit, and how many resources they had. */
  readonly #refused = new Map<string, { readonly type: ResourceType; readonly count: number }>();

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** About what all sets take in memory. */
  get bytes(): number {
    let bytes = 0;
    for (const set of this.#sets.values()) bytes += set.bytes;
    return bytes;
  }

  /**
   * A set that has what is wanted, as of the reader's snapshot.
   * @param endpoint its row
   * @returns undefined when the resources do not fit into columns
   */
  open(
    reader: Reader,
    endpoint: number,
    type: ResourceType,
    wanted: Wanted,
    reading: Reading,
  ): ColumnSet | undefined {
    const key = `${endpoint} ${type.name}`;
    const { count } = reader.lists.open(endpoint, type.name);
    const refused = this.#refused.get(key);
    if (refused?.type === type && count > refused.count / 2) return undefined;
    this.#refused.delete(key);
    const set = this.#usable(key, type) ?? new ColumnSet(endpoint, type);
    this.#sets.delete(key);
    this.#sets.set(key, set);
    try {
      set.bring(reader, wanted, reading);
    } catch (error) {
      if (!(error instanceof IrregularValue)) throw error;
      this.#refuse(key, type, 0);
      return undefined;
    }
    if (set.bytes > this.#bytesMax) {
      this.#refuse(key, type, count);
      return undefined;
    }
    this.#makeRoom();
    return set;
  }

  #refuse(key: string, type: ResourceType, count: number): void {
    this.#sets.delete(key);
    this.#refused.set(key, { type, count });
  }

  #usable(key: string, type: ResourceType): ColumnSet | undefined {
    const known = this.#sets.get(key);
    return known?.type === type && !known.isWorn ? known : undefined;
  }

  #makeRoom(): void {
    for (const key of this.#sets.keys()) {
      if (this.bytes <= this.#bytesMax) return;
      this.#sets.delete(key);
    }
  }
}
