/** Rows of the request log, and backups that ship what was imported. */
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { backupVariables } from '../support/backed-up-server.ts';
import { succeeded } from '../support/scim-asserts.ts';
import { temporaryFolder } from '../support/server.ts';
import { Migration } from './rig.ts';

const EP = 'ep-1';

t.test('rows of the log are taken when asked for, without bodies, once', async (t) => {
  const migration = new Migration(t);
  const now = Date.now();
  const database = migration.database().endpoint({ id: EP, name: EP });
  for (let number = 0; number < 2500; number += 1) {
    const createdAt = now - 3_600_000 + number;
    database.log({ endpointId: EP, createdAt, url: `/scim/endpoints/${EP}/Users?n=${number}` });
  }
  database
    .log({ endpointId: EP, createdAt: now - 40 * 86_400_000 })
    .log({ endpointId: EP, createdAt: null })
    .log({
      endpointId: EP,
      createdAt: new Date(now - 1000).toISOString(),
      method: 'POST',
      status: 409,
      errorMessage: 'prisma.create({ password: "hunter2" })',
      identifier: 'ada',
    })
    .close();
  t.match((await migration.run()).result().counts.logs, { taken: 0, tooOld: 0, refused: 0 });
  const first = await migration.run('--logs');
  t.equal(first.code, 3, first.stderr);
  t.match(first.result().counts.logs, { taken: 2501, tooOld: 1, refused: 1 });
  const second = await migration.run('--logs');
  t.equal(second.code, 3, 'the rows are not here');
  t.match(second.result(), { logsLeft: /has rows already/, counts: { logs: { taken: 0 } } });

  const { at } = await migration.serve();
  const admin = at(EP).under('/scim/admin/logs');
  const page = succeeded(t, await admin.get('?pageSize=2&status=409'), 200).body;
  t.match(page, { items: [{ method: 'POST', status: 409, endpointId: EP }] });
  t.notMatch(JSON.stringify(page), /hunter2/, 'messages of errors were never masked');
  t.match(JSON.stringify(page), /"ada"/);
  t.equal((await admin.get('?urlContains=n%3D2499')).body['count'], 1);
});

t.test('with a storage the import is shipped before the command ends', async (t) => {
  const storage = temporaryFolder(t);
  const migration = new Migration(t, backupVariables(storage));
  migration
    .database()
    .endpoint({ id: EP, name: EP })
    .user({ endpointId: EP, scimId: 'u1', userName: 'ada' })
    .close();
  const { code, stderr, result } = await migration.run();
  t.equal(code, 0, stderr);
  t.equal(result().shipped, true);
  rmSync(migration.folder, { recursive: true });
  const { at } = await migration.serve();
  t.match(succeeded(t, await at(EP).get('/Users/u1'), 200).body, { userName: 'ada' });
});

t.test('a log that is a file without tables is empty', async (t) => {
  const migration = new Migration(t);
  migration.database().endpoint({ id: EP, name: EP }).log({ createdAt: Date.now() }).close();
  t.equal((await migration.run()).code, 0);
  const log = join(migration.folder, 'scimlane.logs.db');
  truncateSync(log);
  for (const suffix of ['-wal', '-shm']) rmSync(`${log}${suffix}`, { force: true });
  const { code, stderr, result } = await migration.run('--logs');
  t.equal(code, 0, stderr);
  t.match(result(), { logsLeft: undefined, counts: { logs: { taken: 1 } } });
});

t.test('what is not in the backups is told, and is no success', async (t) => {
  const storage = temporaryFolder(t);
  // Where its snapshots would go is a file: it can be held, and nothing can be shipped to it.
  writeFileSync(join(storage, 'snapshots'), '');
  const migration = new Migration(t, { ...backupVariables(storage), BACKUP_STOP_BUDGET: '1s' });
  migration.database().endpoint({ id: EP, name: EP }).close();
  const { code, stderr, result } = await migration.run();
  t.equal(code, 1);
  t.match(stderr, /not everything was shipped to the backups/);
  t.match(result(), { shipped: false, counts: { endpoints: { taken: 1 } } });
});

t.test('a storage that is required and cannot be used ends the command', async (t) => {
  const file = join(temporaryFolder(t), 'a-file');
  writeFileSync(file, '');
  const migration = new Migration(t, {
    ...backupVariables(join(file, 'storage')),
    BACKUP_REQUIRED: 'true',
  });
  migration.database().endpoint({ id: EP, name: EP }).close();
  const { code, stdout, stderr } = await migration.run();
  t.equal(code, 1);
  t.equal(stdout, '');
  t.match(stderr, /^scimlane: folder .*cannot store/);
});
