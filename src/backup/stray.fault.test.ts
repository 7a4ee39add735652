/**
 * Somebody writes past the server, so that no commit sequence counts it: nothing is claimed that
 * leaves it out, and nothing of before leads on to what came behind it.
 */
import Database from 'better-sqlite3';
import t from 'tap';
import { createUser } from '../../test/support/lab-commands.ts';
import { fetchDatabase } from './fetch-database.ts';
import { readRemote } from './remote.ts';
import { Unrestorable } from './restore-plan.ts';
import { Lab, type LabServer } from './test/lab.ts';
import { checkClaims, History } from './test/lab-claims.ts';

const signal = new AbortController().signal;

function commit(server: LabServer, history: History, id: string): void {
  server.writer.commit([createUser(id, 500)]);
  history.record(server.writer.sequence, server.writer.contentHash());
}

/** An operator's edit, with a shell that checkpoints as much as it may. */
function edit(lab: Lab): void {
  const db = new Database(lab.databasePath);
  db.pragma('wal_autocheckpoint = 1');
  db.exec("UPDATE endpoints SET description = 'edited'");
  db.close();
}

async function claimsHold(lab: Lab, history: History, spoiled = false): Promise<void> {
  for (const { sound: storage } of lab.storages) {
    const scratch = lab.folder;
    const options = { history, jobs: lab.jobs, scratch, spoiled, random: () => 0 };
    await checkClaims({ storage, ...options, positionsMax: Infinity });
  }
}

for (const [how, empty] of [
  ['a quiet moment empties', ({ writer }: LabServer) => writer.truncateWal()],
  ['the next commit may begin anew', ({ writer }: LabServer) => writer.housekeeping()],
] as const) {
  t.test(`an edit is not lost with a log that ${how}`, async (t) => {
    const lab = new Lab(t.testdir());
    const history = new History();
    const server = await lab.start();
    history.record(0, server.writer.contentHash());
    await server.snapshot();
    // All of it is spooled, so whoever commits next begins the log anew.
    server.writer.housekeeping();
    edit(lab);
    empty(server);
    commit(server, history, 'ada');
    server.pass();
    t.match(server.gaps, [/holds 2 commits after 0, not 1: somebody else wrote/]);
    await server.snapshot();
    commit(server, history, 'bob');
    await server.ship();
    await claimsHold(lab, history);
    await server.kill({ disk: 'lost' });
  });
}

t.test('a snapshot of before an edit does not lead on to what came behind it', async (t) => {
  const lab = new Lab(t.testdir());
  const [storage] = lab.storages;
  const history = new History();
  const first = await lab.start();
  commit(first, history, 'ada');
  await first.snapshot();
  edit(lab);
  history.record(1, first.writer.contentHash());
  await first.stop({ flush: false });

  const second = await lab.start();
  t.match(second.gaps, [/commits are missing/]);
  commit(second, history, 'bob');
  // It lies inside the segment that comes next, which begins at the commit of the edit.
  await second.snapshot();
  commit(second, history, 'cyd');
  await second.ship();
  await claimsHold(lab, history);

  storage?.flipBit(await storage.newest('snapshots/'));
  await claimsHold(lab, history, true);
  const remote = storage && (await readRemote(storage.sound, signal));
  if (remote === undefined) throw new Error('the storage holds a backup');
  const options = { scratch: `${lab.folder}/download`, jobs: lab.jobs, signal };
  const warn = (): void => undefined;
  const into = `${lab.folder}/restored.db`;
  await t.rejects(fetchDatabase(remote, { target: {}, into, ...options, warn }), Unrestorable);
  const before = await fetchDatabase(remote, { target: { sequence: 1 }, into, ...options, warn });
  t.equal(before.plan.sequence, 1, 'what was before the edit is still there');
  await second.kill({ disk: 'lost' });
});
