/** What an administrator asks of the backups over HTTP, and hears when a storage is away or damaged. */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { shipped, startBackedUp, statsWhen } from '../support/backed-up-server.ts';
import { entraUser } from '../support/entra.ts';
import { scimError, succeeded } from '../support/scim-asserts.ts';
import { temporaryFolder } from '../support/server.ts';

/** Changes one bit in the middle. */
function flipBit(path: string): void {
  const bytes = readFileSync(path);
  const middle = bytes.length >>> 1;
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
  writeFileSync(path, bytes);
}

t.test('a snapshot on request, and what there is then', async (t) => {
  const { scim, admin, storage } = await startBackedUp(t);
  await shipped(admin);
  succeeded(t, await scim.post('/Users', entraUser('one')), 201);
  const trigger = succeeded(t, await admin.post('/trigger', undefined), 201);
  t.match(trigger.body, { position: 1, rows: { resources: 1 } });
  const { name } = JSON.parse(trigger.text) as { name: string };
  t.ok(existsSync(join(storage, name)), 'the object is there');
  const snapshots = succeeded(t, await admin.get('/snapshots'), 200).json;
  t.match(snapshots, [{ position: 0 }, { position: 1, name }]);

  const stats = await shipped(admin);
  t.match(stats, { mode: 'folder', hasSnapshots: true, lastBackupSucceeded: true });
  t.match(stats, { backupCount: 2, lastError: null, position: 1, gaps: 0 });
  const points = succeeded(t, await admin.get('/restore-points'), 200).json;
  t.match(points, [{ fromPosition: 0, toPosition: 1, continuous: true }]);
  const alias = await scim.under('').get('/api/backup/status');
  t.match(succeeded(t, alias, 200).body, { mode: 'folder', backupCount: 2 });
  scimError(t, await admin.get('/stats', { token: null }), 401);
});

t.test('a snapshot on request, and the storage is away', async (t) => {
  const storage = join(temporaryFolder(t), 'backups');
  const { scim, admin } = await startBackedUp(t, { storage });
  await shipped(admin);
  renameSync(storage, `${storage}.away`);
  writeFileSync(storage, '');
  succeeded(t, await scim.post('/Users', entraUser('one')), 201);
  const refused = await admin.post('/trigger', undefined);
  scimError(t, refused, 503, undefined, storage);
  const stats = await statsWhen(admin, 'the shipper has noticed', ({ storages }) =>
    storages.every(({ state }) => state === 'retrying'),
  );
  t.match(stats, { lastBackupSucceeded: false, lastError: String, backupCount: 1 });
  t.match(stats.lastError, refused.detail);
  t.match(stats.storages, [{ position: 0, snapshots: 1 }]);
  succeeded(t, await scim.post('/Users', entraUser('two')), 201);

  rmSync(storage);
  renameSync(`${storage}.away`, storage);
  t.equal((await shipped(admin)).position, 2);
  t.equal(readdirSync(join(storage, 'snapshots')).length, 1, 'nothing half is left');
  t.match((await admin.post('/verify', undefined)).body, { ok: true });
});

t.test('verify names what is damaged', async (t) => {
  const { scim, admin, storage } = await startBackedUp(t);
  await shipped(admin);
  succeeded(t, await scim.post('/Users', entraUser('one')), 201);
  await shipped(admin);
  const whole = succeeded(t, await admin.post('/verify', undefined), 200).body;
  t.match(whole, { ok: true, problems: [], checkedObjects: 2, checkedBytes: Number });

  const objects = ['snapshots', 'wal'].flatMap((kind) =>
    readdirSync(join(storage, kind), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.zst'))
      .map((name) => `${kind}/${name}`),
  );
  t.equal(objects.length, 2);
  for (const object of objects) flipBit(join(storage, object));
  const { ok, problems } = succeeded(t, await admin.post('/verify', undefined), 200).body;
  t.equal(ok, false);
  for (const object of objects) t.match(JSON.stringify(problems), `${object} is damaged`);
});
