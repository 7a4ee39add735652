/**
 * A storage that was away during a restore and led further than what was restored: its history and
 * the new one count the same commits, and must never become one chain.
 */
import t from 'tap';
import { createUser } from '../../test/support/lab-commands.ts';
import { Lab, until } from './test/lab.ts';

const away = { kind: 'before', code: 'unavailable' } as const;

t.test('what returns behind a restore goes on from a snapshot', async (t) => {
  const lab = new Lab(t.testdir(), { storages: 2 });
  const { behind, ahead } = await divergedStorages(lab);
  ahead.outage = away;
  const second = await lab.start({ required: false });
  t.equal(second.start.choice, 'restored');
  const from = second.writer.sequence;
  behind.outage = away;
  for (const id of ['new-1', 'new-2', 'new-3', 'new-4', 'new-5']) {
    second.writer.commit([createUser(id)]);
    second.pass();
  }
  t.ok(second.writer.sequence > 5 && from < 5, `${from} to ${second.writer.sequence}`);
  ahead.recover();
  await until(
    () => second.shippers.length === 2,
    () => JSON.stringify(second.fleet.statuses()),
  );
  t.ok(second.shippers[1]?.needsSnapshot, 'no segment leads on from another history');
  await second.snapshot();
  second.writer.commit([createUser('new-6')]);
  behind.recover();
  await second.ship();
  const hash = second.writer.contentHash();
  await second.kill({ disk: 'lost' });

  behind.outage = away;
  const third = await lab.start({ required: false });
  t.equal(third.start.choice, 'restored');
  t.equal(third.writer.restoredHash(), hash);
  // In order: one of its storages is still waited for.
  await third.stop({ flush: false });
});

t.test('so does what returns with a later start on the same disk, however often', async (t) => {
  const lab = new Lab(t.testdir(), { storages: 2 });
  const { behind, ahead } = await divergedStorages(lab);
  ahead.outage = away;
  const second = await lab.start({ required: false });
  t.equal(second.start.choice, 'restored');
  behind.outage = away;
  for (const id of ['new-1', 'new-2', 'new-3', 'new-4', 'new-5']) {
    second.writer.commit([createUser(id)]);
    second.pass();
  }
  // What was shipped nowhere waits in the spool, beyond where the storage that returns ends.
  await second.kill({ disk: 'kept' });

  ahead.recover();
  behind.recover();
  const third = await lab.start();
  t.equal(third.start.choice, 'local');
  t.notOk(third.shippers[0]?.needsSnapshot, 'the one it was restored from is led on');
  t.ok(third.shippers[1]?.needsSnapshot, 'the other is not');
  await third.kill({ disk: 'kept' });

  const fourth = await lab.start();
  t.ok(fourth.shippers[1]?.needsSnapshot, 'that its lease was taken has changed nothing of it');
  await fourth.snapshot();
  await fourth.ship();
  const hash = fourth.writer.contentHash();
  await fourth.kill({ disk: 'kept' });

  const fifth = await lab.start();
  t.notOk(fifth.shippers[1]?.needsSnapshot, 'the snapshot has made it one of this history');
  await fifth.kill({ disk: 'lost' });

  behind.outage = away;
  const sixth = await lab.start({ required: false });
  t.equal(sixth.writer.restoredHash(), hash);
  await sixth.stop({ flush: false });
});

t.test('storages that end alike are led on together after a restore', async (t) => {
  const lab = new Lab(t.testdir(), { storages: 2 });
  const first = await lab.start();
  first.writer.commit([createUser('a')]);
  await first.snapshot();
  first.writer.commit([createUser('b')]);
  await first.ship();
  await first.kill({ disk: 'lost' });
  const second = await lab.start();
  t.equal(second.start.choice, 'restored');
  t.strictSame(
    second.shippers.map(({ needsSnapshot }) => needsSnapshot),
    [false, false],
  );
  await second.stop({ flush: false });
});

/** Two storages of one database; the second leads further, by commits that the first lacks. */
async function divergedStorages(lab: Lab) {
  const [behind, ahead] = lab.storages;
  if (behind === undefined || ahead === undefined) throw new Error('two storages');
  const first = await lab.start();
  for (const id of ['a-1', 'a-2']) first.writer.commit([createUser(id)]);
  await first.snapshot();
  await first.ship();
  behind.outage = away;
  for (const id of ['old-3', 'old-4', 'old-5']) {
    first.writer.commit([createUser(id)]);
    first.pass();
  }
  await until(
    () => first.shippers[1]?.caughtUp === true,
    () => JSON.stringify(first.fleet.statuses()),
  );
  await first.kill({ disk: 'lost' });
  behind.recover();
  return { behind, ahead };
}
