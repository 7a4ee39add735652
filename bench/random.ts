/**
 * Seeded randomness for data that are the same on every machine and in every run. Never for
 * secrets.
 */

export interface Random {
  /** Uniform in [0, limit). */
  below(limit: number): number;
  pick<T>(items: readonly [T, ...T[]]): T;
  /** Lower-case hexadecimal digits. */
  hex(digits: number): string;
}

/** Mulberry32: 32 bits of state, good enough to shuffle names. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * limit);
  };
  return {
    below,
    pick: (items) => items[below(items.length)] ?? items[0],
    hex: (digits) => Array.from({ length: digits }, () => below(16).toString(16)).join(''),
  };
}
