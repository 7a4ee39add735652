/**
 * A disk that another server has overtaken: the operator's word counts until it is carried out, also
 * when the start that was to carry it out was killed.
 */
import t, { type Test } from 'tap';
import { createUser } from '../../test/support/lab-commands.ts';
import { HolderRecord } from './holder-record.ts';
import type { Jobs } from './jobs/client.ts';
import { Lease } from './lease.ts';
import type { PrepareParts } from './prepare.ts';
import { Lab, type LabServer } from './test/lab.ts';

/** A start that knows who was on its disk. */
function start(lab: Lab, id: string, changes: Partial<PrepareParts> = {}): Promise<LabServer> {
  const record = new HolderRecord(`${lab.databasePath}.holders.json`, id);
  const holder = { id, host: 'lab', pid: 1, startedAt: 0 };
  return lab.start({
    wasHere: (holderId) => record.wasHere(holderId),
    setOwnHere: (isHere) => record.setOwnHere(isHere),
    acquire: (storage, signal, mayFollow) =>
      Lease.acquire(storage, holder, {
        ttlMs: 1000,
        signal,
        clock: lab.clock,
        isAlive: () => true,
        mayFollow,
      }),
    ...changes,
  });
}

function commit(server: LabServer, ...ids: string[]): void {
  for (const id of ids) server.writer.commit([createUser(id)]);
}

/** A process that is killed when it has taken the storage and not yet built anything. */
function killedWhileBuilding(jobs: Jobs): Jobs {
  return {
    takeSnapshot: (...args) => jobs.takeSnapshot(...args),
    takeLogSnapshot: (...args) => jobs.takeLogSnapshot(...args),
    inspectDatabase: (...args) => jobs.inspectDatabase(...args),
    buildDatabase: () => Promise.reject(new Error('the process is killed here')),
    close: () => jobs.close(),
  };
}

/** A disk at commit 6, four of them its own; the storage is at 4, two of them another server's. */
async function overtaken(t: Test): Promise<{ lab: Lab; hash: string }> {
  const folder = t.testdir();
  const lab = new Lab(folder);
  const first = await start(lab, 'first');
  commit(first, 'shared-1', 'shared-2');
  await first.snapshot();
  await first.ship();
  commit(first, 'mine-3', 'mine-4', 'mine-5', 'mine-6');
  await first.kill({ disk: 'kept' });

  const elsewhere = new Lab(folder);
  for (let disk = 0; disk < 9; disk += 1) elsewhere.loseDisk();
  const other = await start(elsewhere, 'other');
  commit(other, 'theirs-4');
  await other.ship();
  const hash = other.writer.contentHash();
  await other.kill({ disk: 'lost' });
  return { lab, hash };
}

t.test('a restore that was killed leaves the disk overtaken', async (t) => {
  const { lab, hash } = await overtaken(t);
  const jobs = killedWhileBuilding(lab.jobs);
  await t.rejects(start(lab, 'second', { remoteAhead: 'restore', jobs }), /killed here/);
  await t.rejects(start(lab, 'third'), {
    name: 'StartRefused',
    message: /was last used by process 1 on lab, which did not run on this disk/,
  });
  const fourth = await start(lab, 'fourth', { remoteAhead: 'restore' });
  t.equal(fourth.start.choice, 'restored');
  t.equal(fourth.writer.restoredHash(), hash);
  await fourth.stop({ flush: true });
  const fifth = await start(lab, 'fifth');
  t.equal(fifth.start.choice, 'local');
  await fifth.kill({ disk: 'lost' });
});

t.test('a disk that only took its own storage again is not refused', async (t) => {
  const lab = new Lab(t.testdir());
  const first = await start(lab, 'first');
  commit(first, 'one');
  await first.snapshot();
  await first.stop({ flush: true });
  const second = await start(lab, 'second');
  // Killed before it has done anything but take the storage.
  await second.kill({ disk: 'kept' });
  const third = await start(lab, 'third');
  t.equal(third.start.choice, 'local');
  await third.kill({ disk: 'lost' });
});
