/**
 * The resources of a list, each with its row and its slot, by place: in the order of lists, which is by
 * id. Rows come in the order of creation. While no id came out of that order, a place is a row's
 * number; else places are looked up.
 */
import { assert } from '../../platform/assert.ts';
import { FloatList, IntList, lowerBound } from './numbers.ts';

const NOWHERE = -1;

export class Places {
  /** Ascending. */
  #rows = new FloatList();
  /** By number of the row. */
  #slots = new IntList();
  /** By place: the number of its row. Undefined while they are the same. */
  #numberAt: IntList | undefined;
  /** The reverse. */
  #placeOf: IntList | undefined;
  /** By place; made when asked for. */
  #slotAt: Int32Array | undefined;

  get count(): number {
    return this.#rows.length;
  }

  get bytes(): number {
    const order = (this.#numberAt?.bytes ?? 0) + (this.#placeOf?.bytes ?? 0);
    return this.#rows.bytes + this.#slots.bytes + order + (this.#slotAt?.byteLength ?? 0);
  }

  /** In the order of creation, until the next `add`. */
  get rows(): Float64Array {
    return this.#rows.all;
  }

  /** By place, until something changes. */
  get slotAt(): Int32Array {
    const numbers = this.#numberAt;
    if (numbers === undefined) return this.#slots.all;
    this.#slotAt ??= numbers.all.map((number) => this.#slots.data[number] ?? NOWHERE);
    return this.#slotAt;
  }

  rowAt(place: number): number {
    const number = this.#numberAt === undefined ? place : (this.#numberAt.data[place] ?? NOWHERE);
    const row = place < this.count ? this.#rows.data[number] : undefined;
    assert(row !== undefined, 'a place has a row');
    return row;
  }

  placeOf(row: number): number | undefined {
    const number = this.#numberOf(row);
    return number === undefined || this.#placeOf === undefined
      ? number
      : this.#placeOf.data[number];
  }

  slotOf(row: number): number | undefined {
    const number = this.#numberOf(row);
    return number === undefined ? undefined : this.#slots.data[number];
  }

  /** @param row created behind all others; its place is the last one, until `arrange` says otherwise */
  add(row: number, slot: number): void {
    this.#numberAt?.push(this.count);
    this.#placeOf?.push(this.count);
    this.#rows.push(row);
    this.#slots.push(slot);
    this.#slotAt = undefined;
  }

  /** @returns false for a row that is not there */
  move(row: number, slot: number): boolean {
    const number = this.#numberOf(row);
    if (number === undefined) return false;
    this.#slots.set(number, slot);
    this.#slotAt = undefined;
    return true;
  }

  /** Lets go of rows; the others keep their order. @param gone ascending; each is there */
  remove(gone: readonly number[]): void {
    const rows = new Float64Array(this.count - gone.length);
    const slots = new Int32Array(rows.length);
    let kept = 0;
    let from = 0;
    const keep = (to: number): void => {
      rows.set(this.#rows.data.subarray(from, to), kept);
      slots.set(this.#slots.data.subarray(from, to), kept);
      kept += to - from;
    };
    for (const row of gone) {
      const number = this.#numberOf(row);
      assert(number !== undefined, 'what is gone was there');
      keep(number);
      from = number + 1;
    }
    keep(this.count);
    this.#rows = FloatList.of(rows);
    this.#slots = IntList.of(slots);
    this.#numberAt = undefined;
    this.#placeOf = undefined;
    this.#slotAt = undefined;
  }

  /** @param byId all rows that are left, in the order of lists; each is there */
  arrange(byId: readonly number[]): void {
    this.#keep(Float64Array.from(byId).sort());
    const numberAt = new IntList();
    const placeOf = new IntList();
    for (const row of byId) {
      const number = this.#numberOf(row);
      assert(number !== undefined, 'every resource has been read');
      numberAt.push(number);
      placeOf.push(NOWHERE);
    }
    for (const [place, number] of numberAt.all.entries()) placeOf.set(number, place);
    this.#numberAt = numberAt;
    this.#placeOf = placeOf;
  }

  /** @param kept ascending */
  #keep(kept: Float64Array): void {
    const rows = new FloatList();
    const slots = new IntList();
    const before = this.#rows.data;
    let number = 0;
    for (const row of kept) {
      while (number < this.count && before[number] !== row) number += 1;
      assert(number < this.count, 'every resource has been read');
      rows.push(row);
      slots.push(this.#slots.data[number] ?? NOWHERE);
    }
    this.#rows = rows;
    this.#slots = slots;
    this.#slotAt = undefined;
  }

  #numberOf(row: number): number | undefined {
    const number = lowerBound(this.#rows.data, this.count, row);
    return number < this.count && this.#rows.data[number] === row ? number : undefined;
  }
}
