/**
 * SIGTERM under load: what was acknowledged is in the storage when the process has ended with 0.
 * When the storage takes nothing any more, the exit code says so, and the next start ships the rest.
 */
import { rmSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import {
  backupStats,
  backupVariables,
  clientsOf,
  loseDisk,
  shipped,
  startBackedUp,
} from '../support/backed-up-server.ts';
import { entraUser } from '../support/entra.ts';
import { succeeded } from '../support/scim-asserts.ts';
import { Server, temporaryFolder } from '../support/server.ts';

const WRITERS = 8;
const WRITES = 150;

t.test('under load', async (t) => {
  const { server, scim, storage } = await startBackedUp(t);
  const acknowledged: string[] = [];
  let number = 0;
  const writers = Array.from({ length: WRITERS }, async () => {
    for (;;) {
      const answer = await scim.post('/Users', entraUser(`u${number++}`)).catch(() => undefined);
      if (answer?.status !== 201) return;
      acknowledged.push(answer.id);
      if (acknowledged.length === WRITES) server.signal('SIGTERM');
    }
  });
  await Promise.all(writers);
  const exit = await server.exit;
  t.equal(exit.code, 0, exit.stdout + exit.stderr);

  const next = await Server.start(t, { env: backupVariables(storage) });
  const restored = clientsOf(t, next).scim;
  for (const id of acknowledged) {
    if ((await restored.get(`/Users/${id}`)).status !== 200) t.fail(`${id} is lost`);
  }
  const { body } = await restored.get('/Users?count=0');
  t.ok(Number(body['totalResults']) >= acknowledged.length);
});

t.test('with a storage that cannot be written, and again when it can', async (t) => {
  const storage = join(temporaryFolder(t), 'backups');
  const { server, scim, admin } = await startBackedUp(t, {
    storage,
    env: { BACKUP_STOP_BUDGET: '1s' },
  });
  succeeded(t, await scim.post('/Users', entraUser('before')), 201);
  const { storages } = await shipped(admin);
  renameSync(storage, `${storage}.away`);
  writeFileSync(storage, 'root may write into any folder, but not into a file');
  const { id } = succeeded(t, await scim.post('/Users', entraUser('meanwhile')), 201);
  const exit = await server.stop();
  t.equal(exit.code, 1, exit.stderr);
  t.match(exit.stdout, /not everything was shipped: the disk must be kept/);

  rmSync(storage);
  renameSync(`${storage}.away`, storage);
  await server.startAgain();
  const stats = await shipped(admin);
  t.equal(stats.start.choice, 'local');
  t.equal(stats.gaps, 0);
  t.equal(stats.storages[0]?.snapshots, storages[0]?.snapshots, 'the gap was shipped, as segments');
  t.equal(stats.position, 2);
  await server.kill();
  loseDisk(server);
  await server.startAgain();
  succeeded(t, await scim.get(`/Users/${id}`), 200);
});

t.test('before the first snapshot', async (t) => {
  const { server, scim, storage } = await startBackedUp(t);
  const { id } = succeeded(t, await scim.post('/Users', entraUser('quick')), 201);
  t.equal((await server.stop()).code, 0);
  const next = await Server.start(t, { env: backupVariables(storage) });
  const { scim: restored, admin } = clientsOf(t, next);
  succeeded(t, await restored.get(`/Users/${id}`), 200);
  t.equal((await backupStats(admin)).start.choice, 'restored');
});
