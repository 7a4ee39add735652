/** What a holder publishes, and how it renews and gives back. */
import t from 'tap';
import { readHead } from './head.ts';
import { Lease } from './lease.ts';
import { headName } from './object-names.ts';
import { FaultyStorage, scriptedFaults, type FaultPlan } from './storage/faulty.ts';
import { holderOf, leaseRig } from './test/head-samples.ts';
import { MemoryStorage } from './test/memory-storage.ts';

const holder = holderOf('ours', 20);

async function held(plan: FaultPlan = { next: () => undefined }) {
  const inner = new MemoryStorage();
  const rig = leaseRig();
  const storage = new FaultyStorage(inner, plan);
  const lease = await Lease.acquire(storage, holder, rig.options);
  return { inner, storage, lease, rig, signal: rig.options.signal };
}

/** Faults for creates from the nth on, the takeover being the first. */
function createFaults(
  ...faults: Parameters<typeof scriptedFaults>[0]['create'] & object
): FaultPlan {
  return scriptedFaults({ create: [undefined, ...faults] });
}

t.test('a publish changes what it names and leaves the rest', async (t) => {
  const { inner, lease, signal } = await held();
  const update = { database: 'db', manifest: 1, chain: 2, sequence: 30, segment: 'wal/x', at: 4 };
  const head = await lease.publish(update, signal);
  t.match(head, { ...update, number: 2, term: 1, holder, state: 'running' });
  t.strictSame(await readHead(inner, signal), head);
  t.strictSame(lease.head, head);
  t.match(await lease.publish({ sequence: 31 }, signal), { ...update, number: 3, sequence: 31 });
  const cleared = await lease.publish({ segment: undefined }, signal);
  t.equal(cleared.segment, undefined);
  t.equal(cleared.sequence, 31);
});

t.test('publishes queue up and none is lost', async (t) => {
  const { lease, signal } = await held();
  const sequences = [1, 2, 3, 4, 5];
  const heads = await Promise.all(sequences.map((sequence) => lease.publish({ sequence }, signal)));
  t.same(
    heads.map(({ number }) => number),
    [2, 3, 4, 5, 6],
  );
  t.same(
    heads.map(({ sequence }) => sequence),
    sequences,
  );
});

t.test('a publish whose answer was lost is not published twice', async (t) => {
  const { inner, lease, signal } = await held(createFaults({ kind: 'after', code: 'unavailable' }));
  await t.rejects(lease.publish({ sequence: 7 }, signal), { code: 'unavailable' });
  t.match(await lease.publish({ sequence: 7 }, signal), { number: 2, sequence: 7 });
  t.same(inner.names, [headName(1), headName(2)]);
});

t.test('another publish goes on from one whose answer was lost', async (t) => {
  const { lease, signal } = await held(createFaults({ kind: 'after', code: 'unavailable' }));
  await t.rejects(lease.publish({ sequence: 7, at: 1 }, signal), { code: 'unavailable' });
  const head = await lease.publish({ manifest: 2 }, signal);
  t.match(head, { number: 3, sequence: 7, at: 1, manifest: 2 });
});

t.test('a publish that was not stored can be repeated', async (t) => {
  const { lease, signal } = await held(createFaults({ kind: 'before', code: 'unavailable' }));
  await t.rejects(lease.publish({ sequence: 7 }, signal), { code: 'unavailable' });
  t.equal(lease.head.sequence, 0);
  t.match(await lease.publish({ sequence: 7 }, signal), { number: 2, sequence: 7 });
});

t.test('a failed publish does not stop those that wait behind it', async (t) => {
  const { lease, signal } = await held(createFaults({ kind: 'before', code: 'unavailable' }));
  const first = lease.publish({ sequence: 1 }, signal);
  const second = lease.publish({ sequence: 2 }, signal);
  await t.rejects(first, { code: 'unavailable' });
  t.match(await second, { number: 2, sequence: 2 });
});

t.test('a head is renewed when a third of the time is over, or the clock went back', async (t) => {
  const { lease, rig, signal } = await held();
  const { ttlMs } = rig.options;
  rig.advance(ttlMs / 3 - 1);
  await lease.renew(signal);
  t.equal(lease.head.number, 1);
  rig.advance(1);
  await lease.renew(signal);
  t.equal(lease.head.number, 2);
  rig.advance(-1);
  await lease.renew(signal);
  t.equal(lease.head.number, 3);
});

t.test('a publish renews as well', async (t) => {
  const { lease, rig, signal } = await held();
  rig.advance(rig.options.ttlMs / 2);
  await lease.publish({ sequence: 1 }, signal);
  await lease.renew(signal);
  t.equal(lease.head.number, 2);
});

t.test('a storage that is given back can be taken at once, and is given back once', async (t) => {
  const { inner, lease, rig, signal } = await held();
  await lease.publish({ sequence: 5 }, signal);
  await Promise.all([lease.release(signal), lease.release(signal)]);
  t.match(await readHead(inner, signal), { number: 3, state: 'stopped', sequence: 5 });
  await t.rejects(lease.publish({ sequence: 6 }, signal), /given back/);
  const next = await Lease.acquire(inner, holderOf('next', 21, 'there'), rig.options);
  t.match(next.head, { number: 4, term: 2, sequence: 5, state: 'running' });
});

t.test('a release whose answer was lost can be repeated', async (t) => {
  const { inner, lease, signal } = await held(createFaults({ kind: 'after', code: 'unavailable' }));
  await t.rejects(lease.release(signal), { code: 'unavailable' });
  await lease.release(signal);
  t.match(await readHead(inner, signal), { number: 2, state: 'stopped' });
});

t.test('old heads go, the last three and the one that took the storage stay', async (t) => {
  const { inner, lease, signal } = await held();
  for (let sequence = 1; sequence <= 9; sequence += 1) await lease.publish({ sequence }, signal);
  t.same(inner.names, [1, 8, 9, 10].map(headName));
});

t.test('a delete that fails harms nobody and is done later', async (t) => {
  const lost = { kind: 'before', code: 'unavailable' } as const;
  const { inner, lease, signal } = await held(scriptedFaults({ delete: [lost, lost] }));
  for (let sequence = 1; sequence <= 5; sequence += 1) await lease.publish({ sequence }, signal);
  t.ok(inner.names.includes(headName(2)));
  for (let sequence = 6; sequence <= 9; sequence += 1) await lease.publish({ sequence }, signal);
  t.same(inner.names, [1, 8, 9, 10].map(headName));
});
