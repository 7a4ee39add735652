/** SIGTERM and SIGINT end with code 0; a start on an existing database serves what is in it. */
import { existsSync } from 'node:fs';
import t from 'tap';
import { ScimClient } from '../support/client.ts';
import { entraUser } from '../support/entra.ts';
import { succeeded } from '../support/scim-asserts.ts';
import { runToExit, Server } from '../support/server.ts';

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  t.test(`${signal}, start, and the data is there`, async (t) => {
    const server = await Server.start(t);
    const scim = ScimClient.of(t, server);
    const created = succeeded(t, await scim.post('/Users', entraUser('stays')), 201);
    const read = await scim.get(`/Users/${created.id}`);
    server.signal(signal);
    const exit = await server.exit;
    t.equal(exit.code, 0, exit.stderr);
    t.notOk(existsSync(`${server.databaseFile}-wal`), 'the WAL is folded in');

    await server.startAgain();
    const again = succeeded(t, await scim.get(`/Users/${created.id}`), 200);
    t.equal(again.etag, read.etag);
    t.same({ ...again.body, meta: undefined }, { ...read.body, meta: undefined });
    t.equal((await scim.post('/Users', entraUser('stays'))).status, 409);
    const other = succeeded(t, await scim.post('/Users', entraUser('other')), 201);
    t.not(other.etag, created.etag, 'versions are never used again');
  });
}

t.test('health, without a token', async (t) => {
  const server = await Server.start(t);
  const root = ScimClient.of(t, server).under('');
  for (const probe of ['live', 'ready']) {
    succeeded(t, await root.get(`/health/${probe}`, { token: null }), 200);
    succeeded(t, await root.head(`/health/${probe}`, { token: null }), 200);
  }
});

t.test('two servers do not share a data folder', async (t) => {
  const server = await Server.start(t);
  const scim = ScimClient.of(t, server);
  const exit = await runToExit(t, { folder: server.folder });
  t.ok(exit.code !== null && exit.code > 0);
  const said = (exit.stdout + exit.stderr).trim();
  t.match(said, /scimlane\.db is in use by another server/);
  t.equal(said.split('\n').length, 1, said);
  succeeded(t, await scim.post('/Users', entraUser('undisturbed')), 201);
  await server.kill();
  await server.startAgain();
  t.equal((await scim.get('/Users?count=0')).body['totalResults'], 1);
});

t.test('two servers do not share a port silently', async (t) => {
  const server = await Server.start(t);
  const second = Server.start(t, { env: { PORT: String(server.port) } });
  await t.rejects(second, /ended with 1/);
  succeeded(t, await ScimClient.of(t, server).get('/Users'), 200);
});
