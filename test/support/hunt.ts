/**
 * Which random cases a test tries. They are the same each time, so that CI speaks of the change and
 * not of luck. `SCIMLANE_<NAME>_RUNS=N` hunts through N others and prints their seed;
 * `SCIMLANE_<NAME>_SEED` repeats those.
 */
import { randomInt } from 'node:crypto';
import type { Asserts } from './asserts.ts';

export interface Hunt {
  readonly seed: number;
  /** How many cases. */
  readonly runs: number;
  /** False in a hunt: what it reaches is not known then. */
  readonly isUsual: boolean;
}

/** @param usual what CI tries */
export function huntOf(
  t: Asserts,
  name: 'MODEL' | 'FUZZ' | 'WALK' | 'COLUMNS' | 'PROJECTION' | 'PLANS',
  usual: Pick<Hunt, 'seed' | 'runs'>,
): Hunt {
  const givenSeed = process.env[`SCIMLANE_${name}_SEED`];
  const givenRuns = process.env[`SCIMLANE_${name}_RUNS`];
  const isUsual = givenSeed === undefined && givenRuns === undefined;
  const runs = Number(givenRuns ?? usual.runs);
  const seed = isUsual ? usual.seed : Number(givenSeed ?? randomInt(1, 2 ** 31));
  t.comment(`SCIMLANE_${name}_SEED=${seed} SCIMLANE_${name}_RUNS=${runs} repeats this`);
  return { seed, runs, isUsual };
}

/** The seed of one of many cases: each can be repeated without those before it. */
export function seedOfCase(seed: number, number: number): number {
  return Math.imul(seed ^ 0x9e3779b9, 2 * number + 1) >>> 0;
}
