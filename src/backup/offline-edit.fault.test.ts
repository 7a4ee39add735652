/**
 * Somebody edits the database while no server runs. Whatever the shell leaves behind, what is spooled
 * does not go on from a file that it does not know; and what nobody edited goes on.
 */
import { copyFileSync, existsSync, renameSync } from 'node:fs';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { createUser } from '../../test/support/lab-commands.ts';
import { Lab, type LabServer } from './test/lab.ts';
import { checkClaims, History } from './test/lab-claims.ts';

interface Begun {
  readonly lab: Lab;
  readonly history: History;
  readonly server: LabServer;
}

function commit({ server, history }: Pick<Begun, 'server' | 'history'>, id: string): void {
  server.writer.commit([createUser(id, 2000)]);
  history.record(server.writer.sequence, server.writer.contentHash());
}

/** Two commits, shipped. */
async function begun(t: Test): Promise<Begun> {
  const lab = new Lab(t.testdir());
  const history = new History();
  const server = await lab.start();
  commit({ server, history }, 'ada');
  await server.snapshot();
  commit({ server, history }, 'bob');
  await server.ship();
  return { lab, history, server };
}

/** As the sqlite3 shell does: the last connection to close empties and removes the log. */
function edit({ databasePath }: Lab): void {
  const db = new Database(databasePath);
  db.exec("UPDATE endpoints SET description = 'edited by hand'");
  db.close();
}

/** The next start sees it, tells it once, and what is stored from then on is true. */
async function startsAnew(t: Test, { lab, history }: Begun): Promise<void> {
  const server = await lab.start();
  t.equal(server.start.choice, 'local');
  t.match(lab.warnings, [
    /data\.db is not as the server left it, .* while no server ran; a snapshot follows$/,
  ]);
  t.same(server.gaps, [], 'it is told once');
  t.ok(server.shippers[0]?.needsSnapshot);
  history.record(server.writer.sequence, server.writer.contentHash());
  commit({ server, history }, 'cyd');
  await server.snapshot();
  commit({ server, history }, 'dan');
  await server.ship();
  await claimsHold({ lab, history });
  await server.kill({ disk: 'lost' });
}

async function claimsHold({ lab, history }: Pick<Begun, 'lab' | 'history'>): Promise<void> {
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

async function goesOn(t: Test, { lab, history }: Begun): Promise<LabServer> {
  const server = await lab.start();
  t.same(lab.warnings, []);
  t.same(server.gaps, []);
  t.notOk(server.shippers[0]?.needsSnapshot);
  commit({ server, history }, `user-${server.writer.sequence}`);
  await server.ship();
  await claimsHold({ lab, history });
  return server;
}

t.test('an edit after a clean stop', async (t) => {
  const life = await begun(t);
  await life.server.stop({ flush: true });
  t.notOk(existsSync(`${life.lab.databasePath}-wal`));
  edit(life.lab);
  t.notOk(existsSync(`${life.lab.databasePath}-wal`), 'the shell leaves no trace in a log');
  await startsAnew(t, life);
});

t.test('an edit after a kill, by a shell that empties the log into the file', async (t) => {
  const life = await begun(t);
  await life.server.kill({ disk: 'kept' });
  t.ok(existsSync(`${life.lab.databasePath}-wal`));
  edit(life.lab);
  await startsAnew(t, life);
});

t.test('an edit after a kill that found an empty log', async (t) => {
  const life = await begun(t);
  await life.server.stop({ flush: true });
  await (await life.lab.start()).kill({ disk: 'kept' });
  edit(life.lab);
  await startsAnew(t, life);
});

t.test('an edit, and behind it a server without backup that was killed', async (t) => {
  const life = await begun(t);
  await life.server.kill({ disk: 'kept' });
  edit(life.lab);
  const { databasePath } = life.lab;
  const last = new Database(databasePath, { readonly: true });
  last.prepare('SELECT 1 FROM state').get();
  const other = new Database(databasePath);
  other.exec('UPDATE state SET commit_sequence = commit_sequence + 1');
  other.close();
  last.close();
  t.ok(existsSync(`${databasePath}-wal`), 'its log counts as many commits as there were');
  await startsAnew(t, life);
});

t.test('a copy in the place of the file', async (t) => {
  const life = await begun(t);
  await life.server.stop({ flush: true });
  const { databasePath } = life.lab;
  copyFileSync(databasePath, `${databasePath}.copy`);
  renameSync(`${databasePath}.copy`, databasePath);
  await startsAnew(t, life);
});

t.test('nobody edits: clean stops, and kills with and without a log', async (t) => {
  const life = await begun(t);
  await life.server.stop({ flush: true });
  await (await goesOn(t, life)).stop({ flush: true });
  await (await goesOn(t, life)).kill({ disk: 'kept' });
  await (await goesOn(t, life)).stop({ flush: false });
  const idle = await life.lab.start();
  await idle.kill({ disk: 'kept' });
  await (await goesOn(t, life)).kill({ disk: 'lost' });
});

t.test(
  'after an edit was told, a kill right behind the start does not tell it again',
  async (t) => {
    const life = await begun(t);
    await life.server.stop({ flush: true });
    edit(life.lab);
    await (await life.lab.start()).kill({ disk: 'kept' });
    t.equal(life.lab.warnings.length, 1);
    const server = await life.lab.start();
    t.equal(life.lab.warnings.length, 1);
    t.ok(server.shippers[0]?.needsSnapshot, 'the snapshot was not taken yet');
    await server.kill({ disk: 'lost' });
  },
);
