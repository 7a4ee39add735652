/**
 * The local database is lost and the disk is not: a start goes on behind the storage with what the
 * spool and the write-ahead log hold, exactly, and where they do not lead on it says so.
 */
import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { createUser, patchUser } from '../../test/support/lab-commands.ts';
import { Lease } from './lease.ts';
import { spoolFolderOf } from './spool-folder.ts';
import { Lab, type LabServer } from './test/lab.ts';
import { checkClaims, History } from './test/lab-claims.ts';

interface Killed {
  readonly lab: Lab;
  readonly history: History;
  /** Of the database as it was. */
  readonly hash: string;
}

function commit(server: LabServer, history: History, id: string): void {
  server.writer.commit([createUser(id, 2000)]);
  history.record(server.writer.sequence, server.writer.contentHash());
}

/** Changes no size: the log does not hold the first page, and cannot stand in for a damaged one. */
function patch(server: LabServer, history: History, title: string): void {
  server.writer.commit([patchUser('stored-1', title)]);
  history.record(server.writer.sequence, server.writer.contentHash());
}

/**
 * Commits 1 and 2 are stored, 3 and 4 spooled, 5 and 6 in the log alone; the database file holds the
 * first two.
 */
async function killed(
  t: Test,
  happens: {
    readonly afterSpooling?: (server: LabServer) => void;
    readonly beforeKill?: (server: LabServer) => void;
  } = {},
): Promise<Killed> {
  const lab = new Lab(t.testdir(), { storages: 2 });
  const history = new History();
  const server = await lab.start();
  commit(server, history, 'stored-1');
  await server.snapshot();
  commit(server, history, 'stored-2');
  await server.ship();
  server.writer.truncateWal();
  for (const storage of lab.storages) storage.outage = { kind: 'before', code: 'unavailable' };
  for (const title of ['spooled-3', 'spooled-4']) {
    patch(server, history, title);
    server.pass();
  }
  happens.afterSpooling?.(server);
  for (const title of ['logged-5', 'logged-6']) patch(server, history, title);
  const hash = server.writer.contentHash();
  happens.beforeKill?.(server);
  await server.kill({ disk: 'kept' });
  for (const storage of lab.storages) storage.recover();
  return { lab, history, hash };
}

function newestSegment(lab: Lab): string {
  const folder = spoolFolderOf(lab.databasePath);
  const names = readdirSync(folder).filter((name) => name.endsWith('.wal.zst'));
  return `${folder}/${names.toSorted().at(-1) ?? ''}`;
}

/** What every storage claims at the end is true, up to the newest commit. */
async function endsWell(
  t: Test,
  { lab, history }: Pick<Killed, 'lab' | 'history'>,
  server: LabServer,
): Promise<void> {
  history.record(server.writer.sequence, server.writer.contentHash());
  commit(server, history, 'after');
  await server.ship();
  if (server.shippers.some((shipper) => shipper.needsSnapshot)) {
    await server.snapshot();
    await server.ship();
  }
  for (const shipper of server.shippers) t.equal(shipper.sequence, server.writer.sequence);
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
  await server.kill({ disk: 'lost' });
}

const losses = {
  damaged: (path: string) => writeFileSync(path, 'x'.repeat(8192)),
  missing: (path: string) => rmSync(path),
  empty: (path: string) => truncateSync(path),
};

for (const [how, lose] of Object.entries(losses)) {
  t.test(`a database that is ${how} comes back whole from storage, spool and log`, async (t) => {
    const before = await killed(t);
    const { lab, hash } = before;
    lose(lab.databasePath);
    const server = await lab.start();
    t.equal(server.start.sequence, 6);
    t.equal(server.writer.restoredHash(), hash);
    t.match(
      server.start.explanation,
      /restored from folder .* to commit 2, .* and on to commit 6 with 3 segments that were on this disk only/,
    );
    t.same(server.gaps, []);
    t.same(
      server.shippers.filter((shipper) => shipper.needsSnapshot),
      [],
      'the spool leads on from what each storage holds',
    );
    await endsWell(t, before, server);
  });
}

t.test('a restore that is killed before it is installed is run again, whole', async (t) => {
  const before = await killed(t);
  const { lab, hash } = before;
  rmSync(lab.databasePath);
  const setOwnHere = (isHere: boolean): void => {
    if (isHere && existsSync(`${lab.databasePath}.restoring`)) throw new Error('killed here');
  };
  await t.rejects(lab.start({ setOwnHere }), /killed here/);
  const server = await lab.start();
  t.equal(server.writer.restoredHash(), hash);
  await endsWell(t, before, server);
});

t.test('a log that began anew behind what was spooled leads on as well', async (t) => {
  const before = await killed(t, { afterSpooling: ({ writer }) => writer.truncateWal() });
  const { lab, hash } = before;
  rmSync(lab.databasePath);
  const server = await lab.start();
  t.equal(server.start.sequence, 6);
  t.equal(server.writer.restoredHash(), hash);
  await endsWell(t, before, server);
});

t.test('the log of a process that had spooled nothing proves nothing', async (t) => {
  const before = await killed(t);
  const { lab, history } = before;
  const second = await lab.start();
  await second.stop({ flush: false });
  const third = await lab.start();
  commit(third, history, 'unspooled');
  await third.kill({ disk: 'kept' });
  rmSync(lab.databasePath);
  const server = await lab.start();
  t.equal(server.start.sequence, 6);
  history.forgetAfter(6);
  await endsWell(t, before, server);
});

t.test('a segment that is damaged ends what the spool can add, and the rest is told', async (t) => {
  const before = await killed(t);
  const { lab, history } = before;
  const second = newestSegment(lab);
  truncateSync(second, readFileSync(second).length - 1);
  rmSync(lab.databasePath);
  const server = await lab.start();
  t.equal(server.start.sequence, 3);
  t.ok(history.has(3, server.writer.restoredHash()));
  t.match(lab.warnings.join('\n'), /segment .* of the spool is damaged/);
  t.match(lab.warnings.join('\n'), /the spool led on to commit 4, .* it is kept as .*\.spool/);
  t.ok(server.shippers.every((shipper) => shipper.needsSnapshot));
  history.forgetAfter(3);
  await endsWell(t, before, server);
});

t.test('a log into which somebody else wrote is left out, the spool is not', async (t) => {
  const before = await killed(t, {
    beforeKill: ({ lab }) => {
      const db = new Database(lab.databasePath);
      db.exec('CREATE TABLE added (a)');
      db.close();
    },
  });
  const { lab, history } = before;
  rmSync(lab.databasePath);
  const server = await lab.start();
  t.equal(server.start.sequence, 4);
  t.ok(history.has(4, server.writer.restoredHash()));
  t.match(lab.warnings.join('\n'), /commit 7 cannot be reached with this disk: .* commit 6/);
  history.forgetAfter(4);
  await endsWell(t, before, server);
});

t.test('a spool that another server has overtaken is not used', async (t) => {
  const before = await killed(t);
  const { lab, history } = before;
  rmSync(lab.databasePath);
  const holder = { id: 'next', host: 'lab', pid: 1, startedAt: 0 };
  const server = await lab.start({
    wasHere: (id) => id === 'next',
    acquire: (storage, signal, mayFollow) =>
      Lease.acquire(storage, holder, {
        ttlMs: 1000,
        signal,
        clock: lab.clock,
        isAlive: () => true,
        mayFollow,
      }),
  });
  t.equal(server.start.sequence, 2);
  t.match(lab.warnings.join('\n'), /the spool led on to commit 4, .* it is kept as .*\.spool/);
  history.forgetAfter(2);
  await endsWell(t, before, server);
});

t.test('a spool of before a gap does not lead on from what a storage holds', async (t) => {
  const lab = new Lab(t.testdir());
  const history = new History();
  const server = await lab.start();
  commit(server, history, 'ada');
  await server.snapshot();
  await server.ship();
  for (const storage of lab.storages) storage.outage = { kind: 'before', code: 'unavailable' };
  const stray = new Database(lab.databasePath);
  stray.exec('CREATE TABLE added (a)');
  stray.close();
  commit(server, history, 'bob');
  server.pass();
  commit(server, history, 'cyd');
  server.pass();
  await server.kill({ disk: 'kept' });
  for (const storage of lab.storages) storage.recover();
  rmSync(lab.databasePath);
  const next = await lab.start();
  t.equal(next.start.sequence, 1);
  t.match(lab.warnings.join('\n'), /the spool led on to commit 3/);
  history.forgetAfter(1);
  await endsWell(t, { lab, history }, next);
});

t.test(
  'a spool that leads on from an edited file is not applied to what it was before',
  async (t) => {
    const lab = new Lab(t.testdir());
    const history = new History();
    const first = await lab.start();
    commit(first, history, 'ada');
    await first.snapshot();
    await first.ship();
    await first.stop({ flush: true });
    const shell = new Database(lab.databasePath);
    // On a page that no later commit touches: nothing in the file tells of it.
    shell.exec("UPDATE endpoints SET description = 'edited by hand'");
    shell.close();

    const second = await lab.start();
    for (const storage of lab.storages) storage.outage = { kind: 'before', code: 'unavailable' };
    commit(second, history, 'bob');
    second.pass();
    await second.kill({ disk: 'kept' });
    for (const storage of lab.storages) storage.recover();
    rmSync(lab.databasePath);
    const third = await lab.start();
    t.equal(third.start.sequence, 1, 'the segment leads on from 1, but from another content');
    t.match(lab.warnings.join('\n'), /the spool led on to commit 2/);
    history.forgetAfter(1);
    await endsWell(t, { lab, history }, third);
  },
);
