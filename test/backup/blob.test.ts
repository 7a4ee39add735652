/**
 * Backups in Azure Blob end to end, with the real SDK against Azurite: the disk is lost, everything
 * is there. With a folder beside it, either of the two is enough.
 */
import { rmSync } from 'node:fs';
import t from 'tap';
import { Azurite } from '../support/azurite.ts';
import {
  backupStats,
  loseDisk,
  shipped,
  startBackedUp,
  statsWhen,
  type BackedUpServer,
} from '../support/backed-up-server.ts';
import { entraUser, GROUP, patchOp } from '../support/entra.ts';
import { succeeded } from '../support/scim-asserts.ts';
import { readContent } from './content.ts';

const USERS = 20;
const azurite = await Azurite.start(t);

function blobVariables(container: string): Record<string, string> {
  return {
    BLOB_BACKUP_CONNECTION_STRING: azurite.connectionString,
    BLOB_BACKUP_CONTAINER: container,
  };
}

/** @returns what the server holds then */
async function provision(
  t: Parameters<typeof succeeded>[0],
  { scim, admin }: BackedUpServer,
): Promise<Record<string, string>> {
  await shipped(admin);
  const ids = await Promise.all(
    Array.from({ length: USERS }, async (_, number) => {
      const answer = await scim.post('/Users', entraUser(`u${number}`));
      return succeeded(t, answer, 201).id;
    }),
  );
  const group = { schemas: [GROUP], displayName: 'all', externalId: 'x' };
  const { id } = succeeded(t, await scim.post('/Groups', group), 201);
  const members = ids.map((value) => ({ value }));
  const add = patchOp({ op: 'add', path: 'members', value: members });
  t.ok((await scim.patch(`/Groups/${id}`, add)).status < 300);
  succeeded(t, await scim.delete(`/Users/${ids[0] ?? ''}`), 204);
  await shipped(admin);
  return Object.fromEntries((await readContent(scim)).states);
}

t.test('a container alone', async (t) => {
  const env = { BACKUP_FOLDER: undefined, ...blobVariables('alone') };
  const backedUp = await startBackedUp(t, { env });
  const { server, scim, admin } = backedUp;
  const before = await provision(t, backedUp);
  await server.kill();
  loseDisk(server);
  await server.startAgain();
  t.match(server.stdout, /restored from blob scimlane\/alone to commit/);
  t.same(Object.fromEntries((await readContent(scim)).states), before);
  t.match(await backupStats(admin), { mode: 'blob', gaps: 0, restoredFromSnapshot: true });
  t.match((await admin.post('/verify', undefined)).body, { ok: true, problems: [] });
  t.equal((await server.stop()).code, 0);
});

t.test('a folder and a container', async (t) => {
  const backedUp = await startBackedUp(t, { env: blobVariables('second') });
  const { server, scim, admin, storage } = backedUp;
  const before = await provision(t, backedUp);
  const { storages } = await backupStats(admin);
  t.match(storages, [
    { storage: `folder ${storage}`, state: 'ok' },
    { storage: 'blob scimlane/second', state: 'ok' },
  ]);
  await server.kill();
  loseDisk(server);
  rmSync(storage, { recursive: true });
  await server.startAgain();
  t.match(server.stdout, /restored from blob scimlane\/second to commit/);
  t.same(Object.fromEntries((await readContent(scim)).states), before);
  await statsWhen(admin, 'a snapshot in the new folder', (stats) =>
    stats.storages.every(({ snapshots, state }) => snapshots > 0 && state === 'ok'),
  );
  t.equal((await server.stop()).code, 0);
});

t.test('a container that is away while the folder takes everything', async (t) => {
  const backedUp = await startBackedUp(t, {
    env: { ...blobVariables('away'), BACKUP_STOP_BUDGET: '1s', BACKUP_REQUIRED: 'false' },
  });
  const { server, scim, admin } = backedUp;
  await shipped(admin);
  await azurite.kill();
  succeeded(t, await scim.post('/Users', entraUser('meanwhile')), 201);
  const stats = await statsWhen(admin, 'the folder has it', ({ storages, position }) =>
    storages.some((storage) => storage.position === position),
  );
  t.match(stats.storages, [{ state: 'ok' }, { storage: 'blob scimlane/away' }]);
  const exit = await server.stop();
  t.equal(exit.code, 1, 'one of the two lacks the last commits');
  loseDisk(server);
  await server.startAgain();
  t.equal((await scim.get('/Users?count=0')).body['totalResults'], 1);
});
