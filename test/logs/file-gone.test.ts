/** The log's file is taken away, or made unreadable, under a running server: provisioning never notices. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { entraUser } from '../support/entra.ts';
import { ScimClient } from '../support/client.ts';
import { Server } from '../support/server.ts';
import { until } from '../support/until.ts';

const server = await Server.start(t);
const scim = ScimClient.of(t, server);
const admin = scim.under('/scim/admin');
const file = join(server.folder, 'scimlane.logs.db');

t.test('deleted: writes go on, reading says so, and it is begun anew', async (t) => {
  await scim.post('/Users', entraUser('before'));
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  t.equal((await scim.post('/Users', entraUser('meanwhile'))).status, 201);
  t.match(await admin.get('/logs'), { status: 503 });
  await until('the log is begun anew', async () => (await admin.get('/logs')).status === 200);
  t.equal((await scim.post('/Users', entraUser('after'))).status, 201);
  const found = await admin.get('/logs?method=POST');
  t.match(found.json, { items: [{ status: 201, resourceType: 'User' }] });
  await until('it is told', async () => server.stdout.includes('the request log is gone'));
});

t.test('damaged at a start: put aside', async (t) => {
  await server.stop();
  writeFileSync(file, 'no database at all, but long enough to be looked at '.repeat(100));
  await server.startAgain();
  t.equal((await scim.post('/Users', entraUser('again'))).status, 201);
  t.equal((await admin.get('/logs')).status, 200);
  await until('it is told', async () => server.stdout.includes('put aside'));
});
