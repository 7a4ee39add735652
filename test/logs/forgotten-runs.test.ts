/**
 * A run that nobody ended: a day after its begin it is over by itself, also on a server that was
 * stopped meanwhile. The day passes while it is stopped, by a begin that is moved back.
 */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { Server } from '../support/server.ts';
import { until } from '../support/until.ts';
import { LogClient, USER } from './log-client.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

interface Item {
  readonly method: string;
  readonly requestHeaders: object | null;
}

const server = await Server.start(t);
const client = new LogClient(server);
const acme = await client.create('/scim/admin/endpoints', {
  name: 'acme',
  config: { requestLog: 'summary' },
});
const root = `/scim/endpoints/${acme}`;
const runs = `/scim/admin/endpoints/${acme}/runs`;

const create = (userName: string): Promise<string> =>
  client.create(`${root}/Users`, { schemas: [USER], userName });

/** Whether a request now is logged with its headers, once those of a later one in full are there. */
async function isInFull(userName: string): Promise<boolean> {
  await create(userName);
  const { json } = await client.send('GET', `/scim/admin/logs?endpointId=${acme}&method=POST`);
  const [newest] = (json as { items: { id: string; identifier: string }[] }).items;
  if (newest?.identifier !== userName) throw new Error(`the newest is not ${userName}`);
  await client.send('PATCH', `/scim/admin/endpoints/${acme}`, {
    body: { config: { requestLog: 'full' } },
  });
  await create(`${userName}-full`);
  await client.kept(acme);
  await client.send('PATCH', `/scim/admin/endpoints/${acme}`, {
    body: { config: { requestLog: 'summary' } },
  });
  const row = await client.send('GET', `/scim/admin/logs/${newest.id}`);
  return (row.json as Item).requestHeaders !== null;
}

const begun = (await client.send('POST', runs)).json as { id: string };
await create('within');
await client.kept(acme);
const overAt = Date.now();
await until('a later moment', () => Date.now() > overAt + 1);
await create('beyond');

t.test('while it is open, all is logged in full', async (t) => {
  t.equal(await isInFull('in-the-run'), true);
  t.match((await client.send('GET', runs)).json, {
    runs: [{ isRunning: true, endedAt: null, endedByItself: false }],
  });
});

t.test('a day after its begin it is over, and the level is the endpoint’s own', async (t) => {
  await server.stop();
  const db = new Database(join(server.folder, 'scimlane.logs.db'));
  db.prepare('UPDATE runs SET started_at = ?').run(overAt - DAY_MS);
  db.close();
  await server.startAgain();
  t.equal(await isInFull('behind'), false);
  const ended = { isRunning: false, endedByItself: true, endedAt: new Date(overAt).toISOString() };
  t.match((await client.send('GET', runs)).json, { runs: [{ id: begun.id, ...ended }] });
  const note = 'Nobody ended this run: it ended by itself, 24 hours after its begin.';
  const { json } = await client.send('GET', `${runs}/${begun.id}`);
  t.match(json, {
    run: ended,
    notes: [note],
    requests: [{ method: 'POST', requestBody: { userName: 'within' } }],
  });
  t.equal((json as { requests: unknown[] }).requests.length, 1, 'up to its end');
  t.match((await client.send('GET', `${runs}/${begun.id}?format=html`)).text, note);
});

t.test('the next call begins another one, and the first stays as it was', async (t) => {
  const next = await client.send('POST', runs, { body: { label: 'next' } });
  t.equal(next.status, 201);
  t.equal(await isInFull('again'), true);
  t.match((await client.send('GET', runs)).json, {
    runs: [
      { label: 'next', isRunning: true },
      { id: begun.id, endedByItself: true, endedAt: new Date(overAt).toISOString() },
    ],
  });
  t.match((await client.send('GET', `${runs}/${begun.id}`)).json, { counts: { requests: 1 } });
  t.match((await client.send('POST', runs)).json, { isRunning: false, endedByItself: false });
});
