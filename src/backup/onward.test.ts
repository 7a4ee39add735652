/** Where a process goes on, and what no chain may go on from. */
import t from 'tap';
import { Backlog } from './backlog.ts';
import { chainBehind, onwardFrom, remoteEndOf } from './onward.ts';
import { headOf } from './test/head-samples.ts';
import { chainAt, manifestOf, segmentOf, snapshotAt, timeOf } from './test/manifest-samples.ts';

const MANIFEST = manifestOf({ chains: [chainAt(1, 0, false), chainAt(2, 10)] });

/** The backlog of a storage that has nothing yet. @param ends of segments, the first begins at the first */
function backlogOf(run: number, ends: readonly number[], brokenAt?: number): Backlog {
  const parts = { run, sha256: 'ab'.repeat(32), bytes: 1, path: '' };
  const segments = ends
    .slice(1)
    .map((to, index) => ({ ...parts, from: ends[index] ?? 0, to, at: timeOf(to) }));
  const sequence = ends.at(-1) ?? 0;
  return new Backlog({
    segments,
    position: { database: 'db', run, sequence, wal: undefined, brokenAt },
  });
}

function endOf(chain: number, sequence: number, ...spans: readonly [number, number][]) {
  const head = headOf({ chain, sequence, at: timeOf(sequence) });
  return remoteEndOf(
    head,
    MANIFEST,
    spans.map(([from, to]) => segmentOf(chain, from, to)),
  );
}

t.test('a storage leads as far as the segments behind its head', async (t) => {
  t.match(endOf(2, 14, [10, 14]), { sequence: 14, at: timeOf(14), segmentsTo: 14 });
  const beyond = endOf(2, 14, [10, 14], [14, 17], [18, 19]);
  t.match(beyond, { sequence: 17, at: timeOf(17), segmentsTo: 17 }, 'no head told of the last one');
});

t.test('the object that ends there proves which history it is', async (t) => {
  const first = segmentOf(2, 10, 14, 'a');
  const second = segmentOf(2, 14, 17, 'b');
  const snapshot = snapshotAt(14);
  const manifest = { ...MANIFEST, snapshots: [snapshot] };
  const head = headOf({ chain: 2, sequence: 14 });
  t.equal(remoteEndOf(head, manifest, []).proof, snapshot.sha256);
  t.equal(remoteEndOf(head, MANIFEST, []).proof, undefined, 'it is listed no more');
  t.equal(remoteEndOf({ ...head, segment: first.name }, manifest, []).proof, first.sha256);
  t.equal(remoteEndOf(head, manifest, [first, second]).proof, second.sha256);
});

t.test('a head at a snapshot leads further than the segments before it', async (t) => {
  t.match(endOf(2, 14, [10, 12]), { sequence: 14, at: timeOf(14), segmentsTo: 12 });
  t.match(endOf(2, 8), { sequence: 8, segmentsTo: 8 }, 'its chain begins beyond it');
  t.match(endOf(9, 14), { sequence: 14, segmentsTo: 14 }, 'its chain is listed no more');
});

t.test('a chain may begin inside its first segment', async (t) => {
  const end = endOf(2, 14, [8, 12], [12, 14]);
  t.match(end, { sequence: 14, segmentsTo: 14 });
  t.match(endOf(2, 14, [8, 12], [11, 14]), { segmentsTo: 12 }, 'no other may');
  t.match(endOf(2, 10), { sequence: 10, segmentsTo: 10 });
  const onward = { from: 10, continues: true };
  t.match(onwardFrom(backlogOf(1, [8, 12]), endOf(2, 10)), onward, 'nothing followed yet');
});

t.test('the chain continues where the segments end, else behind the snapshot', async (t) => {
  const end = endOf(2, 14, [10, 12]);
  t.match(onwardFrom(backlogOf(1, [10, 12, 15]), end), { from: 12, continues: true });
  t.match(onwardFrom(backlogOf(1, [13, 16]), end), { from: 13, continues: false, sequence: 14 });
  t.equal(onwardFrom(backlogOf(1, [15, 16]), end), undefined);
  t.equal(onwardFrom(backlogOf(2, [14, 16], 14), end), undefined, 'other content of one number');
});

t.test('behind a snapshot the chain that is being shipped goes on', async (t) => {
  const backlog = backlogOf(1, [0, 4, 8]);
  backlog.moveTo({ run: 1, sequence: 4 });
  t.same(chainBehind(backlog, { run: 1, sequence: 6 }, false), { from: 4, continues: true });
  t.same(chainBehind(backlog, { run: 1, sequence: 6 }, true), { from: 6, continues: false });
});

t.test('a snapshot whose segments are gone opens no chain', async (t) => {
  const dropped = backlogOf(1, [0, 4, 8]);
  dropped.drop();
  t.equal(chainBehind(dropped, { run: 1, sequence: 6 }, true), undefined);
  t.same(chainBehind(dropped, { run: 1, sequence: 8 }, true), { from: 8, continues: false });
});

t.test('nor does one of a run that has ended, or from before this one began', async (t) => {
  const backlog = backlogOf(2, [7, 9], 7);
  backlog.moveTo({ run: 1, sequence: 5 });
  t.same(chainBehind(backlog, { run: 2, sequence: 8 }, false), { from: 8, continues: false });
  t.equal(chainBehind(backlog, { run: 2, sequence: 6 }, false), undefined);
  backlog.moveTo({ run: 2, sequence: 9 });
  t.equal(chainBehind(backlog, { run: 1, sequence: 6 }, false), undefined);
});
