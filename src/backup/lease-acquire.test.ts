/** Who may take a storage, and when. */
import t from 'tap';
import { encodeDocument } from './document.ts';
import { readHead } from './head.ts';
import { Lease, LeaseHeld } from './lease.ts';
import type { Head } from './manifest.ts';
import { headName } from './object-names.ts';
import { FaultyStorage, scriptedFaults } from './storage/faulty.ts';
import { headOf, holderOf, leaseRig } from './test/head-samples.ts';
import { MemoryStorage } from './test/memory-storage.ts';

const ours = holderOf('ours', 20, 'here');

/** What a former holder left, with a position of its own. */
const left = headOf({
  number: 41,
  term: 6,
  holder: holderOf('theirs', 10, 'there'),
  manifest: 3,
  chain: 5,
  sequence: 900,
  segment: 'wal/last',
  at: 77,
});

function storageWith(head: Head): MemoryStorage {
  const storage = new MemoryStorage();
  put(storage, head);
  return storage;
}

function put(storage: MemoryStorage, head: Head): void {
  storage.objects.set(headName(head.number), encodeDocument(head));
}

t.test('a storage that nobody ever took is taken at once', async (t) => {
  const storage = new MemoryStorage();
  const rig = leaseRig();
  const lease = await Lease.acquire(storage, ours, rig.options);
  t.strictSame(lease.head, headOf({ holder: ours, database: undefined }));
  t.strictSame(await readHead(storage, rig.options.signal), lease.head);
  t.equal(rig.waited(), 0);
});

t.test('one that was given back is taken at once, with its position', async (t) => {
  const rig = leaseRig();
  const lease = await Lease.acquire(storageWith({ ...left, state: 'stopped' }), ours, rig.options);
  t.strictSame(lease.head, { ...left, number: 42, term: 7, holder: ours });
  t.equal(rig.waited(), 0);
});

t.test('a dead process of this host is not waited for', async (t) => {
  const cases = [
    { pid: 10, isAlive: () => false, what: 'its number is gone' },
    { pid: ours.pid, isAlive: () => true, what: 'its number is ours' },
  ];
  for (const { pid, isAlive, what } of cases) {
    const rig = leaseRig({ isAlive });
    const storage = storageWith({ ...left, holder: holderOf('theirs', pid, 'here') });
    const lease = await Lease.acquire(storage, ours, rig.options);
    t.equal(lease.head.number, 42, what);
    t.equal(rig.waited(), 0, what);
  }
});

t.test('a holder of another host, or a living one of this host, is watched', async (t) => {
  const cases = [
    { holder: holderOf('theirs', ours.pid, 'there'), isAlive: () => false },
    { holder: holderOf('theirs', 10, 'here'), isAlive: () => true },
  ];
  for (const { holder, isAlive } of cases) {
    const rig = leaseRig({ isAlive });
    const lease = await Lease.acquire(storageWith({ ...left, holder }), ours, rig.options);
    t.strictSame(lease.head, { ...left, number: 42, term: 7, holder: ours });
    t.equal(rig.waited(), rig.options.ttlMs);
  }
});

t.test('who renews while it is watched keeps the storage', async (t) => {
  const storage = storageWith(left);
  const renew = (wait: number): void => {
    if (wait === 5) put(storage, { ...left, number: 42 });
  };
  const before = storage.names.length;
  await t.rejects(Lease.acquire(storage, ours, leaseRig({ onWait: renew }).options), {
    name: 'LeaseHeld',
    message:
      'memory is in use by process 10 on there, which was started at 2023-11-14T22:13:20.000Z: ' +
      'stop that server first, or give this one a storage of its own',
  });
  t.equal(storage.names.length, before + 1, 'nothing of ours was created');
});

t.test('who stops while it is watched is followed at once', async (t) => {
  const storage = storageWith(left);
  const stop = (): void => put(storage, { ...left, number: 42, state: 'stopped', sequence: 901 });
  const rig = leaseRig({ onWait: stop });
  const lease = await Lease.acquire(storage, ours, rig.options);
  t.match(lease.head, { number: 43, term: 7, sequence: 901, state: 'running' });
  t.equal(rig.waited(), rig.options.ttlMs / 5);
});

t.test('of two who take a storage at once, one succeeds', async (t) => {
  for (const storage of [new MemoryStorage(), storageWith({ ...left, state: 'stopped' })]) {
    const attempts = await Promise.allSettled(
      [1, 2, 3].map((pid) => Lease.acquire(storage, holderOf(`p${pid}`, pid), leaseRig().options)),
    );
    const [winner, ...others] = attempts.filter(({ status }) => status === 'fulfilled');
    t.ok(winner);
    t.same(others, []);
    const reasons = attempts.flatMap((one): unknown[] =>
      one.status === 'rejected' ? [one.reason] : [],
    );
    t.ok(reasons.every((reason) => reason instanceof LeaseHeld));
  }
});

t.test('a lost acknowledgement of the takeover is recognised', async (t) => {
  const inner = storageWith({ ...left, state: 'stopped' });
  const rig = leaseRig();
  const unanswered = scriptedFaults({ create: [{ kind: 'after', code: 'unavailable' }] });
  const first = Lease.acquire(new FaultyStorage(inner, unanswered), ours, rig.options);
  await t.rejects(first, { code: 'unavailable' });
  const again = await Lease.acquire(inner, ours, rig.options);
  t.match(again.head, { number: 42, term: 7 });
  t.same(inner.names, [headName(41), headName(42)]);
  t.equal(rig.waited(), 0);

  const answeredLate = scriptedFaults({ create: [{ kind: 'after', code: 'exists' }] });
  const other = storageWith({ ...left, state: 'stopped' });
  const lease = await Lease.acquire(new FaultyStorage(other, answeredLate), ours, rig.options);
  t.equal(lease.head.number, 42, 'a retry below us met what it had stored itself');
});

t.test('what fails behind the takeover does not lose the lease', async (t) => {
  const inner = storageWith({ ...left, state: 'stopped' });
  const faults = scriptedFaults({ list: [undefined, { kind: 'before', code: 'unavailable' }] });
  const lease = await Lease.acquire(new FaultyStorage(inner, faults), ours, leaseRig().options);
  t.equal(lease.head.number, 42);
});

t.test('an aborted signal ends the wait', async (t) => {
  const ending = new AbortController();
  const { options } = leaseRig();
  const { ttlMs, clock, isAlive } = options;
  const realTime = { ttlMs, clock, isAlive, signal: ending.signal };
  const attempt = Lease.acquire(storageWith(left), ours, realTime);
  setImmediate(() => ending.abort());
  await t.rejects(attempt, { name: 'AbortError' });
});
