/**
 * A seeded generator for the rounds of kill -9. The seed is the same each time, so that a run speaks
 * of the change and not of luck; `SCIMLANE_KILL_ROUNDS` hunts with a fresh one, which is printed, and
 * `SCIMLANE_SEED` runs one again.
 */
import { randomInt } from 'node:crypto';
import type { Asserts } from './asserts.ts';

export interface Random {
  /** An integer from 0 up to, not including, `below`. */
  below(below: number): number;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
}

/** The seed of this run, printed as a comment. */
export function seedOf(t: Asserts): number {
  const given = Number(process.env['SCIMLANE_SEED']);
  const usual = process.env['SCIMLANE_KILL_ROUNDS'] === undefined ? 1 : randomInt(1, 2 ** 31);
  const seed = Number.isInteger(given) && given > 0 ? given : usual;
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
