/**
 * Random lives of a server with its backup: every position that a storage claims restores to exactly
 * the content of that commit, whatever came in between. CI lives the same lives each time;
 * `SCIMLANE_BACKUP_RUNS` and `SCIMLANE_BACKUP_SEED` live others (`test/support/property-runs.ts`).
 */
import { rm } from 'node:fs/promises';
import fc from 'fast-check';
import t from 'tap';
import { IS_USUAL, propertyRuns, REPEATS } from '../../test/support/property-runs.ts';
import { LabRun, type Tally } from './test/lab-run.ts';
import { steps } from './test/lab-steps.ts';

/** Chosen so that each thing asked for at the end comes up several times; choose anew with the steps. */
const USUAL = { seed: 2, numRuns: 16 };

t.setTimeout(IS_USUAL ? 300_000 : 24 * 60 * 60_000);

t.test('what the storages claim is restored exactly, after whatever happened', async (t) => {
  const folder = t.testdir();
  const tally: Tally = new Map();
  let lives = 0;
  const life = fc.asyncProperty(
    steps,
    fc.integer({ min: 1, max: 2 }),
    fc.array(fc.noBias(fc.nat(999)), { minLength: 1 }),
    async (steps, storages, chances) => {
      lives += 1;
      const path = `${folder}/${lives}`;
      let chance = 0;
      const random = (): number => (chances[chance++ % chances.length] ?? 0) / 1000;
      const options = { storages, requestTimeoutMs: 300 };
      await new LabRun(path, options, tally, random).run(steps);
      // A request that was left behind may still write there.
      await rm(path, { recursive: true, force: true, maxRetries: 10 });
    },
  );
  await fc.assert(life, { ...propertyRuns(t, USUAL), endOnFailure: !REPEATS });
  t.comment(`${lives} lives: ${JSON.stringify(Object.fromEntries(tally))}`);
  if (!IS_USUAL) return;
  for (const what of ['gap', 'disk lost', 'disk kept', 'restart', 'snapshot needed', 'WAL anew']) {
    t.ok((tally.get(what) ?? 0) > 0, `${what} came up`);
  }
});
