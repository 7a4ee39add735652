/**
 * Somebody edits the database with a shell while the server is stopped, or was killed: the next start
 * sees it, and a lost disk brings the edit back. Where nobody did, nothing begins anew.
 */
import { existsSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import t from 'tap';
import {
  backupStats,
  loseDisk,
  shipped,
  startBackedUp,
  statsWhen,
  type BackedUpServer,
} from '../support/backed-up-server.ts';
import type { Asserts, Scope } from '../support/asserts.ts';
import { entraUser } from '../support/entra.ts';
import { succeeded } from '../support/scim-asserts.ts';
import { until } from '../support/until.ts';

const EDITED = /scimlane\.db is not as the server left it, .*; a snapshot follows/;

/** What the shell does, its close included, which empties and removes the log. */
function edit(databaseFile: string): void {
  const db = new Database(databaseFile);
  db.exec('UPDATE resources SET document = replace(document, \'"Finance"\', \'"Treasury"\')');
  db.close();
}

async function titleOf({ scim }: BackedUpServer, id: string): Promise<unknown> {
  const { body } = await scim.get(`/Users/${id}`);
  return body['title'];
}

async function comesBackFromStorage(
  t: Scope & Asserts,
  running: BackedUpServer,
  id: string,
): Promise<void> {
  const { server, scim, admin } = running;
  t.match(server.stdout, EDITED);
  const stats = await statsWhen(admin, 'a snapshot follows', ({ storages }) =>
    storages.every(({ state, snapshots }) => state === 'ok' && snapshots === 2),
  );
  t.equal(stats.start.choice, 'local');
  t.equal(stats.gaps, 1);
  succeeded(t, await scim.post('/Users', entraUser('after')), 201);
  await shipped(admin);
  await server.kill();
  loseDisk(server);
  await server.startAgain();
  t.equal(await titleOf(running, id), 'Treasury', 'the edit was backed up');
  t.equal((await scim.get('/Users?count=0')).body['totalResults'], 2);
  t.match((await admin.post('/verify', undefined)).body, { ok: true, problems: [] });
}

async function begun(t: Scope & Asserts): Promise<BackedUpServer & { id: string }> {
  const running = await startBackedUp(t);
  const user = { ...entraUser('before'), title: 'Finance' };
  const { id } = succeeded(t, await running.scim.post('/Users', user), 201);
  await shipped(running.admin);
  return { ...running, id };
}

t.test('after an orderly stop', async (t) => {
  const running = await begun(t);
  t.equal((await running.server.stop()).code, 0);
  edit(running.server.databaseFile);
  await running.server.startAgain();
  await comesBackFromStorage(t, running, running.id);
});

t.test('after a kill, when the shell has emptied the log', async (t) => {
  const running = await begun(t);
  await running.server.kill();
  edit(running.server.databaseFile);
  t.notOk(existsSync(`${running.server.databaseFile}-wal`));
  await running.server.startAgain();
  await comesBackFromStorage(t, running, running.id);
});

t.test('nobody edits', async (t) => {
  const { server, scim, admin } = await begun(t);
  const asBefore = async (): Promise<void> => {
    t.notMatch(server.stdout, EDITED);
    const { gaps, storages, start } = await shipped(admin);
    t.equal(start.choice, 'local');
    t.equal(gaps, 0);
    t.match(storages, [{ snapshots: 1 }]);
  };
  await server.stop();
  await server.startAgain();
  await asBefore();

  succeeded(t, await scim.post('/Users', entraUser('another')), 201);
  await shipped(admin);
  await server.kill();
  await server.startAgain();
  await asBefore();

  // Idle, its log empty: what it is like then is recorded, too.
  const record = `${server.databaseFile}.spool.rest.json`;
  await until('the log is emptied, and the file recorded', () => {
    const { mtimeMs } = statSync(server.databaseFile);
    return statSync(`${server.databaseFile}-wal`).size === 0 && statSync(record).mtimeMs > mtimeMs;
  });
  await server.kill();
  await server.startAgain();
  await asBefore();
  t.equal((await backupStats(admin)).position, 2);
});
