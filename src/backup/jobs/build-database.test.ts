/** A database is built exactly, or refused by the name of what is wrong with it. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { closeSync, openSync, writeSync } from 'node:fs';
import t, { type Test } from 'tap';
import { writeSegment } from '../segment.ts';
import { WalFile } from '../wal-scan.ts';
import { buildDatabase } from './build-database.ts';
import { inspectDatabase } from './inspect-database.ts';
import type { BuildJob, SnapshotFile } from './messages.ts';
import { recordingHost } from './test/job-host.ts';
import { LiveDatabase } from './test/live-database.ts';
import { takeSnapshot } from './take-snapshot.ts';
import { compressFile, decompressFile } from './zstd-file.ts';

interface Backup {
  readonly live: LiveDatabase;
  readonly snapshot: SnapshotFile;
  readonly segmentPaths: readonly string[];
  readonly job: BuildJob;
}

/** A snapshot at commit 1 and three segments, which lead to commit 13. */
async function backup(t: Test): Promise<Backup> {
  const live = new LiveDatabase(t);
  live.commit(50);
  t.ok(live.emptyWal());
  const snapshot = await takeSnapshot(
    { databasePath: live.path, folder: `${live.folder}/snapshots` },
    recordingHost(),
  );
  const wal = new WalFile(`${live.path}-wal`);
  t.teardown(() => wal.close());
  const segmentPaths: string[] = [];
  let position;
  for (const commits of [5, 1, 6]) {
    for (let count = 0; count < commits; count += 1) live.commit(20);
    position ??= wal.start();
    if (position === undefined) throw new Error('nothing was committed');
    const span = wal.scan(position, {});
    const path = `${live.folder}/segment-${segmentPaths.length}`;
    writeSegment(wal, span, path);
    segmentPaths.push(path);
    position = span.end;
  }
  const job = {
    snapshotPath: snapshot.path,
    segmentPaths,
    into: `${live.folder}/built.db`,
    expectSequence: 13,
  };
  return { live, snapshot, segmentPaths, job };
}

/** Files that stand beside the database to be built, the database included. */
function builtFiles(live: LiveDatabase): string[] {
  return readdirSync(live.folder).filter((name) => name.startsWith('built.db'));
}

t.test('a snapshot and its segments make the same database', async (t) => {
  const { live, job } = await backup(t);
  const facts = await buildDatabase(job);
  const inspect = (path: string) => inspectDatabase({ path, hash: true }, recordingHost());
  const original = inspect(live.path);
  t.same(facts, { ...original, contentSha256: undefined });
  t.same(inspect(job.into), original);
  t.equal(facts.sequence, 13);
  t.equal(facts.rows['resources'], 290);
  t.match(facts.database, /^[0-9a-f]{32}$/);
  t.same(builtFiles(live), ['built.db'], 'nothing stands beside it');
});

t.test('a snapshot alone is its own commit', async (t) => {
  const { snapshot, job } = await backup(t);
  const facts = await buildDatabase({ ...job, segmentPaths: [], expectSequence: undefined });
  t.equal(facts.sequence, snapshot.sequence);
  t.same(facts.rows, snapshot.rows);
  const { sourceSha256 } = await compressFile(job.into, `${job.into}.zst`);
  t.equal(sourceSha256, snapshot.databaseSha256, 'checking it changed no byte');
});

t.test('a segment that is missing at the end is seen by the sequence', async (t) => {
  const { live, segmentPaths, job } = await backup(t);
  await t.rejects(buildDatabase({ ...job, segmentPaths: segmentPaths.slice(0, 2) }), {
    code: 'damaged',
    message: /snapshot-1\.db\.zst with 2 segments ends at commit 7 instead of 13/,
  });
  t.same(builtFiles(live), []);
});

t.test('a damaged segment is refused by name', async (t) => {
  const { live, segmentPaths, job } = await backup(t);
  const path = segmentPaths[1] ?? '';
  const bytes = readFileSync(path);
  bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
  writeFileSync(path, bytes);
  await t.rejects(buildDatabase(job), { message: new RegExp(path) });
  t.same(builtFiles(live), []);
});

t.test('a damaged snapshot is refused by name', async (t) => {
  const { live, snapshot, job } = await backup(t);
  writeFileSync(snapshot.path, readFileSync(snapshot.path).subarray(0, -3));
  await t.rejects(buildDatabase(job), { code: 'damaged', message: /snapshot-1\.db\.zst/ });
  t.same(builtFiles(live), []);
});

t.test('a snapshot of a database that was damaged before does not pass', async (t) => {
  const { live, snapshot, job } = await backup(t);
  const plain = `${live.folder}/plain.db`;
  await decompressFile(snapshot.path, plain);
  const handle = openSync(plain, 'r+');
  writeSync(handle, Buffer.alloc(64, 0xff), 0, 64, statSync(plain).size - 4096);
  closeSync(handle);
  const snapshotPath = `${live.folder}/broken.db.zst`;
  await compressFile(plain, snapshotPath);
  await t.rejects(
    buildDatabase({ ...job, snapshotPath, segmentPaths: [], expectSequence: undefined }),
    { code: 'damaged', message: /broken\.db\.zst with 0 segments does not pass integrity_check/ },
  );
  t.same(builtFiles(live), []);
});

t.test('a snapshot that is no database is refused', async (t) => {
  const { live, job } = await backup(t);
  const plain = `${live.folder}/plain`;
  writeFileSync(plain, 'x'.repeat(10_000));
  const snapshotPath = `${live.folder}/text.db.zst`;
  await compressFile(plain, snapshotPath);
  await t.rejects(buildDatabase({ ...job, snapshotPath, segmentPaths: [] }), {
    code: 'damaged',
    message: /text\.db\.zst with 0 segments does not pass integrity_check: file is not a database/,
  });
  t.notOk(existsSync(job.into));
});

t.test('a database that is there already is not touched', async (t) => {
  const { job } = await backup(t);
  writeFileSync(job.into, 'precious');
  await t.rejects(buildDatabase(job), { code: 'EEXIST' });
  t.equal(readFileSync(job.into, 'utf8'), 'precious');
});
