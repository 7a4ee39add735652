/** A snapshot is the database at one commit, and what is said of it is true. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { writeSync } from 'node:fs';
import t from 'tap';
import { migrate } from '../../sqlite/migrate.ts';
import { openLog } from '../../sqlite/open.ts';
import { MIGRATIONS } from '../../sqlite/schema.ts';
import { LOG_MIGRATIONS } from '../../sqlite/tables/request-log.ts';
import { NOW, recordingHost } from './test/job-host.ts';
import { LiveDatabase } from './test/live-database.ts';
import type { SnapshotJob } from './messages.ts';
import { takeSnapshot } from './take-snapshot.ts';
import { decompressFile } from './zstd-file.ts';

const PAGE_BYTES = 4096;

function jobOf({ path, handle, folder }: LiveDatabase): SnapshotJob {
  return { databasePath: path, handle, folder: `${folder}/snapshots` };
}

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** Numbers of the pages in which two files differ. */
function differingPages(left: string, right: string): number[] {
  const [a, b] = [readFileSync(left), readFileSync(right)];
  const differing: number[] = [];
  for (let at = 0; at < Math.max(a.length, b.length); at += PAGE_BYTES) {
    if (!a.subarray(at, at + PAGE_BYTES).equals(b.subarray(at, at + PAGE_BYTES))) {
      differing.push(at / PAGE_BYTES + 1);
    }
  }
  return differing;
}

t.test('it is the pinned commit, page by page, whatever is committed meanwhile', async (t) => {
  const live = new LiveDatabase(t);
  // More pages than one step copies.
  live.commit(20_000);
  live.commit();
  live.copyClosed(`${live.folder}/reference.db`);
  const host = recordingHost({
    whenPinned: () => live.commit(50),
  });
  let copying = true;
  const keepCommitting = (): void => {
    if (!copying) return;
    live.commit();
    setImmediate(keepCommitting);
  };
  setImmediate(keepCommitting);
  const file = await takeSnapshot(jobOf(live), {
    ...host,
    onUnpinned: async () => void (copying = false),
  });
  const restored = `${live.folder}/restored.db`;
  await decompressFile(file.path, restored);
  t.ok(statSync(restored).size > 4096 * PAGE_BYTES, 'it took several steps');
  t.same(differingPages(restored, `${live.folder}/reference.db`), []);
  t.same(host.pinned, [2]);
  t.ok(live.sequence > 3, 'the writer went on');
});

t.test('what is only in the WAL is in it', async (t) => {
  const live = new LiveDatabase(t);
  live.commit();
  t.ok(live.emptyWal());
  live.commit(30);
  const file = await takeSnapshot(jobOf(live), recordingHost());
  t.equal(file.sequence, 2);
  t.equal(file.rows['resources'], 31);
});

t.test('its facts are those of the file', async (t) => {
  const live = new LiveDatabase(t);
  live.commit(100);
  const folder = `${live.folder}/made/when/missing`;
  const file = await takeSnapshot({ ...jobOf(live), folder }, recordingHost());
  const restored = `${live.folder}/restored.db`;
  await decompressFile(file.path, restored);
  t.match(file, {
    sequence: 1,
    takenAt: NOW,
    bytes: statSync(file.path).size,
    sha256: sha256(file.path),
    databaseBytes: statSync(restored).size,
    databaseSha256: sha256(restored),
    schemaVersion: MIGRATIONS.length,
    rows: { resources: 100, state: 1, members: 0, migrations: MIGRATIONS.length },
  });
  t.same(readdirSync(folder), [file.path.slice(folder.length + 1)], 'nothing else is left');
});

t.test('zstd reads it', async (t) => {
  const live = new LiveDatabase(t);
  live.commit(2000);
  const file = await takeSnapshot(jobOf(live), recordingHost());
  const zstd = spawnSync('zstd', ['-dqc', file.path], { maxBuffer: 1 << 30 });
  if (zstd.error !== undefined) t.pass('there is no zstd on this machine');
  else t.equal(createHash('sha256').update(zstd.stdout).digest('hex'), file.databaseSha256);
});

t.test('the WAL is held while it is copied and not a moment longer', async (t) => {
  const live = new LiveDatabase(t);
  live.commit(10);
  const emptied: boolean[] = [];
  await takeSnapshot(
    jobOf(live),
    recordingHost({
      whenPinned: () => {
        live.commit();
        emptied.push(live.emptyWal());
      },
      whenUnpinned: () => emptied.push(live.emptyWal()),
    }),
  );
  t.same(emptied, [false, true]);
});

t.test('what an interrupted run left behind is replaced', async (t) => {
  const live = new LiveDatabase(t);
  live.commit(10);
  const job = jobOf(live);
  const whole = await takeSnapshot(job, recordingHost());
  for (const path of [whole.path, `${job.folder}/copy.db`, `${job.folder}/copy.db-wal`]) {
    const handle = openSync(path, 'w');
    writeSync(handle, 'half of something');
    closeSync(handle);
  }
  const again = await takeSnapshot(job, recordingHost());
  t.same(again, whole);
  t.equal(sha256(again.path), whole.sha256);
});

t.test('a damaged database makes no snapshot', async (t) => {
  const live = new LiveDatabase(t);
  live.commit(200);
  const damaged = `${live.folder}/damaged.db`;
  live.copyClosed(damaged);
  const handle = openSync(damaged, 'r+');
  writeSync(handle, Buffer.alloc(64, 0xff), 0, 64, statSync(damaged).size - PAGE_BYTES);
  closeSync(handle);
  const folder = `${live.folder}/snapshots`;
  await t.rejects(takeSnapshot({ databasePath: damaged, folder }, recordingHost()), {
    name: 'JobError',
    code: 'damaged',
    message: /damaged\.db does not pass integrity_check/,
  });
  t.same(readdirSync(folder), []);
});

t.test('a database that somebody put in the place of the live one is not copied', async (t) => {
  const live = new LiveDatabase(t);
  live.commit(10);
  live.copyClosed(`${live.folder}/other.db`);
  await t.rejects(
    takeSnapshot({ ...jobOf(live), databasePath: `${live.folder}/other.db` }, recordingHost()),
    { name: 'JobError', code: 'failed', message: /other\.db is not the file any more/ },
  );
});

t.test('the request log, which has no commit sequence', async (t) => {
  const folder = t.testdir();
  const path = `${folder}/data.logs.db`;
  const log = openLog(path);
  t.teardown(() => log.close());
  migrate(log, LOG_MIGRATIONS, 0);
  const file = await takeSnapshot(
    { databasePath: path, folder: `${folder}/logs` },
    recordingHost(),
  );
  t.equal(file.sequence, 0);
  t.equal(file.schemaVersion, LOG_MIGRATIONS.length);
  t.ok(existsSync(file.path));
});
