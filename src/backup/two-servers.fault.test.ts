/** Two processes on one storage: one works, the other hears of it, and nothing of the two is mixed. */
import t from 'tap';
import { Lab, type LabServer } from './test/lab.ts';
import { createUser } from '../../test/support/lab-commands.ts';
import { Lease } from './lease.ts';

function commit(server: LabServer, id: string): void {
  server.writer.commit([createUser(id, 500)]);
}

t.test('the second is refused while the first renews its lease', async (t) => {
  const folder = t.testdir();
  const lab = new Lab(folder);
  const first = await lab.start();
  await first.snapshot();
  const rival = new Lab(folder);
  rival.loseDisk();
  const holder = { id: 'rival', host: 'elsewhere', pid: 7, startedAt: 0 };
  const watched = rival.start({
    acquire: (storage, signal) =>
      Lease.acquire(storage, holder, {
        ttlMs: 30_000,
        signal,
        clock: rival.clock,
        isAlive: () => true,
        // While it watches, the first goes on.
        wait: async () => {
          commit(first, `user-${first.writer.sequence}`);
          await first.ship();
        },
      }),
  });
  await t.rejects(watched, {
    name: 'LeaseHeld',
    message: /is in use by process 1 on lab.*stop that server first/,
  });
  await first.kill({ disk: 'lost' });
});

t.test(
  'a first that was only slow is fenced, and what it stores late does not count',
  async (t) => {
    const folder = t.testdir();
    const lab = new Lab(folder);
    const [storage] = lab.storages;
    const slow = await lab.start();
    commit(slow, 'shared');
    await slow.snapshot();
    await slow.ship();

    // A process of the same host and number takes over at once: the first is taken for dead.
    const successor = new Lab(folder);
    successor.loseDisk();
    successor.clock.advance(1);
    const next = await successor.start({
      acquire: (storage, signal) =>
        Lease.acquire(
          storage,
          { id: 'successor', host: 'lab', pid: 1, startedAt: 1 },
          { ttlMs: 30_000, signal, clock: successor.clock, isAlive: () => true },
        ),
    });
    t.equal(next.start.choice, 'restored');
    commit(next, 'of-the-successor');
    await next.ship();
    const before = await storage?.names('wal/');

    commit(slow, 'late');
    await slow.ship();
    t.match(slow.fenced, [/was taken over by process 1 on lab: this process must stop writing/]);
    t.match(slow.fleet.statuses(), [{ state: 'fenced', sequence: 1 }]);
    t.equal((await storage?.names('wal/'))?.length, (before?.length ?? 0) + 1, 'it came too late');

    commit(next, 'and-another');
    await next.ship();
    const hash = next.writer.contentHash();
    await next.kill({ disk: 'lost' });
    await slow.kill({ disk: 'lost' });
    const third = await successor.start();
    t.equal(third.start.sequence, 4);
    t.equal(third.writer.restoredHash(), hash);
    await third.kill({ disk: 'lost' });
  },
);
