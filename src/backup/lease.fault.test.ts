/** A storage that answers a publish of the lease too late, or never. */
import t from 'tap';
import { readHead } from './head.ts';
import { Lease } from './lease.ts';
import { FaultyStorage, type Fault } from './storage/faulty.ts';
import type { ObjectContent } from './storage/storage.ts';
import { holderOf, leaseRig } from './test/head-samples.ts';
import { MemoryStorage } from './test/memory-storage.ts';

const { signal } = new AbortController();

async function leaseOn(next: () => Fault | undefined): Promise<{
  lease: Lease;
  memory: MemoryStorage;
}> {
  const memory = new MemoryStorage();
  const storage = new FaultyStorage(memory, {
    next: (operation) => (operation === 'create' ? next() : undefined),
  });
  const lease = await Lease.acquire(storage, holderOf('a', 1), leaseRig().options);
  return { lease, memory };
}

/** The request is under way. */
function begun(): Promise<unknown> {
  return new Promise(setImmediate);
}

t.test('a publish that never answers does not keep the next one waiting', async (t) => {
  const faults: Fault[] = [];
  const { lease, memory } = await leaseOn(() => faults.shift());
  faults.push({ kind: 'deaf' });
  const leaving = new AbortController();
  const left = lease.publish({ sequence: 1 }, leaving.signal);
  const next = lease.publish({ sequence: 2 }, signal);
  await begun();
  leaving.abort(new Error('its time is over'));
  await t.rejects(left, { message: 'its time is over' });
  t.equal((await next).sequence, 2);
  t.equal((await readHead(memory, signal))?.sequence, 2);
});

/** Hears no signal, and takes its time for one create. */
class LateStorage extends MemoryStorage {
  until: Promise<unknown> | undefined;

  override async create(name: string, content: ObjectContent): Promise<void> {
    const { until } = this;
    this.until = undefined;
    await until;
    await super.create(name, content, signal);
  }

  override read(name: string): AsyncIterable<Uint8Array> {
    return super.read(name, { signal });
  }
}

t.test('an answer that comes late does not set the head back', async (t) => {
  const storage = new LateStorage();
  const { promise: until, resolve: answer } = Promise.withResolvers<undefined>();
  const lease = await Lease.acquire(storage, holderOf('a', 1), leaseRig().options);
  storage.until = until;
  const leaving = new AbortController();
  const late = lease.publish({ sequence: 1 }, leaving.signal);
  await begun();
  leaving.abort();
  await t.rejects(late);
  for (let sequence = 2; sequence < 9; sequence += 1) await lease.publish({ sequence }, signal);
  const { number } = lease.head;
  answer(undefined);
  await begun();
  t.equal(lease.head.number, number);
  const head = await lease.publish({ sequence: 9 }, signal);
  t.equal(head.number, number + 1);
  t.same(await readHead(storage, signal), head, 'it is the newest');
});
