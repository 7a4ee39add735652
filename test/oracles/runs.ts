/**
 * Which cases the tests against other implementations try. They are the same each time, so that CI
 * speaks of the change and not of luck; the seed is printed. `SCIMLANE_ORACLE_RUNS=N` hunts through
 * N others and prints their seed; `SCIMLANE_ORACLE_SEED` repeats those.
 */
import { randomInt } from 'node:crypto';
import type { Asserts } from '../support/asserts.ts';

const RUNS = process.env['SCIMLANE_ORACLE_RUNS'];
const SEED = process.env['SCIMLANE_ORACLE_SEED'];

/** As fast-check takes them; what `agree` has found stands in the report of a failure. */
export interface OracleRuns {
  readonly seed: number;
  readonly numRuns: number;
  readonly includeErrorInReport: true;
}

const USUAL_SEED = 7644;

/** @param usual how many cases CI tries */
export function oracleRuns(t: Asserts, usual: number): OracleRuns {
  const seed = Number(SEED ?? (RUNS === undefined ? USUAL_SEED : randomInt(2 ** 31)));
  const numRuns = Number(RUNS ?? usual);
  t.comment(`SCIMLANE_ORACLE_SEED=${seed} SCIMLANE_ORACLE_RUNS=${numRuns} repeats this`);
  return { seed, numRuns, includeErrorInReport: true };
}

/** Throws, unlike an assertion of tap, so that fast-check shrinks to the smallest case. */
export function agree(found: unknown, wanted: unknown, about: unknown): void {
  const [one, other] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (one === other) return;
  throw new Error(`${JSON.stringify(about)}: ours is ${one}, theirs ${other}`);
}
