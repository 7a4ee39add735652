/**
 * What a filter and a sort have found, kept while the set is unchanged: a walk through a thousand
 * pages evaluates its filter once. Bounded; what was not used for longest goes first.
 */
import type { Mask } from './mask.ts';
import type { SortOrder } from './sort-order.ts';

export interface Matches {
  /** In the order of the sort, ascending, or of lists. */
  readonly places: Int32Array;
  /** Undefined for the order of lists. */
  readonly order: SortOrder | undefined;
}

/** About what an entry takes besides its places. */
const ENTRY_BYTES = 500;

export class KnownMatches {
  readonly #bytesMax: number;
  /** Least recently used first. */
  readonly #matches = new Map<string, Matches>();
  readonly #orders = new Map<string, SortOrder>();
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): Matches | undefined {
    const known = this.#matches.get(key);
    if (known === undefined) return undefined;
    this.#matches.delete(key);
    this.#matches.set(key, known);
    return known;
  }

  keep(key: string, matches: Matches): void {
    this.#matches.set(key, matches);
    this.#bytes += bytesOf(key, matches);
    this.#makeRoom();
  }

  /** @param make called when it is not known */
  orderOf(key: string, make: () => SortOrder): SortOrder {
    const known = this.#orders.get(key);
    const order = known ?? make();
    this.#orders.delete(key);
    this.#orders.set(key, order);
    if (known === undefined) this.#bytes += orderBytes(order);
    this.#makeRoom();
    return order;
  }

  clear(): void {
    this.#matches.clear();
    this.#orders.clear();
    this.#bytes = 0;
  }

  #makeRoom(): void {
    for (const [key, matches] of this.#matches) {
      if (this.#bytes <= this.#bytesMax) return;
      this.#matches.delete(key);
      this.#bytes -= bytesOf(key, matches);
    }
    for (const [key, order] of this.#orders) {
      if (this.#bytes <= this.#bytesMax) return;
      this.#orders.delete(key);
      this.#bytes -= orderBytes(order);
    }
  }
}

/**
 * Places whose slots are in a mask.
 * @param slotAt by place
 * @param order undefined for the order of lists
 */
export function placesIn(mask: Mask, slotAt: Int32Array, order: SortOrder | undefined): Int32Array {
  let count = 0;
  for (let place = 0; place < slotAt.length; place += 1) count += mask[slotAt[place] ?? 0] ?? 0;
  const places = new Int32Array(count);
  const ordered = order?.places;
  let found = 0;
  for (let at = 0; at < slotAt.length; at += 1) {
    const place = ordered === undefined ? at : (ordered[at] ?? 0);
    if (mask[slotAt[place] ?? 0] !== 1) continue;
    places[found] = place;
    found += 1;
  }
  return places;
}

/** Places may be those of the order, which is counted by itself. */
function bytesOf(key: string, { places, order }: Matches): number {
  const own = places === order?.places ? 0 : places.byteLength;
  return own + 2 * key.length + ENTRY_BYTES;
}

function orderBytes({ places, rankAt }: SortOrder): number {
  return places.byteLength + rankAt.byteLength + ENTRY_BYTES;
}
