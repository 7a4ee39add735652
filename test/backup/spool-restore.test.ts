/**
 * The database file is lost and the disk is not: a start restores from the storage, and goes on with
 * what waited for it in the spool and in the write-ahead log.
 */
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import {
  backupStats,
  loseDisk,
  shipped,
  startBackedUp,
  statsWhen,
} from '../support/backed-up-server.ts';
import { entraUser } from '../support/entra.ts';
import { succeeded } from '../support/scim-asserts.ts';
import { temporaryFolder } from '../support/server.ts';

t.test('what only the spool holds comes back, and then reaches the storage', async (t) => {
  const storage = join(temporaryFolder(t), 'backups');
  const { server, scim, admin } = await startBackedUp(t, { storage });
  const ids = [succeeded(t, await scim.post('/Users', entraUser('stored')), 201).id];
  await shipped(admin);
  renameSync(storage, `${storage}.away`);
  writeFileSync(storage, 'root may write into any folder, but not into a file');
  for (const name of ['second', 'third']) {
    ids.push(succeeded(t, await scim.post('/Users', entraUser(name)), 201).id);
  }
  await statsWhen(admin, 'it is in the spool', ({ spooled }) => spooled === 3);
  await server.kill();
  rmSync(storage);
  renameSync(`${storage}.away`, storage);
  rmSync(server.databaseFile);

  await server.startAgain();
  t.match(
    server.stdout,
    /there is no local database: restored from folder .* to commit 1, .* and on to commit 3 with \d segments that were on this disk only/,
  );
  const { start, gaps } = await backupStats(admin);
  t.match(start, { choice: 'restored', position: 3 });
  t.equal(gaps, 0);
  for (const id of ids) succeeded(t, await scim.get(`/Users/${id}`), 200);
  t.equal((await shipped(admin)).position, 4, 'with the commit that raised the versions');
  t.match((await admin.post('/verify', undefined)).body, { ok: true, problems: [] });
  await server.kill();
  loseDisk(server);
  await server.startAgain();
  for (const id of ids) succeeded(t, await scim.get(`/Users/${id}`), 200);
});

t.test('what only the log holds comes back', async (t) => {
  const { server, scim, admin } = await startBackedUp(t, {
    env: { BACKUP_SHIP_INTERVAL: '10s' },
  });
  const ids = [succeeded(t, await scim.post('/Users', entraUser('stored')), 201).id];
  await shipped(admin);
  const { id } = succeeded(t, await scim.post('/Users', entraUser('logged')), 201);
  ids.push(id);
  await server.kill();
  t.ok(existsSync(`${server.databaseFile}-wal`));
  rmSync(server.databaseFile);

  await server.startAgain();
  t.match(server.stdout, /and on to commit 2 with 1 segments that were on this disk only/);
  for (const id of ids) succeeded(t, await scim.get(`/Users/${id}`), 200);
});
