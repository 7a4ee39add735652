/**
 * Masks: one byte an element or a slot, 1 where a condition holds. They are as large as a list is
 * long, and a filter needs several: those that are done with are kept for the next.
 */

/** It may be longer than what it is of; what is behind means nothing. */
export type Mask = Uint8Array;

/** Masks kept; as deep as most filters nest. */
const KEPT_MAX = 6;

export class MaskPool {
  readonly #free: Mask[] = [];

  get bytes(): number {
    return this.#free.reduce((sum, mask) => sum + mask.byteLength, 0);
  }

  /** Its first `length` bytes are to be written before they are read: they may be anything. */
  take(length: number): Mask {
    const mask = this.#free.pop();
    if (mask !== undefined && mask.length >= length) return mask;
    return new Uint8Array(Math.ceil(length * 1.1) + 64);
  }

  /** As `take`, all 0. */
  takeEmpty(length: number): Mask {
    return this.take(length).fill(0, 0, length);
  }

  give(mask: Mask): void {
    if (this.#free.length < KEPT_MAX) this.#free.push(mask);
  }
}

/** Keeps in `mask` what is in both. */
export function keepBoth(mask: Mask, other: Mask, length: number): void {
  for (let at = 0; at < length; at += 1) mask[at] = (mask[at] ?? 0) & (other[at] ?? 0);
}

export function addOther(mask: Mask, other: Mask, length: number): void {
  for (let at = 0; at < length; at += 1) mask[at] = (mask[at] ?? 0) | (other[at] ?? 0);
}

export function negate(mask: Mask, length: number): void {
  for (let at = 0; at < length; at += 1) mask[at] = (mask[at] ?? 0) ^ 1;
}

export function countOf(mask: Mask, length: number): number {
  let count = 0;
  for (let at = 0; at < length; at += 1) count += mask[at] ?? 0;
  return count;
}
