/** Rows of the request log, and backups that ship what was imported. */
import { rmSync } from 'node:fs';
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
      errorMessage: 'taken:\n already',
      identifier: 'ada',
    })
    .close();
  t.match((await migration.run()).result().counts.logs, { taken: 0, tooOld: 0, refused: 0 });
  const first = await migration.run('--logs');
  t.equal(first.code, 3, first.stderr);
  t.match(first.result().counts.logs, { taken: 2501, tooOld: 1, refused: 1 });
  const second = await migration.run('--logs');
  t.match(second.result(), { logsLeft: /has rows already/, counts: { logs: { taken: 0 } } });

  const { at } = await migration.serve();
  const admin = at(EP).under('/scim/admin/logs');
  const page = succeeded(t, await admin.get('?pageSize=2&status=409'), 200).body;
  t.match(page, { items: [{ method: 'POST', status: 409, endpointId: EP }] });
  t.match(JSON.stringify(page), /taken: already/);
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
  const { code, stderr } = await migration.run();
  t.equal(code, 0, stderr);
  rmSync(migration.folder, { recursive: true });
  const { at } = await migration.serve();
  t.match(succeeded(t, await at(EP).get('/Users/u1'), 200).body, { userName: 'ada' });
});
