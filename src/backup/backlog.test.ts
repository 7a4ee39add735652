/** What one storage still lacks of the spool, and where only a snapshot leads on. */
import { writeFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { Backlog } from './backlog.ts';
import { Spool } from './spool.ts';

const HASH = 'ab'.repeat(32);

interface Runs {
  readonly run: number;
  /** Segments end at these, the first begins at the first. */
  readonly ends: readonly number[];
  readonly brokenAt?: number;
}

function spoolOf(t: Test, ...runs: readonly Runs[]): Spool {
  const spool = Spool.open(`${t.testdir()}/spool`);
  for (const { run, ends, brokenAt } of runs) {
    let from = ends[0] ?? 0;
    const position = { database: 'db', run, wal: undefined, brokenAt };
    spool.moveTo({ ...position, sequence: from });
    for (const to of ends.slice(1)) {
      const draft = spool.draftPath();
      writeFileSync(draft, 'x');
      const segment = { run, from, to, at: to, sha256: HASH, bytes: 1 };
      spool.add(draft, segment, { ...position, sequence: to });
      from = to;
    }
  }
  return spool;
}

function batchOf(backlog: Backlog, countMax = 16): string[] {
  return backlog.nextBatch(countMax).map(({ run, from, to }) => `${run}: ${from}-${to}`);
}

t.test('it brings the segments of its run, in order and so many at once', (t) => {
  const backlog = new Backlog(spoolOf(t, { run: 1, ends: [0, 2, 5, 9] }));
  backlog.moveTo({ run: 1, sequence: 0 });
  t.same(batchOf(backlog, 2), ['1: 0-2', '1: 2-5']);
  backlog.moveTo({ run: 1, sequence: 5 });
  t.same(batchOf(backlog, 2), ['1: 5-9']);
  t.equal(backlog.waiting().length, 1);
  backlog.moveTo({ run: 1, sequence: 9 });
  t.ok(backlog.isEmpty);
  t.end();
});

t.test('its place never moves back', (t) => {
  const backlog = new Backlog(spoolOf(t, { run: 2, ends: [0, 2, 5] }));
  t.ok(backlog.moveTo({ run: 2, sequence: 5 }));
  t.notOk(backlog.moveTo({ run: 2, sequence: 2 }));
  t.notOk(backlog.moveTo({ run: 1, sequence: 9 }));
  t.same(backlog.next, { run: 2, sequence: 5 });
  t.end();
});

t.test('behind a snapshot the first segment may begin before it, no other may', (t) => {
  const backlog = new Backlog(spoolOf(t, { run: 1, ends: [0, 4, 8] }));
  backlog.moveTo({ run: 1, sequence: 3 });
  t.same(batchOf(backlog), ['1: 0-4', '1: 4-8']);
  t.equal(backlog.beginBehind(3), 0);
  t.equal(backlog.firstBehind(3, 1), 0);
  t.end();
});

t.test('it never goes from one run into the next', (t) => {
  const backlog = new Backlog(
    spoolOf(t, { run: 1, ends: [0, 2] }, { run: 2, ends: [2, 3], brokenAt: 2 }),
  );
  backlog.moveTo({ run: 1, sequence: 0 });
  t.same(batchOf(backlog), ['1: 0-2']);
  t.ok(backlog.runEnded);
  backlog.moveTo({ run: 1, sequence: 2 });
  t.same(batchOf(backlog), []);
  t.notOk(backlog.isEmpty);
  t.end();
});

t.test('a run that began at a gap leads on from no storage that stood there', (t) => {
  const backlog = new Backlog(spoolOf(t, { run: 2, ends: [7, 9], brokenAt: 7 }));
  t.equal(backlog.beginBehind(7), undefined, 'the same number, perhaps other content');
  t.equal(backlog.beginBehind(6), undefined);
  t.equal(backlog.beginBehind(8), 7);
  t.equal(backlog.beginBehind(9), 9);
  t.equal(backlog.beginBehind(7, 8), 7, 'a snapshot of this run lies behind it');
  t.equal(new Backlog(spoolOf(t, { run: 2, ends: [7, 9] })).beginBehind(7), 7);
  t.end();
});

t.test('nothing leads on from a commit that the spool has not, or not any more', (t) => {
  const spool = spoolOf(t, { run: 1, ends: [4, 6, 8] });
  const backlog = new Backlog(spool);
  t.equal(backlog.beginBehind(3), undefined);
  t.equal(backlog.beginBehind(9), undefined);
  spool.removeWhere(({ from }) => from === 4);
  t.equal(backlog.beginBehind(5), undefined);
  t.equal(backlog.firstBehind(5, 1), 6, 'later than the snapshot: it leads nowhere');
  t.equal(new Backlog(Spool.open(`${t.testdir()}/empty`)).beginBehind(0), undefined);
  t.end();
});

t.test('a hole in the spool is seen, not waited at', (t) => {
  const spool = spoolOf(t, { run: 1, ends: [0, 2, 4] });
  const backlog = new Backlog(spool);
  backlog.moveTo({ run: 1, sequence: 0 });
  t.notOk(backlog.isBroken);
  spool.removeWhere(({ from }) => from === 0);
  t.ok(backlog.isBroken);
  backlog.moveTo({ run: 1, sequence: 4 });
  t.notOk(backlog.isBroken);
  t.end();
});

t.test('what is dropped is not held any more; what comes later is', (t) => {
  const spool = spoolOf(t, { run: 1, ends: [0, 2] });
  const backlog = new Backlog(spool);
  t.notOk(backlog.isEmpty);
  backlog.drop();
  t.ok(backlog.isEmpty);
  t.equal(backlog.firstBehind(1, 1), 2, 'a snapshot from before the drop does not lead on');
  t.equal(backlog.firstBehind(2, 1), 2);
  t.equal(backlog.firstBehind(2, 9), 3, 'nor one of another run');
  t.end();
});
