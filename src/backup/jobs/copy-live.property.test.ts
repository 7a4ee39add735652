/**
 * A copy of a live database is the pinned commit, whatever was committed, checkpointed, shrunk or
 * begun anew before it and while it is made. Other cases: `test/support/property-runs.ts`.
 */
import { rmSync, statSync } from 'node:fs';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { propertyRuns } from '../../../test/support/property-runs.ts';
import { hashContents, readSequence } from '../../sqlite/contents.ts';
import { integrityProblem, openDetached, walProgress } from '../../sqlite/copy.ts';
import { openReader, type Connection } from '../../sqlite/open.ts';
import { copyLive } from './copy-live.ts';
import { LiveDatabase } from './test/live-database.ts';

type Step =
  | { readonly kind: 'add' | 'remove'; readonly rows: number }
  | { readonly kind: 'checkpoint'; readonly mode: 'PASSIVE' | 'RESTART' | 'TRUNCATE' }
  /** A reader that comes, and lets go of what it held before: checkpoints stop in the middle. */
  | { readonly kind: 'hold' }
  | { readonly kind: 'vacuum' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('add'), rows: fc.integer({ min: 1, max: 300 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('remove'), rows: fc.integer({ min: 1, max: 300 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('checkpoint'),
      mode: fc.constantFrom('PASSIVE', 'RESTART', 'TRUNCATE'),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'hold' }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'vacuum' }) },
);

/** A database that does one step after the other. */
class Busy {
  readonly live: LiveDatabase;
  #holder: Connection | undefined;

  constructor(t: Test) {
    this.live = new LiveDatabase(t);
    this.live.db.pragma('busy_timeout = 0');
  }

  take(step: Step): void {
    const { live } = this;
    switch (step.kind) {
      case 'add': {
        live.commit(step.rows);
        return;
      }
      case 'remove': {
        live.remove(step.rows);
        return;
      }
      case 'checkpoint':
        // Refused while a reader holds frames: then it has copied what it could.
        live.db.pragma(`wal_checkpoint(${step.mode})`);
        return;
      case 'hold': {
        this.#hold();
        return;
      }
      case 'vacuum':
        live.db.exec('VACUUM');
    }
  }

  letGo(): void {
    this.#holder?.close();
    this.#holder = undefined;
  }

  #hold(): void {
    const next = openReader(this.live.path);
    next.exec('BEGIN');
    readSequence(next);
    this.letGo();
    this.#holder = next;
  }
}

t.test('a copy is the pinned commit', async (t) => {
  const seen = { writtenOver: 0, whole: 0, later: 0, shorter: 0 };
  const copied = fc.asyncProperty(
    fc.array(step, { maxLength: 12 }),
    fc.array(step, { maxLength: 12 }),
    async (before, meanwhile) => {
      const busy = new Busy(t);
      const { live } = busy;
      const to = `${live.folder}/copy.db`;
      rmSync(to, { force: true });
      live.commit(500);
      for (const step of before) busy.take(step);
      const { frames, checkpointed } = walProgress(live.db);
      seen[checkpointed < frames ? 'writtenOver' : 'whole'] += 1;
      if (statSync(live.path).size > pagesOf(live.db) * 4096) seen.shorter += 1;

      let expected = '';
      let copying = true;
      const steps = meanwhile.values();
      const goOn = (): void => {
        const { value } = steps.next();
        if (!copying || value === undefined) return;
        busy.take(value);
        setImmediate(goOn);
      };
      const sequence = await copyLive({ path: live.path, handle: live.handle ?? -1 }, to, () => {
        expected = hashContents(live.db);
        goOn();
      });
      copying = false;
      if (live.sequence > sequence) seen.later += 1;

      const copy = openDetached(to);
      try {
        t.equal(integrityProblem(copy), undefined);
        t.equal(readSequence(copy), sequence);
        t.equal(hashContents(copy), expected);
        t.equal(statSync(to).size, pagesOf(copy) * 4096, 'it ends with its last page');
      } finally {
        copy.close();
        busy.letGo();
        live.close();
      }
    },
  );
  await fc.assert(copied, propertyRuns(t, { seed: 5, numRuns: 80 }));
  for (const [what, times] of Object.entries(seen)) t.ok(times > 0, `${what}: ${times} times`);
});

function pagesOf(db: Connection): number {
  return Number(db.pragma('page_count', { simple: true }));
}
