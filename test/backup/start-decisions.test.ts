/**
 * Which database a start takes, over real servers: its own, the backup's, or none because somebody
 * has to decide first. Each outcome is one line in the log, and stands in the status.
 */
import {
  cpSync,
  openSync,
  readdirSync,
  rmSync,
  writeSync,
  closeSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { Asserts, Scope } from '../support/asserts.ts';
import {
  backupStats,
  backupVariables,
  clientsOf,
  loseDisk,
  shipped,
  startBackedUp,
  statsWhen,
} from '../support/backed-up-server.ts';
import { entraUser } from '../support/entra.ts';
import { succeeded } from '../support/scim-asserts.ts';
import { runToExit, Server, temporaryFolder } from '../support/server.ts';

/** A start that is refused with one line, for whoever reads the log of a container that ended. */
async function refused(
  t: Scope & Asserts,
  options: { folder: string; env: Record<string, string> },
  line: RegExp,
): Promise<void> {
  const exit = await runToExit(t, options);
  t.equal(exit.code, 1, exit.stdout + exit.stderr);
  t.match(exit.stderr, line);
  t.equal(exit.stderr.trim().split('\n').length, 1, exit.stderr);
}

function setAside(server: Server): string[] {
  return readdirSync(server.folder).filter((name) =>
    /^scimlane\.db\.before-restore-\d+$/.test(name),
  );
}

t.test('a new database, then the same one, then the restored one', async (t) => {
  const { server, scim, admin } = await startBackedUp(t);
  t.match(server.stdout, /no database here and no backup anywhere/);
  t.match(await backupStats(admin), { restoredFromSnapshot: false, start: { choice: 'new' } });
  const { id } = succeeded(t, await scim.post('/Users', entraUser('stays')), 201);
  const read = await scim.get(`/Users/${id}`);
  t.equal((await server.stop()).code, 0);

  await server.startAgain();
  t.match(server.stdout, /the local database is kept, at commit 1/);
  t.match(await backupStats(admin), {
    restoredFromSnapshot: false,
    gaps: 0,
    start: { choice: 'local', position: 1 },
  });
  t.equal((await server.stop()).code, 0);

  loseDisk(server);
  await server.startAgain();
  t.match(server.stdout, /there is no local database: restored from folder .* to commit 1,/);
  const stats = await backupStats(admin);
  t.match(stats, { restoredFromSnapshot: true, gaps: 0, start: { choice: 'restored' } });
  t.match(server.stdout, stats.start.explanation, 'the status has the line of the log');
  const again = succeeded(t, await scim.get(`/Users/${id}`), 200);
  t.equal(again.etag, read.etag);
  t.same({ ...again.body, meta: undefined }, { ...read.body, meta: undefined });
});

t.test('an old disk beside a newer backup', async (t) => {
  const { server, scim, storage } = await startBackedUp(t);
  succeeded(t, await scim.post('/Users', entraUser('old')), 201);
  await server.stop();
  const old = temporaryFolder(t);
  cpSync(server.folder, old, { recursive: true });
  await server.startAgain();
  const newer = succeeded(t, await scim.post('/Users', entraUser('new')), 201).id;
  await server.stop();

  const env = backupVariables(storage);
  await refused(
    t,
    { folder: old, env },
    /folder .* did not run on this disk: .*BACKUP_REMOTE_AHEAD=restore/,
  );
  const chosen = await Server.start(t, {
    folder: old,
    env: { ...env, BACKUP_REMOTE_AHEAD: 'restore' },
  });
  succeeded(t, await clientsOf(t, chosen).scim.get(`/Users/${newer}`), 200);
  t.equal(setAside(chosen).length, 1, 'the old file is kept');
});

t.test('backups of another database', async (t) => {
  const ours = await startBackedUp(t);
  const theirs = await startBackedUp(t);
  for (const { scim, server, admin } of [ours, theirs]) {
    succeeded(t, await scim.post('/Users', entraUser('somebody')), 201);
    await shipped(admin);
    await server.stop();
  }
  const env = backupVariables(theirs.storage);
  await refused(
    t,
    { folder: ours.server.folder, env },
    /folder .* holds backups of database [0-9a-f]{32}, .* give each server a storage of its own/,
  );
  await theirs.server.startAgain();
  t.equal((await theirs.scim.get('/Users?count=0')).body['totalResults'], 1);
});

t.test('a damaged database file', async (t) => {
  const { server, scim, admin } = await startBackedUp(t);
  const { id } = succeeded(t, await scim.post('/Users', entraUser('safe')), 201);
  await server.stop();
  const file = openSync(server.databaseFile, 'r+');
  writeSync(file, Buffer.alloc(4096, 0xa5), 0, 4096, 0);
  closeSync(file);

  await server.startAgain();
  t.match(server.stdout, /the local database is damaged: restored from folder/);
  t.equal((await backupStats(admin)).start.choice, 'restored');
  succeeded(t, await scim.get(`/Users/${id}`), 200);
  t.equal(setAside(server).length, 1, 'the damaged file is kept');
});

t.test('a storage that cannot be reached', async (t) => {
  const storage = join(temporaryFolder(t), 'backups');
  writeFileSync(storage, 'a file where the folder should be');
  const folder = temporaryFolder(t);
  const env = backupVariables(storage);
  await refused(t, { folder, env: { ...env, BACKUP_REQUIRED: 'true' } }, /backups/);

  const { server, scim, admin } = await startBackedUp(t, {
    storage,
    folder,
    env: { BACKUP_REQUIRED: 'false' },
  });
  t.match(server.stdout, /the server starts without this storage and keeps trying/);
  const { id } = succeeded(t, await scim.post('/Users', entraUser('early')), 201);
  const { storages } = await backupStats(admin);
  t.match(storages, [{ state: 'retrying', lastError: String, snapshots: 0 }]);

  rmSync(storage);
  await statsWhen(admin, 'the storage joins', (stats) => stats.storages[0]?.state === 'ok');
  await shipped(admin);
  await server.kill();
  loseDisk(server);
  await server.startAgain();
  succeeded(t, await scim.get(`/Users/${id}`), 200);
});
