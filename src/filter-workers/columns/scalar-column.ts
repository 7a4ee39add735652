/**
 * The values of one attribute path over all elements: a code for each into the values that occur.
 * Where they repeat, as types, departments and flags do, a comparison is made once for all that are
 * alike; and what a comparison has found is kept, so that asking again looks at new values only.
 */
import type { JsonValue } from '../../scim/json.ts';
import { IntList } from './numbers.ts';

type Scalar = string | number | boolean;

/** Of an element without a value here. */
export const ABSENT = -1;

/** Comparisons kept; the one made first is the first to go. */
const KNOWN_TESTS = 16;
/** About what an entry of a map, a slot of an array and a string's header take. */
const VALUE_BYTES = 90;

export class ScalarColumn {
  readonly #codes = new IntList();
  readonly #values: Scalar[] = [];
  readonly #codeOf = new Map<Scalar, number>();
  readonly #known = new Map<string, Uint8Array>();
  #valueBytes = 0;

  /** By element: a code, or ABSENT. */
  get codes(): Int32Array {
    return this.#codes.all;
  }

  get bytes(): number {
    const known = this.#known.size * this.#values.length;
    return this.#codes.bytes + this.#valueBytes + known;
  }

  push(value: Scalar | undefined): void {
    this.#codes.push(value === undefined ? ABSENT : this.#code(value));
  }

  /**
   * For each code whether the test holds, as 1 or 0.
   * @param key tells tests apart
   */
  hits(key: string, test: (value: JsonValue) => boolean): Uint8Array {
    const known = this.#known.get(key) ?? new Uint8Array(0);
    if (known.length === this.#values.length) return known;
    const hits = new Uint8Array(this.#values.length);
    hits.set(known);
    for (let code = known.length; code < hits.length; code += 1) {
      const value = this.#values[code];
      if (value !== undefined && test(value)) hits[code] = 1;
    }
    this.#known.delete(key);
    this.#known.set(key, hits);
    const [oldest] = this.#known.keys();
    if (this.#known.size > KNOWN_TESTS && oldest !== undefined) this.#known.delete(oldest);
    return hits;
  }

  #code(value: Scalar): number {
    const known = this.#codeOf.get(value);
    if (known !== undefined) return known;
    const code = this.#values.push(value) - 1;
    this.#codeOf.set(value, code);
    this.#valueBytes += VALUE_BYTES + (typeof value === 'string' ? value.length : 0);
    return code;
  }
}
