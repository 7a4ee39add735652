/** Looking into a database changes nothing, whether a server works on it or not. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import { MIGRATIONS } from '../../sqlite/schema.ts';
import { inspectDatabase } from './inspect-database.ts';
import { recordingHost } from './test/job-host.ts';
import { LiveDatabase } from './test/live-database.ts';

t.test('beside a writer it sees one commit, held until it is done', async (t) => {
  const live = new LiveDatabase(t);
  live.commit(10);
  live.commit(5);
  const job = { path: live.path, hash: true };
  const before = inspectDatabase(job, recordingHost());
  t.match(before, { sequence: 2, schemaVersion: MIGRATIONS.length, rows: { resources: 15 } });
  const pinned: number[] = [];
  const meanwhile = inspectDatabase(
    job,
    recordingHost({
      whenPinned: (sequence) => {
        pinned.push(sequence);
        live.commit(100);
        t.notOk(live.emptyWal(), 'the WAL is held');
      },
    }),
  );
  t.same(meanwhile, before);
  t.same(pinned, [2]);
  t.ok(live.emptyWal(), 'the WAL is free again');
  const after = inspectDatabase(job, recordingHost());
  t.equal(after.sequence, 3);
  t.not(after.contentSha256, before.contentSha256);
});

t.test('without being asked it does not hash', async (t) => {
  const live = new LiveDatabase(t);
  live.commit();
  const facts = inspectDatabase({ path: live.path, hash: false }, recordingHost());
  t.equal(facts.contentSha256, undefined);
  t.equal(facts.rows['resources'], 1);
});

t.test('the WAL that a kill left is read and stays as it is', async (t) => {
  const live = new LiveDatabase(t);
  live.commit(10);
  t.ok(live.emptyWal());
  live.commit(10);
  const path = `${live.folder}/killed.db`;
  live.copyAsKilled(path);
  const wal = readFileSync(`${path}-wal`);
  const data = readFileSync(path);
  t.equal(inspectDatabase({ path, hash: false }, recordingHost()).sequence, 2);
  t.ok(readFileSync(`${path}-wal`).equals(wal));
  t.ok(readFileSync(path).equals(data));
});

t.test('beside a database that nobody has open it leaves nothing', async (t) => {
  const live = new LiveDatabase(t);
  live.commit(10);
  const path = `${live.folder}/alone.db`;
  live.copyClosed(path);
  const data = readFileSync(path);
  inspectDatabase({ path, hash: true }, recordingHost());
  t.same(
    readdirSync(live.folder).filter((name) => name.startsWith('alone')),
    ['alone.db'],
  );
  t.ok(readFileSync(path).equals(data));
});

t.test('a database that is not there is not made', async (t) => {
  const path = `${t.testdir()}/none.db`;
  t.throws(() => inspectDatabase({ path, hash: false }, recordingHost()), /unable to open/);
  t.notOk(existsSync(path));
});
