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

const STEP = 0x6d2b79f5;

/** Mulberry32: 32 bits of state, good enough to shuffle names. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const below = (limit: number): number => {
    state = (state + STEP) >>> 0;
    return Math.floor(mixed(state) * limit);
  };
  return {
    below,
    pick: (items) => items[below(items.length)] ?? items[0],
    hex: (digits) => Array.from({ length: digits }, () => below(16).toString(16)).join(''),
  };
}

/**
 * The same number in [0, limit) for the same n, neighbours far apart: what a plan draws that has no end.
 * @param draw which of several numbers for one n
 */
export function scattered(n: number, limit: number, draw: number): number {
  return Math.floor(mixed((Math.imul(n, STEP) + Math.imul(draw, 0x9e3779b9)) >>> 0) * limit);
}

/** @returns of [0, 1) */
function mixed(state: number): number {
  let bits = Math.imul(state ^ (state >>> 15), state | 1);
  bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
  return ((bits ^ (bits >>> 14)) >>> 0) / 0x1_0000_0000;
}
