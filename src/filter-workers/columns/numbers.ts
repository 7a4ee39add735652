/** Lists of numbers that grow at their end, in typed arrays: four or eight bytes each, not boxed. */

const FIRST_CAPACITY = 1024;

export class IntList {
  #data = new Int32Array(FIRST_CAPACITY);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get bytes(): number {
    return this.#data.byteLength;
  }

  /** What is in it, until the next `push`. */
  get all(): Int32Array {
    return this.#data.subarray(0, this.#length);
  }

  push(value: number): void {
    if (this.#length === this.#data.length) {
      const grown = new Int32Array(this.#data.length * 2);
      grown.set(this.#data);
      this.#data = grown;
    }
    this.#data[this.#length] = value;
    this.#length += 1;
  }

  set(at: number, value: number): void {
    this.#data[at] = value;
  }

  clear(): void {
    this.#length = 0;
  }
}
