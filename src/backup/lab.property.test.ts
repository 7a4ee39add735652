/**
 * Random lives of a server with its backup: every position that a storage claims restores to exactly
 * the content of that commit, whatever came in between. A failure prints its seed;
 * SCIMLANE_BACKUP_SEED repeats it and makes it small, SCIMLANE_BACKUP_RUNS does more than CI.
 */
import { rmSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import { LabRun, type Tally } from './test/lab-run.ts';
import { steps } from './test/lab-steps.ts';

const RUNS = Number(process.env['SCIMLANE_BACKUP_RUNS'] ?? 25);
const SEED = process.env['SCIMLANE_BACKUP_SEED'];
const IN_CI = SEED === undefined && RUNS <= 25;
/** Lives that would begin later are left out: the machine may be slow. */
const DEADLINE = IN_CI ? Date.now() + 15_000 : Infinity;

t.setTimeout(IN_CI ? 120_000 : 24 * 60 * 60_000);

t.test('what the storages claim is restored exactly, after whatever happened', async (t) => {
  const folder = t.testdir();
  const tally: Tally = new Map();
  let runs = 0;
  const life = fc.asyncProperty(
    steps,
    fc.integer({ min: 1, max: 2 }),
    fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 1 }),
    async (steps, storages, chances) => {
      if (Date.now() > DEADLINE) return;
      runs += 1;
      const path = `${folder}/${runs}`;
      let chance = 0;
      const random = (): number => chances[chance++ % chances.length] ?? 0;
      const options = { storages, requestTimeoutMs: 300 };
      await new LabRun(path, options, tally, random).run(steps);
      rmSync(path, { recursive: true, force: true });
    },
  );
  await fc.assert(life, {
    numRuns: RUNS,
    ...(SEED === undefined ? { endOnFailure: true } : { seed: Number(SEED) }),
  });
  t.comment(`${runs} lives: ${JSON.stringify(Object.fromEntries(tally))}`);
  for (const what of ['gap', 'disk lost', 'disk kept', 'restart', 'snapshot needed', 'WAL anew']) {
    t.ok((tally.get(what) ?? 0) > 0, `${what} came up`);
  }
});
