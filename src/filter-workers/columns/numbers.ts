/** Lists of numbers that grow at their end, in typed arrays: one, four or eight bytes each, not boxed. */

const FIRST_CAPACITY = 64;

export class IntList {
  #data = new Int32Array(FIRST_CAPACITY);
  #length = 0;

  /** @param data becomes the list's own */
  static of(data: Int32Array<ArrayBuffer>): IntList {
    const list = new IntList();
    list.#data = data;
    list.#length = data.length;
    return list;
  }

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

  /** What is in it and room behind, until the next `push`: cheaper to have than `all`. */
  get data(): Int32Array {
    return this.#data;
  }

  push(value: number): void {
    if (this.#length === this.#data.length) {
      const grown = new Int32Array(grownCapacity(this.#length));
      grown.set(this.#data);
      this.#data = grown;
    }
    this.#data[this.#length] = value;
    this.#length += 1;
  }

  set(at: number, value: number): void {
    this.#data[at] = value;
  }
}

export class FloatList {
  #data = new Float64Array(FIRST_CAPACITY);
  #length = 0;

  /** @param data becomes the list's own */
  static of(data: Float64Array<ArrayBuffer>): FloatList {
    const list = new FloatList();
    list.#data = data;
    list.#length = data.length;
    return list;
  }

  get length(): number {
    return this.#length;
  }

  get bytes(): number {
    return this.#data.byteLength;
  }

  /** What is in it, until the next `push`. */
  get all(): Float64Array {
    return this.#data.subarray(0, this.#length);
  }

  get data(): Float64Array {
    return this.#data;
  }

  push(value: number): void {
    if (this.#length === this.#data.length) {
      const grown = new Float64Array(grownCapacity(this.#length));
      grown.set(this.#data);
      this.#data = grown;
    }
    this.#data[this.#length] = value;
    this.#length += 1;
  }
}

export class ByteList {
  #data = new Uint8Array(FIRST_CAPACITY);
  #length = 0;

  get bytes(): number {
    return this.#data.byteLength;
  }

  get data(): Uint8Array {
    return this.#data;
  }

  push(value: number): void {
    if (this.#length === this.#data.length) {
      const grown = new Uint8Array(grownCapacity(this.#length));
      grown.set(this.#data);
      this.#data = grown;
    }
    this.#data[this.#length] = value;
    this.#length += 1;
  }
}

/** By half: doubling would leave a third of all memory unused. */
export function grownCapacity(capacity: number): number {
  return Math.ceil(capacity * 1.5) + FIRST_CAPACITY;
}

/** The first place whose number is not below `wanted`. @param ascending its first `length` numbers */
export function lowerBound(ascending: ArrayLike<number>, length: number, wanted: number): number {
  let from = 0;
  let to = length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((ascending[middle] ?? Infinity) < wanted) from = middle + 1;
    else to = middle;
  }
  return from;
}
