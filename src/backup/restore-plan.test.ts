/** Which way a plan takes, and what it says when there is none. */
import t from 'tap';
import type { Head, Manifest } from './manifest.ts';
import type { SegmentEntry } from './object-names.ts';
import {
  chainPrefixesFor,
  planRestore,
  restoreRanges,
  Unrestorable,
  type RestoreTarget,
} from './restore-plan.ts';
import { headOf } from './test/head-samples.ts';
import { chainAt, manifestOf, segmentOf, snapshotAt, timeOf } from './test/manifest-samples.ts';

/** Two snapshots, three chains; the second snapshot lies inside a segment, the head at 60. */
const manifest = manifestOf({
  snapshots: [snapshotAt(10), snapshotAt(35)],
  chains: [chainAt(1, 10, false), chainAt(2, 30), chainAt(4, 50)],
});
const segments = [
  segmentOf(1, 10, 20),
  segmentOf(1, 20, 30),
  segmentOf(2, 30, 40),
  segmentOf(2, 40, 50),
  segmentOf(4, 50, 60),
];
const head = headOf({
  manifest: 1,
  chain: 4,
  sequence: 60,
  segment: segments[4]?.name,
  at: timeOf(60),
});

function planned(
  target: RestoreTarget = {},
  changes: { head?: Head; manifest?: Manifest; segments?: readonly SegmentEntry[] } = {},
  excludeSnapshots: readonly string[] = [],
) {
  const given = { head, manifest, segments, ...changes };
  const plan = planRestore(given.head, given.manifest, given.segments, target, {
    excludeSnapshots,
  });
  const spans = plan.segments.map(({ from, to }) => [from, to]);
  return { snapshot: plan.snapshot.sequence, spans, sequence: plan.sequence, at: plan.at };
}

function without(from: number): SegmentEntry[] {
  return segments.filter((segment) => segment.from !== from);
}

t.test('the newest snapshot and what follows, the first segment from before it', async (t) => {
  t.same(planned(), {
    snapshot: 35,
    spans: [
      [30, 40],
      [40, 50],
      [50, 60],
    ],
    sequence: 60,
    at: timeOf(60),
  });
});

t.test('of two snapshots of one commit the last counts, and none stands in for it', async (t) => {
  const [before, after] = [snapshotAt(35), { ...snapshotAt(35, timeOf(37)), name: 'snapshots/2' }];
  const twice = { ...manifest, snapshots: [snapshotAt(10), before, after] };
  const nameFor = (target: RestoreTarget) =>
    planRestore(head, twice, segments, target).snapshot.name;
  t.equal(nameFor({}), after.name);
  t.equal(nameFor({ sequence: 35 }), after.name);
  t.equal(nameFor({ time: timeOf(36) }), before.name, 'a moment in between');
  t.equal(nameFor({ time: timeOf(37) }), after.name);
  t.equal(nameFor({ time: timeOf(50) }), after.name);
  t.match(planned({}, { manifest: twice }, [after.name]), { snapshot: 10, sequence: 60 });
});

t.test('a target between two positions means the one before it', async (t) => {
  t.match(planned({ sequence: 49 }), { snapshot: 35, sequence: 40, at: timeOf(40) });
  t.match(planned({ time: timeOf(50) - 1 }), { snapshot: 35, sequence: 40 });
  t.match(planned({ time: timeOf(50) }), { sequence: 50 });
  t.match(planned({ sequence: 39 }), { snapshot: 35, spans: [], sequence: 35 });
  t.match(planned({ sequence: 34 }), {
    snapshot: 10,
    spans: [
      [10, 20],
      [20, 30],
    ],
    sequence: 30,
  });
  t.match(planned({ time: timeOf(1000) }), { sequence: 60 });
  t.throws(() => planned({ sequence: 1000 }), {
    name: 'Unrestorable',
    message: 'commit 1000 is not stored: the newest one that is, is 60',
  });
  t.match(planned({ sequence: 50, time: timeOf(20) }), { sequence: 20 });
});

t.test('segments stored before a head told of them count when they follow', async (t) => {
  const onward = segmentOf(4, 60, 70);
  const apart = segmentOf(4, 80, 90);
  t.match(planned({}, { segments: [...segments, onward, apart] }), { sequence: 70 });
  t.match(planned({}, { segments: [...segments, apart] }), { sequence: 60 });
});

t.test('segments of a process that had lost the lease do not count', async (t) => {
  const late = [segmentOf(2, 50, 55, 'f'), segmentOf(2, 55, 65, 'f'), segmentOf(3, 60, 70, 'f')];
  t.match(planned({}, { segments: [...late, ...segments] }), { sequence: 60 });
  t.match(planned({ sequence: 57 }, { segments: [...late, ...segments] }), { sequence: 50 });
});

t.test('a missing segment is named by what it follows, the last one by its name', async (t) => {
  const problem = (target: RestoreTarget, from: number): string => {
    try {
      planned(target, { segments: without(from) });
      return 'it was planned';
    } catch (error) {
      if (!(error instanceof Unrestorable)) throw error;
      return error.message;
    }
  };
  const follows40 = 'the segment that follows commit 40 in wal/00000002/ is missing';
  t.equal(problem({}, 40), `commit 60 cannot be restored: ${follows40}`);
  t.equal(problem({ sequence: 50 }, 40), `commit 50 cannot be restored: ${follows40}`);
  t.equal(problem({ sequence: 49 }, 40), `commit 49 cannot be restored: ${follows40}`);
  t.equal(
    problem({ time: timeOf(49) }, 40),
    `2023-11-14T22:14:09.000Z cannot be restored: ${follows40}`,
  );
  t.equal(problem({}, 50), `the newest position cannot be restored: ${head.segment} is missing`);
  t.match(planned({ sequence: 40 }, { segments: without(40) }), { sequence: 40 });
});

t.test('a gap is not stepped over, even when the numbers would fit', async (t) => {
  const gap = {
    ...manifest,
    chains: [chainAt(1, 10, false), chainAt(2, 30, false), chainAt(4, 50)],
  };
  t.match(planned({ sequence: 30 }, { manifest: gap }), { snapshot: 10, sequence: 30 });
  t.throws(
    () => planned({}, { manifest: gap }, [snapshotAt(35).name]),
    /commit 60 cannot be restored without snapshots\/0{14}35-.*: chain 2 begins anew at commit 30, and nothing leads there from commit 30/,
  );
  t.match(planned({}, { manifest: gap }), { snapshot: 35, sequence: 60 });
});

t.test('what follows a gap that no snapshot bridges is not counted', async (t) => {
  const gap = { ...manifest, chains: [...manifest.chains, chainAt(5, 60, false)] };
  const behind = { head: { ...head, chain: 5 }, segments: [...segments, segmentOf(5, 60, 70)] };
  t.match(planned({}, { manifest: gap, ...behind }), { sequence: 60 });
});

t.test('a chain that begins before its predecessor leaves nothing of that one', async (t) => {
  const chains = [chainAt(1, 10, false), chainAt(2, 50, false), chainAt(3, 30)];
  const anew = [...segments.slice(0, 2), segmentOf(2, 30, 55, 'f'), segmentOf(3, 30, 60)];
  const given = { manifest: { ...manifest, chains }, segments: anew };
  t.match(planned({ sequence: 30 }, given), {
    spans: [
      [10, 20],
      [20, 30],
    ],
  });
  const from35 = planned({}, { ...given, head: { ...head, chain: 3, segment: undefined } });
  t.match(from35, { snapshot: 35, spans: [[30, 60]], sequence: 60 });
});

t.test('a time in a gap is refused: what was true then is not known', async (t) => {
  const gap = {
    ...manifest,
    chains: [chainAt(1, 10, false), chainAt(2, 33, false), chainAt(4, 50)],
  };
  const rest = segments.filter(({ from }) => from !== 30);
  const given = { manifest: gap, segments: [...rest, segmentOf(2, 33, 40)] };
  t.throws(
    () => planned({ time: timeOf(32) }, given),
    /^2023-11-14T22:13:52.000Z cannot be restored: chain 2 begins anew at commit 33, and nothing leads there from commit 30/,
  );
  t.match(planned({ time: timeOf(30) }, given), { sequence: 30 });
  t.match(planned({ time: timeOf(35) }, given), { snapshot: 35, sequence: 35 });
});

t.test('a damaged snapshot is gone around when segments lead to the same position', async (t) => {
  t.match(planned({}, {}, [snapshotAt(35).name]), { snapshot: 10, sequence: 60 });
  t.throws(
    () => planned({ sequence: 35 }, {}, [snapshotAt(35).name]),
    /commit 35 cannot be restored without/,
    'which is inside a segment: a position nearby is not what was asked for',
  );
  const all = [snapshotAt(10).name, snapshotAt(35).name];
  t.throws(() => planned({}, {}, all), /there is no snapshot at or before commit 60 but snapshots/);
});

t.test('two objects that claim the same commits are both named', async (t) => {
  const rival = segmentOf(2, 40, 50, 'f');
  const plan = () => planned({}, { segments: [...segments, rival] });
  t.throws(plan, /both claim the commits after 40/);
  t.throws(
    plan,
    new RegExp(
      `${rival.name}.*${segments[3]?.name ?? ''}|${segments[3]?.name ?? ''}.*${rival.name}`,
    ),
  );
});

t.test('what is older than everything stored is refused', async (t) => {
  t.throws(
    () => planned({ sequence: 9 }),
    /^nothing is stored that is as old as commit 9; the oldest is the snapshot of commit 10, 2023/,
  );
  t.throws(() => planned({}, { manifest: manifestOf(), segments: [] }), /no snapshot is listed/);
});

t.test('a head and a manifest that do not belong together are refused', async (t) => {
  t.throws(() => planned({}, { manifest: { ...manifest, number: 2 } }), /head 1 puts manifest 1/);
  t.throws(() => planned({}, { manifest: { ...manifest, database: 'x' } }), /database x/);
});

t.test('the chains to list are those that reach beyond the snapshot', async (t) => {
  t.same(chainPrefixesFor(manifest, 10), ['wal/00000001/', 'wal/00000002/', 'wal/00000004/']);
  t.same(chainPrefixesFor(manifest, 30), ['wal/00000002/', 'wal/00000004/']);
  t.same(chainPrefixesFor(manifest, 1000), ['wal/00000004/']);
});

t.test('a range joins what segments connect', async (t) => {
  const [only, ...others] = restoreRanges('memory', head, manifest);
  t.same(others, []);
  t.strictSame(only, {
    storage: 'memory',
    fromSequence: 10,
    toSequence: 60,
    fromTime: timeOf(10),
    toTime: timeOf(60),
    continuous: true,
  });
  const spans = restoreRanges('memory', head, manifest, without(20)).map((range) => [
    range.fromSequence,
    range.toSequence,
    range.continuous,
  ]);
  t.same(spans, [
    [10, 20, true],
    [35, 60, true],
  ]);
});

t.test('what is on its way behind a snapshot is not claimed', async (t) => {
  const ahead = { ...head, sequence: 70, segment: undefined, at: timeOf(70) };
  const snapshots = [...manifest.snapshots, snapshotAt(70)];
  const ranges = restoreRanges('memory', ahead, { ...manifest, snapshots });
  t.same(
    ranges.map(({ fromSequence, toSequence, continuous }) => [
      fromSequence,
      toSequence,
      continuous,
    ]),
    [
      [10, 50, true],
      [70, 70, false],
    ],
  );
});

t.test('snapshots whose segments were deleted stand alone', async (t) => {
  const thinned = { ...manifest, chains: manifest.chains.slice(1) };
  const spans = restoreRanges('memory', head, thinned).map((range) => [
    range.fromSequence,
    range.toSequence,
  ]);
  t.same(spans, [
    [10, 10],
    [35, 60],
  ]);
  t.match(planned({ sequence: 10 }, { manifest: thinned }), { snapshot: 10, sequence: 10 });
  t.throws(
    () => planned({ sequence: 20 }, { manifest: thinned }),
    /chain 2 begins anew at commit 30, and nothing leads there from commit 10/,
  );
});
