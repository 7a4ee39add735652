/** The same jobs in threads of their own: results, errors and cancelling come across. */
import { existsSync, readFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { createThreadJobs, type Jobs } from './client.ts';
import { createInProcessJobs } from './in-process.ts';
import { JobError } from './job-error.ts';
import { LiveDatabase } from './test/live-database.ts';

function threadJobs(t: Test): Jobs {
  const jobs = createThreadJobs();
  t.teardown(() => jobs.close());
  return jobs;
}

t.test('a thread takes a snapshot, builds from it and looks into both', async (t) => {
  const live = new LiveDatabase(t);
  live.commit(100);
  const jobs = threadJobs(t);
  const pinned: number[] = [];
  const file = await jobs.takeSnapshot(
    { databasePath: live.path, folder: `${live.folder}/snapshots` },
    (sequence) => pinned.push(sequence),
  );
  const into = `${live.folder}/built.db`;
  const built = await jobs.buildDatabase({
    snapshotPath: file.path,
    segmentPaths: [],
    into,
    expectSequence: 1,
  });
  const inspect = (path: string) => jobs.inspectDatabase({ path, hash: true });
  const original = await inspect(live.path);
  t.same(pinned, [1]);
  t.same(built, { ...original, contentSha256: undefined });
  t.same(await inspect(into), original);
  t.match(original.contentSha256, /^[0-9a-f]{64}$/);
});

t.test('a thread of the same job does the same as the caller', async (t) => {
  const live = new LiveDatabase(t);
  live.commit(10);
  const folder = (name: string) => ({ databasePath: live.path, folder: `${live.folder}/${name}` });
  const inThread = await threadJobs(t).takeLogSnapshot(folder('a'));
  const here = await createInProcessJobs({ now: () => 5.5 }).takeLogSnapshot(folder('b'));
  t.equal(here.takenAt, 5);
  t.same({ ...inThread, path: here.path, takenAt: 5 }, here);
  t.ok(readFileSync(inThread.path).equals(readFileSync(here.path)));
});

t.test('an error keeps its code and names its file', async (t) => {
  const folder = t.testdir({ 'text.db': 'x'.repeat(5000) });
  const build = {
    snapshotPath: `${folder}/text.db`,
    segmentPaths: [],
    into: `${folder}/into.db`,
    expectSequence: undefined,
  };
  for (const jobs of [threadJobs(t), createInProcessJobs({ now: () => 0 })]) {
    await t.rejects(jobs.inspectDatabase({ path: `${folder}/none.db`, hash: false }), {
      name: 'JobError',
      code: 'failed',
      message: /^inspecting .*none\.db: unable to open database file$/,
    });
    await t.rejects(jobs.inspectDatabase({ path: `${folder}/text.db`, hash: false }), {
      code: 'damaged',
      message: /^inspecting .*text\.db: file is not a database$/,
    });
    await t.rejects(jobs.buildDatabase(build), {
      code: 'damaged',
      message: /text\.db is damaged: it does not begin as zstd does$/,
    });
  }
});

t.test('one heavy job at a time', async (t) => {
  const live = new LiveDatabase(t);
  live.commit(10);
  const jobs = createInProcessJobs({ now: () => 0 });
  const events: string[] = [];
  const inspect = async (name: string): Promise<void> => {
    await jobs.inspectDatabase({ path: live.path, hash: true }, () =>
      events.push(`${name} begins`),
    );
    events.push(`${name} ends`);
  };
  await Promise.all([inspect('a'), inspect('b'), inspect('c')]);
  t.same(events, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

t.test('a job that fails does not stop the next', async (t) => {
  const live = new LiveDatabase(t);
  live.commit();
  const jobs = createInProcessJobs({ now: () => 0 });
  const inspect = (path: string) => jobs.inspectDatabase({ path, hash: false });
  const [failed, next] = await Promise.allSettled([
    inspect(`${live.path}.none`),
    inspect(live.path),
  ]);
  t.equal(failed.status, 'rejected');
  t.equal(next.status, 'fulfilled');
});

t.test('a cancelled job lets go of the database, and the next one runs', async (t) => {
  const live = new LiveDatabase(t);
  live.commit(5000);
  const jobs = threadJobs(t);
  const cancelling = new AbortController();
  const job = { databasePath: live.path, folder: `${live.folder}/snapshots` };
  await t.rejects(
    jobs.takeSnapshot(job, () => cancelling.abort(), cancelling.signal),
    { name: 'JobError', code: 'cancelled' },
  );
  live.commit();
  t.ok(live.emptyWal(), 'nothing holds the WAL');
  const file = await jobs.takeSnapshot(job);
  t.equal(file.sequence, 2);
});

t.test('a job that waits leaves the row at once', async (t) => {
  const live = new LiveDatabase(t);
  live.commit();
  const jobs = createInProcessJobs({ now: () => 0 });
  const job = { path: live.path, hash: false };
  const cancelling = new AbortController();
  const order: string[] = [];
  const first = jobs.inspectDatabase(job).then(() => order.push('first'));
  const second = jobs
    .inspectDatabase(job, undefined, cancelling.signal)
    .catch((error: unknown) => order.push(error instanceof JobError ? error.code : 'other'));
  const third = jobs.inspectDatabase(job).then(() => order.push('third'));
  cancelling.abort();
  await Promise.all([first, second, third]);
  t.same(order, ['cancelled', 'first', 'third']);
  await t.rejects(jobs.inspectDatabase(job, undefined, cancelling.signal), { code: 'cancelled' });
});

t.test('closing cancels what runs and what waits', async (t) => {
  const live = new LiveDatabase(t);
  live.commit(5000);
  const jobs = createThreadJobs();
  const job = { databasePath: live.path, folder: `${live.folder}/snapshots` };
  let closed: Promise<void> | undefined;
  const running = jobs.takeSnapshot(job, () => {
    closed = jobs.close();
  });
  const both = await Promise.allSettled([running, jobs.takeSnapshot(job)]);
  t.match(both, [{ reason: { code: 'cancelled' } }, { reason: { code: 'cancelled' } }]);
  await closed;
  await t.rejects(jobs.takeSnapshot(job), { code: 'cancelled' });
  t.notOk(existsSync(`${job.folder}/snapshot-1.db.zst`));
});

t.test('a thread that dies fails its job', async (t) => {
  const jobs = threadJobs(t);
  const job = { path: `${t.testdir()}/data.db`, hash: false };
  // What no caller can send, and no thread takes.
  await t.rejects(jobs.inspectDatabase(Object.assign(job, { path: undefined })), {
    code: 'failed',
    message: "the job's thread died: job: path",
  });
});

t.test('a caller that throws at the pin has its own error back', async (t) => {
  const live = new LiveDatabase(t);
  live.commit();
  const thrown = new Error('not ready');
  const pinned = (): void => {
    throw thrown;
  };
  const job = { path: live.path, hash: false };
  await t.rejects(threadJobs(t).inspectDatabase(job, pinned), thrown);
});
