/** A process that lost its lease learns it at its next head, however late that comes. */
import fc from 'fast-check';
import t from 'tap';
import { encodeDocument } from './document.ts';
import { readHead } from './head.ts';
import { Fenced, Lease } from './lease.ts';
import type { Head, Holder } from './manifest.ts';
import { headName } from './object-names.ts';
import { FaultyStorage, scriptedFaults } from './storage/faulty.ts';
import { StorageError } from './storage/storage.ts';
import { headOf, holderOf, leaseRig } from './test/head-samples.ts';
import { MemoryStorage } from './test/memory-storage.ts';

const { signal } = new AbortController();
const slow = holderOf('slow', 10, 'there');
const next = holderOf('next', 20, 'here');

t.test('a process that was only slow is fenced for good', async (t) => {
  const storage = new MemoryStorage();
  const rig = leaseRig();
  const lease = await Lease.acquire(storage, slow, rig.options);
  const successor = await Lease.acquire(storage, next, rig.options);
  await t.rejects(lease.publish({ sequence: 1 }, signal), {
    name: 'Fenced',
    message: /^memory was taken over by process 20 on here: /,
  });
  await t.rejects(lease.publish({ sequence: 1 }, signal), Fenced);
  rig.advance(rig.options.ttlMs);
  await t.rejects(lease.renew(signal), Fenced);
  await t.rejects(lease.release(signal), Fenced);
  t.strictSame(await readHead(storage, signal), successor.head);
});

t.test('also when its successor has cleaned up behind itself', async (t) => {
  const storage = new MemoryStorage();
  const rig = leaseRig();
  const lease = await Lease.acquire(storage, slow, rig.options);
  await lease.publish({ sequence: 1 }, signal);
  const successor = await Lease.acquire(storage, next, rig.options);
  for (let sequence = 2; sequence < 20; sequence += 1) {
    await successor.publish({ sequence }, signal);
  }
  await t.rejects(lease.publish({ sequence: 2 }, signal), Fenced);
});

t.test('also when the answer to its last head was lost', async (t) => {
  const inner = new MemoryStorage();
  const rig = leaseRig();
  const faults = scriptedFaults({ create: [undefined, { kind: 'after', code: 'unavailable' }] });
  const lease = await Lease.acquire(new FaultyStorage(inner, faults), slow, rig.options);
  await t.rejects(lease.publish({ sequence: 7 }, signal), { code: 'unavailable' });
  const successor = await Lease.acquire(inner, next, rig.options);
  t.equal(successor.head.sequence, 7, 'it was in force');
  for (let count = 0; count < 9; count += 1) await successor.publish({ at: count }, signal);
  t.match(
    await lease.publish({ sequence: 7 }, signal),
    { sequence: 7 },
    'and that is what it hears',
  );
  await t.rejects(lease.publish({ sequence: 8 }, signal), Fenced);
});

t.test('also when so many came after it that the heads that fence it are gone', async (t) => {
  const storage = new MemoryStorage();
  const rig = leaseRig();
  const lease = await Lease.acquire(storage, slow, rig.options);
  const successor = await Lease.acquire(storage, next, rig.options);
  for (let count = 0; count < 5; count += 1) await successor.publish({ at: count }, signal);
  storage.objects.delete(headName(1));
  storage.objects.delete(headName(2));
  rig.advance(1);
  await t.rejects(lease.publish({ sequence: 8 }, signal), Fenced);
  t.strictSame(await readHead(storage, signal), successor.head);
});

t.test('traces of former holders are kept up to a bound', async (t) => {
  const storage = new MemoryStorage();
  for (let number = 1; number <= 1005; number += 1) {
    const head = headOf({ number, term: number, state: 'stopped' });
    storage.objects.set(headName(number), encodeDocument(head));
  }
  const lease = await Lease.acquire(storage, next, leaseRig().options);
  await lease.publish({ sequence: 1 }, signal);
  t.equal(storage.objects.size, 1001);
  t.equal(storage.names[0], headName(7));
});

interface Actor {
  readonly holder: Holder;
  lease: Lease | undefined;
}

/**
 * Actors on a storage that loses requests and answers. Every acknowledged publish must be in the
 * chain of heads that a later reader sees as its past: positions never go back.
 */
t.test('whatever is lost on the way, nobody publishes behind a successor', async (t) => {
  const steps = fc.array(
    fc.record({
      actor: fc.nat(2),
      act: fc.constantFrom('publish', 'publish', 'publish', 'publish', 'release', 'acquire'),
      fault: fc.constantFrom(undefined, undefined, undefined, 'before', 'after'),
    }),
    { minLength: 40, maxLength: 80 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (plan) => {
      const inner = new MemoryStorage();
      let fault: 'before' | 'after' | undefined;
      const storage = new FaultyStorage(inner, {
        next: (operation) => {
          if (operation !== 'create' || fault === undefined) return undefined;
          const kind = fault;
          fault = undefined;
          return { kind, code: 'unavailable' };
        },
      });
      const rig = leaseRig();
      const actors = [0, 1, 2].map((n): Actor => ({
        holder: holderOf(`p${n}`, n, `host${n}`),
        lease: undefined,
      }));
      let newest: Head | undefined;
      let sequence = 0;
      for (const { actor: index, act, fault: planned } of plan) {
        const actor = actors[index];
        if (actor === undefined) continue;
        fault = planned;
        try {
          if (act === 'acquire')
            actor.lease ??= await Lease.acquire(storage, actor.holder, rig.options);
          else if (act === 'release') {
            await actor.lease?.release(signal);
            actor.lease = undefined;
          } else if (actor.lease !== undefined) {
            sequence += 1;
            const head = await actor.lease.publish({ sequence }, signal);
            if (head.holder.id !== actor.holder.id) return false;
            // In force at its turn: nothing newer was published by another before.
            if (newest !== undefined && head.number <= newest.number) return false;
            newest = head;
          }
        } catch (error) {
          if (error instanceof Fenced) actor.lease = undefined;
          else if (!(error instanceof StorageError)) throw error;
        }
        const seen = await readHead(inner, signal);
        if (newest !== undefined && (seen === undefined || seen.number < newest.number))
          return false;
        if (newest !== undefined && seen !== undefined && seen.sequence < newest.sequence)
          return false;
      }
      return true;
    }),
    { numRuns: 60 },
  );
  t.pass();
});
