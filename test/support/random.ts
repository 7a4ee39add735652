/**
 * A seeded generator for the randomised tests. A test prints its seed; `SCIMLANE_SEED` runs one
 * again.
 */
import { randomInt } from 'node:crypto';
import type { Asserts } from './asserts.ts';

export interface Random {
  /** An integer from 0 up to, not including, `below`. */
  below(below: number): number;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
}

/** The seed of this run: SCIMLANE_SEED, or a fresh one; printed as a comment either way. */
export function seedOf(t: Asserts): number {
  const given = Number(process.env['SCIMLANE_SEED']);
  const seed = Number.isInteger(given) && given > 0 ? given : randomInt(1, 2 ** 31);
  t.comment(`seed ${seed}: SCIMLANE_SEED=${seed} runs this again`);
  return seed;
}

/** Mulberry32: small, and good enough to choose moments and operations. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
  return {
    below,
    pick: (items) => items[below(items.length)] ?? items[0],
  };
}
