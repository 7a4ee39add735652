/** Where a chain must not go on although the numbers fit, and where it must although they hardly do. */
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { readRemote } from './remote.ts';
import { restoreRanges } from './restore-plan.ts';
import type { RestoreRange } from './status.ts';
import { Lab, type LabServer } from './test/lab.ts';
import { checkClaims, History } from './test/lab-claims.ts';
import type { LabStorage } from './test/lab-storage.ts';
import { createUser } from '../../test/support/lab-commands.ts';

/** A lab and its first process, which has one commit and a snapshot of it. */
async function begin(t: Test): Promise<{ lab: Lab; history: History; first: LabServer }> {
  const lab = new Lab(t.testdir());
  const history = new History();
  const first = await lab.start();
  commit(first, history, 'ada');
  await first.snapshot();
  return { lab, history, first };
}

/** Commits, and remembers what the database holds then. */
function commit(server: LabServer, history: History, id: string): void {
  server.writer.commit([createUser(id, 2000)]);
  history.record(server.writer.sequence, server.writer.contentHash());
}

/** The commit with which a start raises the versions of what it has restored. */
function recordRaised(server: LabServer, history: History): void {
  history.record(server.writer.sequence, server.writer.contentHash());
}

async function claimsHold(lab: Lab, history: History): Promise<void> {
  for (const { sound } of lab.storages) {
    await checkClaims({
      storage: sound,
      history,
      jobs: lab.jobs,
      scratch: lab.folder,
      spoiled: false,
      random: () => 0,
      positionsMax: Infinity,
    });
  }
}

/** Segments do not come through for a while, snapshots do. */
function loseSegments(storage: LabStorage | undefined): void {
  const noSegment = { fault: { kind: 'before', code: 'unavailable' }, prefix: 'wal/' } as const;
  storage?.plan(...Array.from({ length: 500 }, () => noSegment));
}

async function rangesOf(storage: LabStorage | undefined): Promise<RestoreRange[]> {
  const remote = storage && (await readRemote(storage.sound, new AbortController().signal));
  return remote === undefined ? [] : restoreRanges('', remote.head, remote.manifest);
}

/** A write that no commit sequence counts: an operator's, or the migrations of a newer build. */
function writeUncounted(path: string): void {
  const db = new Database(path);
  db.exec('CREATE TABLE added (a); INSERT INTO added VALUES (1); VACUUM');
  db.close();
}

t.test('a write that no commit counts ends the chain, also across a restart', async (t) => {
  const { lab, history, first } = await begin(t);
  commit(first, history, 'bob');
  await first.ship();
  writeUncounted(lab.databasePath);
  history.record(2, first.writer.contentHash());
  await first.stop({ flush: true });

  const second = await lab.start();
  t.equal(second.start.choice, 'local');
  t.match(second.gaps, [/commits are missing between the spool and the write-ahead log/]);
  t.ok(second.shippers[0]?.needsSnapshot, 'the same number, but other pages');
  commit(second, history, 'cyd');
  await second.snapshot();
  commit(second, history, 'dan');
  await second.ship();
  await claimsHold(lab, history);
  await second.kill({ disk: 'lost' });
});

t.test('after a restored database was migrated, only a snapshot leads on', async (t) => {
  const { lab, history, first } = await begin(t);
  await first.kill({ disk: 'lost' });

  const second = await lab.start();
  t.equal(second.start.choice, 'restored');
  recordRaised(second, history);
  await second.stop({ flush: false });
  // What a newer build does before its first commit.
  const reader = new Database(lab.databasePath, { readonly: true });
  reader.prepare('SELECT 1 FROM state').get();
  writeUncounted(lab.databasePath);
  const third = await lab.start();
  reader.close();
  t.ok(third.shippers[0]?.needsSnapshot);
  history.record(2, third.writer.contentHash());
  commit(third, history, 'bob');
  await third.snapshot();
  await third.ship();
  await claimsHold(lab, history);
  await third.kill({ disk: 'lost' });
});

t.test('a snapshot listed ahead of its segments claims none that never came', async (t) => {
  const { lab, history, first } = await begin(t);
  const [storage] = lab.storages;
  loseSegments(storage);
  for (const id of ['bob', 'cyd', 'dan']) {
    commit(first, history, id);
    first.pass();
  }
  await first.snapshot();
  t.equal(first.shippers[0]?.sequence, 4);
  await first.kill({ disk: 'kept' });
  storage?.recover();

  const second = await lab.start();
  t.same(second.gaps, []);
  await second.ship();
  t.ok(second.shippers[0]?.caughtUp);
  await claimsHold(lab, history);
  const ranges = await rangesOf(storage);
  t.match(ranges, [{ fromSequence: 1, toSequence: 4 }], 'the spool still had the segments');
  await second.kill({ disk: 'lost' });
});

t.test(
  'when the segments before a snapshot are lost, the chain behind it is another',
  async (t) => {
    const { lab, history, first } = await begin(t);
    const [storage] = lab.storages;
    loseSegments(storage);
    commit(first, history, 'bob');
    first.pass();
    await first.snapshot();
    await first.kill({ disk: 'lost' });
    storage?.recover();

    const second = await lab.start();
    t.equal(second.start.sequence, 2);
    recordRaised(second, history);
    commit(second, history, 'cyd');
    await second.ship();
    t.ok(second.shippers[0]?.caughtUp, 'it leads on from the snapshot at once');
    await claimsHold(lab, history);
    t.match(
      await rangesOf(storage),
      [
        { fromSequence: 1, toSequence: 1 },
        { fromSequence: 2, toSequence: 4 },
      ],
      'commits in between are claimed by nobody',
    );
    await second.kill({ disk: 'lost' });
  },
);

t.test('a gap that the last pass finds is bridged by a snapshot before the end', async (t) => {
  const { lab, history, first: server } = await begin(t);
  writeUncounted(lab.databasePath);
  commit(server, history, 'bob');
  server.pass();
  t.notOk(server.shippers[0]?.caughtUp);
  t.ok(server.shippers[0]?.needsSnapshot, 'before the shipper has looked');
  await server.stop({ flush: true });
  lab.loseDisk();
  const next = await lab.start();
  t.equal(next.start.sequence, 2);
  await next.kill({ disk: 'lost' });
});

t.test('a snapshot listed after its backlog was given up leaves the chain as it was', async (t) => {
  const { lab, history, first } = await begin(t);
  const [storage] = lab.storages;
  const [shipper] = first.shippers;
  // It is listed a second time later, as one whose first listing had no answer.
  const snapshot = await first.snapshot();
  commit(first, history, 'bob');
  await first.ship();
  if (storage !== undefined) storage.outage = { kind: 'before', code: 'unavailable' };
  commit(first, history, 'cyd');
  first.pass();
  shipper?.dropBacklog();
  storage?.recover();
  await shipper?.list(snapshot, first.spooler.run, 'data');
  t.ok(shipper?.needsSnapshot, 'the segments behind it are gone');
  await claimsHold(lab, history);
  await first.kill({ disk: 'lost' });

  const second = await lab.start();
  t.equal(second.start.sequence, 2);
  history.forgetAfter(2);
  recordRaised(second, history);
  commit(second, history, 'dan');
  await second.ship();
  t.ok(second.shippers[0]?.caughtUp);
  await claimsHold(lab, history);
  const hash = second.writer.contentHash();
  await second.kill({ disk: 'lost' });
  const third = await lab.start();
  t.equal(third.writer.restoredHash(), hash, 'what was shipped since then can be restored');
  await third.kill({ disk: 'lost' });
});
