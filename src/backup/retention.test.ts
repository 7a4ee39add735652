/** What retention keeps, drops and deletes, case by case. */
import t from 'tap';
import type { Manifest } from './manifest.ts';
import { planRetention, type RetentionPolicy } from './retention.ts';
import { chainAt, EPOCH, manifestOf, snapshotAt } from './test/manifest-samples.ts';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
/** Noon, so that days of the sample and of UTC are easy to tell. */
const NOW = Math.floor(EPOCH / DAY) * DAY + 100 * DAY + DAY / 2;

const policy: RetentionPolicy = {
  keepAllMs: DAY,
  keepDailyMs: 7 * DAY,
  keepLast: 3,
  windowMs: 7 * DAY,
  graceMs: HOUR,
};

/** Snapshots of these ages, each with the chain that begins at it; sequence = index + 1. */
function manifestOfAges(ages: readonly number[], changes: Partial<Manifest> = {}): Manifest {
  return manifestOf({
    snapshots: ages.map((age, index) => snapshotAt(index + 1, NOW - age)),
    chains: ages.map((_, index) => chainAt(index + 1, index + 1, index > 0)),
    ...changes,
  });
}

function kept(manifest: Manifest, changes: Partial<RetentionPolicy> = {}, now = NOW) {
  const plan = planRetention(manifest, now, { ...policy, ...changes });
  return {
    snapshots: plan.manifest.snapshots.map(({ sequence }) => sequence),
    chains: plan.manifest.chains.map(({ chain }) => chain),
    condemned: plan.manifest.condemned,
    deleteNow: plan.deleteNow,
  };
}

t.test('all of the last day stay, then the newest of each day', async (t) => {
  const ages = [60, 55, 40, 37, 36.5, 30, 23, 12, 0.1].map((hours) => hours * HOUR);
  t.same(kept(manifestOfAges(ages)).snapshots, [1, 5, 7, 8, 9], 'and the oldest');
  t.same(kept(manifestOfAges(ages)).chains, [1, 2, 3, 4, 5, 6, 7, 8, 9], 'with every segment');
});

t.test('before the window, one snapshot reaches its beginning and one is extra', async (t) => {
  const days = [12, 11, 10, 9, 8, 6.9, 5, 3, 1, 0.5].map((age) => age * DAY);
  const { snapshots, chains, condemned, deleteNow } = kept(manifestOfAges(days));
  t.same(snapshots, [4, 5, 6, 7, 8, 9, 10]);
  t.same(chains, [4, 5, 6, 7, 8, 9, 10]);
  t.same(
    condemned.map(({ name }) => name),
    [
      snapshotAt(1).name,
      snapshotAt(2).name,
      snapshotAt(3).name,
      'wal/00000001/',
      'wal/00000002/',
      'wal/00000003/',
    ],
  );
  t.ok(condemned.every(({ since }) => since === NOW));
  t.same(deleteNow, []);
});

t.test('the last ones stay whatever their age, with the segments between them', async (t) => {
  const days = [90, 80, 70, 60, 50, 40].map((age) => age * DAY);
  t.same(kept(manifestOfAges(days)).snapshots, [4, 5, 6]);
  t.same(kept(manifestOfAges(days)).chains, [4, 5, 6]);
  t.same(kept(manifestOfAges(days), { keepLast: 0 }).snapshots, [5, 6], 'never the newest');
});

t.test('a clock that jumps ahead leaves the last ones and what leads on', async (t) => {
  const manifest = manifestOfAges([5, 4, 3, 2, 1, 0].map((age) => age * HOUR));
  const { snapshots, chains, deleteNow } = kept(manifest, {}, NOW + 365 * DAY);
  t.same(snapshots, [4, 5, 6]);
  t.same(chains, [4, 5, 6]);
  t.same(deleteNow, []);
});

t.test('a clock that falls back drops nothing', async (t) => {
  const manifest = manifestOfAges([5, 4, 3, 2, 1, 0].map((age) => age * DAY));
  const { snapshots, chains } = kept(manifest, {}, NOW - 365 * DAY);
  t.same(snapshots, [1, 2, 3, 4, 5, 6]);
  t.same(chains, [1, 2, 3, 4, 5, 6]);
});

t.test('a snapshot with a time that lies ahead ages with those after it', async (t) => {
  const days = [12, 11, -300, 9, 8, 6, 5, 3].map((age) => age * DAY);
  t.same(kept(manifestOfAges(days)).snapshots, [4, 5, 6, 7, 8]);
  t.same(kept(manifestOfAges(days)).chains, [4, 5, 6, 7, 8]);
});

t.test('a snapshot that looks old behind young ones does not end the window', async (t) => {
  const days = [6, 5, 4, 300, 2, 1].map((age) => age * DAY);
  t.same(kept(manifestOfAges(days)).chains, [1, 2, 3, 4, 5, 6]);
});

t.test('the first snapshot behind a gap stays: nothing else leads on from there', async (t) => {
  const ages = [60, 40, 38, 37.5, 37, 36.5, 0.1].map((hours) => hours * HOUR);
  const manifest = manifestOfAges(ages);
  const chains = manifest.chains.map((chain) => ({ ...chain, continues: chain.chain !== 4 }));
  t.same(kept(manifest, { keepLast: 1 }).snapshots, [1, 6, 7]);
  t.same(kept({ ...manifest, chains }, { keepLast: 1 }).snapshots, [1, 4, 6, 7]);
});

t.test('without a snapshot every chain stays', async (t) => {
  t.same(kept(manifestOf({ chains: [chainAt(1, 0, false), chainAt(2, 5)] })).chains, [1, 2]);
});

t.test('of the log, the newest of each day stays', async (t) => {
  const hours = [8 * 24, 60, 40, 37, 20, 13, 12.5, 1, 0.5];
  const logSnapshots = hours.map((age, index) => snapshotAt(index + 1, NOW - age * HOUR));
  const { manifest } = planRetention(manifestOf({ logSnapshots }), NOW, policy);
  t.same(
    manifest.logSnapshots.map(({ sequence }) => sequence),
    [4, 7, 9],
  );
  t.equal(manifest.condemned.length, 6);
});

t.test('a condemned object is deleted when its grace time is over', async (t) => {
  const condemned = [
    { name: 'wal/00000001/', since: NOW - HOUR },
    { name: 'wal/00000002/', since: NOW - HOUR + 1 },
  ];
  const plan = kept(manifestOf({ condemned }));
  t.same(plan.deleteNow, ['wal/00000001/']);
  t.same(plan.condemned, [{ name: 'wal/00000002/', since: NOW - HOUR + 1 }]);
});

t.test('what leaves the lists now is not deleted now, even without a grace time', async (t) => {
  const days = [90, 80, 70, 60, 50, 40].map((age) => age * DAY);
  t.same(kept(manifestOfAges(days), { graceMs: 0 }).deleteNow, []);
});

t.test(
  'a condemned object with a time that lies ahead waits its grace time from now',
  async (t) => {
    const condemned = [{ name: 'wal/00000001/', since: NOW + 300 * DAY }];
    t.same(kept(manifestOf({ condemned })).condemned, [{ name: 'wal/00000001/', since: NOW }]);
  },
);

t.test('an object that was condemned and is listed again is not deleted', async (t) => {
  const condemned = [{ name: snapshotAt(1).name, since: 0 }];
  const plan = kept(manifestOfAges([HOUR], { condemned }));
  t.same(plan.deleteNow, []);
  t.same(plan.condemned, []);
});

t.test('a snapshot of before a gap is never kept without the one that leads on', async (t) => {
  const ages = [6, 5.8, 5.4, 5.2, 5].map((days) => days * DAY);
  const manifest = manifestOfAges(ages);
  const [first, second, ...others] = manifest.snapshots;
  const snapshots = [first, second && { ...second, sequence: 1 }, ...others].filter(isThere);
  const few = { keepAllMs: HOUR, keepDailyMs: HOUR, keepLast: 2 };
  t.same(kept({ ...manifest, snapshots }, few).snapshots, [1, 1, 4, 5]);
});

function isThere<T>(value: T | undefined): value is T {
  return value !== undefined;
}
