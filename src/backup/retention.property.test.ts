/** Whatever the history and the clock, retention takes nothing away that it promises to keep. */
import fc from 'fast-check';
import t from 'tap';
import { propertyRuns } from '../../test/support/property-runs.ts';
import type { ChainEntry, Head, Manifest, SnapshotEntry } from './manifest.ts';
import { chainPrefix } from './object-names.ts';
import { restoreRanges } from './restore-plan.ts';
import { planRetention, type RetentionPolicy } from './retention.ts';
import { headOf } from './test/head-samples.ts';
import { EPOCH, manifestOf, snapshotAt } from './test/manifest-samples.ts';

const runs = (numRuns = 100) => propertyRuns(t, { seed: 1, numRuns });

const MINUTE = 60 * 1000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const policies: fc.Arbitrary<RetentionPolicy> = fc.record({
  keepAllMs: fc.integer({ min: 0, max: 2 * DAY }),
  keepDailyMs: fc.integer({ min: 0, max: 9 * DAY }),
  keepLast: fc.nat(12),
  windowMs: fc.integer({ min: 0, max: 9 * DAY }),
  graceMs: fc.integer({ min: 1, max: DAY }),
});

interface Event {
  readonly kind: 'snapshot' | 'chain' | 'gap';
  readonly minutes: number;
}

const events = fc.array(
  fc.record({
    kind: fc.constantFrom('snapshot', 'snapshot', 'snapshot', 'chain', 'gap' as const),
    minutes: fc.integer({ min: 1, max: 900 }),
  }),
  { minLength: 1, maxLength: 60, size: 'max' },
);

/** When the right clock shows commit n: there is one each minute. */
function commitTime(sequence: number): number {
  return EPOCH + sequence * MINUTE;
}

/**
 * A history as the shipper makes it: a chain begins with each snapshot and each process, and behind a
 * gap with the snapshot that bridges it.
 * @param clockOf what the clock shows at a commit
 */
function historyOf(
  list: readonly Event[],
  clockOf: (sequence: number) => number = commitTime,
): { manifest: Manifest; head: Head } {
  const snapshots: SnapshotEntry[] = [snapshotAt(1, clockOf(1))];
  const chains: ChainEntry[] = [{ chain: 1, from: 1, startedAt: clockOf(1), continues: false }];
  let sequence = 1;
  for (const { kind, minutes } of list) {
    sequence += minutes;
    const at = clockOf(sequence);
    if (kind !== 'chain') snapshots.push(snapshotAt(sequence, at));
    const chain = chains.length + 1;
    chains.push({ chain, from: sequence, startedAt: at, continues: kind !== 'gap' });
  }
  const position = { sequence: sequence + 5, at: clockOf(sequence + 5), segment: 'wal/last' };
  const head = headOf({ manifest: 1, chain: chains.length, ...position });
  return { manifest: manifestOf({ snapshots, chains }), head };
}

function retained(manifest: Manifest, now: number, policy: RetentionPolicy): Manifest {
  return { ...planRetention(manifest, now, policy).manifest, number: 1, createdAt: now };
}

function isRestorable(manifest: Manifest, head: Head, sequence: number): boolean {
  return restoreRanges('', head, manifest).some(
    (range) => range.fromSequence <= sequence && sequence <= range.toSequence,
  );
}

function namesOf({ snapshots, chains, logSnapshots }: Manifest): string[] {
  const named = [...snapshots, ...logSnapshots].map(({ name }) => name);
  return [...named, ...chains.map(({ chain }) => chainPrefix(chain))];
}

/** The clock shows anything at all. */
const wildTimes = fc.array(fc.nat(30 * 24 * 60), { minLength: 1, maxLength: 60 });

const wild = fc
  .record({ list: events, minutes: wildTimes, later: fc.integer({ min: -3, max: 30 }) })
  .map(({ list, minutes, later }) => {
    const clockOf = (sequence: number): number =>
      EPOCH + (minutes[sequence % minutes.length] ?? 0) * MINUTE;
    return { ...historyOf(list, clockOf), now: EPOCH + later * DAY };
  });

t.test('any second of the window that could be restored still can', async () => {
  fc.assert(
    fc.property(events, policies, fc.nat(5 * DAY), (list, policy, sinceMs) => {
      const { manifest, head } = historyOf(list);
      const now = head.at + sinceMs;
      const after = retained(manifest, now, policy);
      const begin = Math.floor((now - policy.windowMs - EPOCH) / MINUTE);
      for (let sequence = Math.max(begin, 1); sequence <= head.sequence; sequence += 7) {
        if (!isRestorable(manifest, head, sequence)) continue;
        if (!isRestorable(after, head, sequence)) throw new Error(`commit ${sequence}`);
      }
    }),
    runs(60),
  );
});

t.test('the way from the newest snapshot to the head stays, whatever the clock says', async () => {
  fc.assert(
    fc.property(wild, policies, ({ manifest, head, now }, policy) => {
      const after = retained(manifest, now, policy);
      const newest = manifest.snapshots.at(-1)?.sequence ?? 0;
      for (let sequence = newest; sequence <= head.sequence; sequence += 1) {
        if (!isRestorable(after, head, sequence)) throw new Error(`commit ${sequence}`);
      }
    }),
    runs(),
  );
});

t.test(
  'the last snapshots stay with all segments between them, whatever the clock says',
  async () => {
    fc.assert(
      fc.property(wild, policies, ({ manifest, head, now }, policy) => {
        const after = retained(manifest, now, policy);
        const last = manifest.snapshots.slice(-Math.max(policy.keepLast, 1));
        if (last.some((snapshot) => !after.snapshots.includes(snapshot))) return false;
        for (let sequence = last[0]?.sequence ?? 0; sequence <= head.sequence; sequence += 11) {
          const before = isRestorable(manifest, head, sequence);
          if (before && !isRestorable(after, head, sequence)) return false;
        }
        return true;
      }),
      runs(),
    );
  },
);

t.test('what is listed is not deleted, and nothing is invented', async () => {
  fc.assert(
    fc.property(wild, policies, fc.nat(2 * DAY), ({ manifest, now }, policy, laterMs) => {
      const first = retained(manifest, now, policy);
      const { manifest: second, deleteNow } = planRetention(first, now + laterMs, policy);
      const listed = new Set(namesOf(first));
      const condemned = new Set(first.condemned.map(({ name }) => name));
      if (deleteNow.some((name) => listed.has(name) || !condemned.has(name))) return false;
      const mentioned = [...namesOf({ ...first, ...second }), ...deleteNow];
      const known = [...mentioned, ...second.condemned.map(({ name }) => name)].sort();
      const all = [...listed, ...condemned].sort();
      return JSON.stringify(known) === JSON.stringify(all);
    }),
    runs(),
  );
});

/** The clock was ahead now and then, and is right now. */
const sometimesAhead = fc
  .record({ list: events, ahead: fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }) })
  .map(({ list, ahead }) => {
    const jump = (sequence: number): number => (ahead[sequence % ahead.length] ? 100 * DAY : 0);
    const history = historyOf(list, (sequence) => commitTime(sequence) + jump(sequence));
    return { ...history, now: commitTime(history.head.sequence) };
  });

/** The clock showed anything up to now. */
const wildPast = wild.map((history) => ({ ...history, now: EPOCH + 30 * DAY }));

t.test('applied again at the same time, it changes nothing', async () => {
  fc.assert(
    fc.property(fc.oneof(sometimesAhead, wildPast), policies, ({ manifest, now }, policy) => {
      const once = planRetention(manifest, now, policy).manifest;
      const twice = planRetention({ ...once, number: 1, createdAt: now }, now, policy);
      return (
        twice.deleteNow.length === 0 && JSON.stringify(twice.manifest) === JSON.stringify(once)
      );
    }),
    runs(200),
  );
});

t.test('times that lay ahead hold nothing back for long', async () => {
  fc.assert(
    fc.property(sometimesAhead, policies, ({ manifest, head, now }, policy) => {
      const { keepLast, keepAllMs, keepDailyMs, windowMs } = policy;
      const later = now + Math.max(keepAllMs, keepDailyMs, windowMs) + MINUTE;
      // The first one with a right time says how old those before it are at least.
      const right = [snapshotAt(head.sequence, now), snapshotAt(head.sequence + 1, later)];
      const snapshots = [...manifest.snapshots, ...right];
      const after = retained({ ...manifest, snapshots }, later, policy);
      const gaps = after.chains.filter(({ continues }) => !continues);
      return after.snapshots.length <= Math.max(keepLast, 1) + 2 + gaps.length;
    }),
    runs(),
  );
});

t.test('the number of snapshots is bounded', async () => {
  fc.assert(
    fc.property(wild, policies, ({ manifest, now }, policy) => {
      const { snapshots, chains } = retained(manifest, now, policy);
      const young = manifest.snapshots.filter(({ takenAt }) => takenAt >= now - policy.keepAllMs);
      const days = Math.ceil(policy.keepDailyMs / DAY) + 1;
      const gaps = chains.filter(({ continues }) => !continues);
      const base = 3;
      return (
        snapshots.length <= young.length + days + Math.max(policy.keepLast, 1) + base + gaps.length
      );
    }),
    runs(),
  );
});

t.test(
  'over weeks, everything that is dropped is deleted once, and lists stay short',
  async (t) => {
    const policy = {
      keepAllMs: DAY,
      keepDailyMs: 7 * DAY,
      keepLast: 20,
      windowMs: 7 * DAY,
      graceMs: HOUR,
    };
    let manifest = manifestOf();
    const deleted = new Set<string>();
    let created = 0;
    for (let sequence = 1; sequence < 40 * 24 * 60; sequence += 30) {
      const now = commitTime(sequence);
      const chain = (manifest.chains.at(-1)?.chain ?? 0) + 1;
      created += 2;
      const grown = {
        ...manifest,
        snapshots: [...manifest.snapshots, snapshotAt(sequence, now)],
        chains: [
          ...manifest.chains,
          { chain, from: sequence, startedAt: now, continues: chain > 1 },
        ],
      };
      const plan = planRetention(grown, now, policy);
      for (const name of plan.deleteNow) {
        if (deleted.has(name)) t.fail(`${name} is deleted twice`);
        deleted.add(name);
      }
      manifest = { ...grown, ...plan.manifest };
    }
    t.equal(deleted.size + manifest.condemned.length + namesOf(manifest).length, created);
    t.ok(manifest.condemned.length <= 12, `${manifest.condemned.length} condemned`);
    t.ok(manifest.snapshots.length <= 49 + 10, `${manifest.snapshots.length} snapshots`);
    const oldest = manifest.snapshots[0];
    t.ok((oldest?.takenAt ?? 0) > commitTime(32 * 24 * 60) - DAY);
  },
);
