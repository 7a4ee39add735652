/**
 * The order of the values of a dictionary. It is kept from one sort to the next: values that came
 * since are put in between.
 */
import type { SortKey } from '../../scim/sort/key.ts';
import type { Ranking } from './column.ts';

/** A dictionary, as far as order goes. */
export interface Ordered {
  readonly size: number;
  /** Of two codes that have keys. */
  compare(a: number, b: number): number;
  /** Undefined for a value that sorts as none. */
  keyOf(code: number): SortKey | undefined;
  /** As `keyOf`, whether there is one. */
  hasKey(code: number): boolean;
}

export class CodeRanks {
  /** How many codes have been looked at. */
  #size = 0;
  /** Codes that have keys, in order. */
  #sorted: Int32Array = new Int32Array(0);
  /** By place in `#sorted`: 1 when its key is that of the one before. */
  #isTied = new Uint8Array(0);
  #ranks = new Int32Array(0);
  /** The first code of each rank. */
  #first = new Int32Array(0);

  get bytes(): number {
    const { byteLength } = this.#sorted;
    return byteLength + this.#isTied.length + this.#ranks.byteLength + this.#first.byteLength;
  }

  /** @param codes by element */
  over(values: Ordered, codes: Int32Array): Ranking {
    if (values.size > this.#size) this.#extend(values);
    const [ranks, first] = [this.#ranks, this.#first];
    const { length: count } = first;
    return {
      count,
      rankOf: (element) => ranks[codes[element] ?? -1] ?? count,
      keyOf: (rank) => {
        const code = first[rank];
        return code === undefined ? undefined : values.keyOf(code);
      },
    };
  }

  #extend(values: Ordered): void {
    const before = this.#size;
    const added: number[] = [];
    for (let code = before; code < values.size; code += 1)
      if (values.hasKey(code)) added.push(code);
    const fresh = Int32Array.from(added).sort((a, b) => values.compare(a, b));
    const sorted: Int32Array = merged(this.#sorted, fresh, values);
    const wasTied = new Set<number>();
    for (const [at, code] of this.#sorted.entries()) if (this.#isTied[at] === 1) wasTied.add(code);
    const isTied = new Uint8Array(sorted.length);
    for (let at = 1; at < sorted.length; at += 1) {
      const [code, last] = [sorted[at] ?? 0, sorted[at - 1] ?? 0];
      const isOld = code < before && last < before;
      const tied = isOld ? wasTied.has(code) : values.compare(last, code) === 0;
      isTied[at] = tied ? 1 : 0;
    }
    this.#size = values.size;
    this.#sorted = sorted;
    this.#isTied = isTied;
    this.#number(values.size);
  }

  #number(size: number): void {
    const count = this.#sorted.length - this.#isTied.reduce((sum, each) => sum + each, 0);
    const ranks = new Int32Array(size).fill(count);
    const first = new Int32Array(count);
    let rank = -1;
    for (let at = 0; at < this.#sorted.length; at += 1) {
      const code = this.#sorted[at] ?? 0;
      if (this.#isTied[at] === 0) {
        rank += 1;
        first[rank] = code;
      }
      ranks[code] = rank;
    }
    this.#ranks = ranks;
    this.#first = first;
  }
}

function merged(sorted: Int32Array, added: Int32Array, values: Ordered): Int32Array {
  const all = new Int32Array(sorted.length + added.length);
  let taken = 0;
  for (const [at, code] of added.entries()) {
    const place = behind(sorted, taken, code, values);
    all.set(sorted.subarray(taken, place), taken + at);
    all[place + at] = code;
    taken = place;
  }
  all.set(sorted.subarray(taken), taken + added.length);
  return all;
}

/** Behind all that are not greater. */
function behind(sorted: Int32Array, from: number, code: number, values: Ordered): number {
  let low = from;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values.compare(sorted[middle] ?? 0, code) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
