/**
 * Which cases a property test of the backup tries. They are the same each time, so that CI speaks of
 * the change and not of luck. `SCIMLANE_BACKUP_RUNS=N` hunts through N others and prints their seed;
 * `SCIMLANE_BACKUP_SEED` repeats those.
 */
import { randomInt } from 'node:crypto';
import type { Asserts } from './asserts.ts';

/** As fast-check takes them. */
export interface PropertyRuns {
  readonly seed: number;
  readonly numRuns: number;
}

const RUNS = process.env['SCIMLANE_BACKUP_RUNS'];
const SEED = process.env['SCIMLANE_BACKUP_SEED'];

/** Set: these are the cases of CI, so what they reach is known. */
export const IS_USUAL = RUNS === undefined && SEED === undefined;
/** Set: a case that failed is run again, to be made small. */
export const REPEATS = SEED !== undefined;

/** @param usual what CI tries */
export function propertyRuns(t: Asserts, usual: PropertyRuns): PropertyRuns {
  if (IS_USUAL) return usual;
  const seed = Number(SEED ?? randomInt(2 ** 31));
  const numRuns = Number(RUNS ?? usual.numRuns);
  t.comment(`SCIMLANE_BACKUP_SEED=${seed} SCIMLANE_BACKUP_RUNS=${numRuns} repeats this`);
  return { seed, numRuns };
}
