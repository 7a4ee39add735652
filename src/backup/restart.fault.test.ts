/** Where a chain must not go on although the numbers fit, and where it must although they hardly do. */
import Database from 'better-sqlite3';
import t from 'tap';
import { readRemote } from './remote.ts';
import { restoreRanges } from './restore-plan.ts';
import { Lab, type LabServer } from './test/lab.ts';
import { checkClaims, History } from './test/lab-claims.ts';
import { createUser } from '../../test/support/lab-commands.ts';

/** Commits, and remembers what the database holds then. */
function commit(server: LabServer, history: History, id: string): void {
  server.writer.commit([createUser(id, 2000)]);
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

/** A write that no commit sequence counts: an operator's, or the migrations of a newer build. */
function writeUncounted(path: string): void {
  const db = new Database(path);
  db.exec('CREATE TABLE added (a); INSERT INTO added VALUES (1); VACUUM');
  db.close();
}

t.test('a write that no commit counts ends the chain, also across a restart', async (t) => {
  const lab = new Lab(t.testdir());
  const history = new History();
  const first = await lab.start();
  commit(first, history, 'ada');
  await first.snapshot();
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
  const lab = new Lab(t.testdir());
  const history = new History();
  const first = await lab.start();
  commit(first, history, 'ada');
  await first.snapshot();
  await first.kill({ disk: 'lost' });

  const second = await lab.start();
  t.equal(second.start.choice, 'restored');
  await second.stop({ flush: false });
  // What a newer build does before its first commit.
  const reader = new Database(lab.databasePath, { readonly: true });
  reader.prepare('SELECT 1 FROM state').get();
  writeUncounted(lab.databasePath);
  const third = await lab.start();
  reader.close();
  t.ok(third.shippers[0]?.needsSnapshot);
  history.record(1, third.writer.contentHash());
  commit(third, history, 'bob');
  await third.snapshot();
  await third.ship();
  await claimsHold(lab, history);
  await third.kill({ disk: 'lost' });
});

t.test('a snapshot listed ahead of its segments claims none that never came', async (t) => {
  const lab = new Lab(t.testdir());
  const [storage] = lab.storages;
  const history = new History();
  const first = await lab.start();
  commit(first, history, 'ada');
  await first.snapshot();
  // Segments do not come through for a while, snapshots do.
  const noSegment = { fault: { kind: 'before', code: 'unavailable' }, prefix: 'wal/' } as const;
  storage?.plan(...Array.from({ length: 500 }, () => noSegment));
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
  const remote = storage && (await readRemote(storage.sound, new AbortController().signal));
  const ranges = remote && restoreRanges('', remote.head, remote.manifest);
  t.match(ranges, [{ fromSequence: 1, toSequence: 4 }], 'the spool still had the segments');
  await second.kill({ disk: 'lost' });
});

t.test(
  'when the segments before a snapshot are lost, the chain behind it is another',
  async (t) => {
    const lab = new Lab(t.testdir());
    const [storage] = lab.storages;
    const history = new History();
    const first = await lab.start();
    commit(first, history, 'ada');
    await first.snapshot();
    const noSegment = { fault: { kind: 'before', code: 'unavailable' }, prefix: 'wal/' } as const;
    storage?.plan(...Array.from({ length: 500 }, () => noSegment));
    commit(first, history, 'bob');
    first.pass();
    await first.snapshot();
    await first.kill({ disk: 'lost' });
    storage?.recover();

    const second = await lab.start();
    t.equal(second.writer.sequence, 2);
    commit(second, history, 'cyd');
    await second.ship();
    t.ok(second.shippers[0]?.caughtUp, 'it leads on from the snapshot at once');
    await claimsHold(lab, history);
    const remote = storage && (await readRemote(storage.sound, new AbortController().signal));
    t.match(
      remote && restoreRanges('', remote.head, remote.manifest),
      [
        { fromSequence: 1, toSequence: 1 },
        { fromSequence: 2, toSequence: 3 },
      ],
      'commits in between are claimed by nobody',
    );
    await second.kill({ disk: 'lost' });
  },
);

t.test('a gap that the last pass finds is bridged by a snapshot before the end', async (t) => {
  const lab = new Lab(t.testdir());
  const history = new History();
  const server = await lab.start();
  commit(server, history, 'ada');
  await server.snapshot();
  writeUncounted(lab.databasePath);
  commit(server, history, 'bob');
  server.pass();
  t.notOk(server.shippers[0]?.caughtUp);
  t.ok(server.shippers[0]?.needsSnapshot, 'before the shipper has looked');
  await server.stop({ flush: true });
  lab.loseDisk();
  const next = await lab.start();
  t.equal(next.writer.sequence, 2);
  await next.kill({ disk: 'lost' });
});
