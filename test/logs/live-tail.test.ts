/** The live tail of a real server: what is kept is what comes, to whom it may, until the server stops. */
import { request } from 'node:http';
import t, { type Test } from 'tap';
import { SECRET, Server } from '../support/server.ts';
import { until } from '../support/until.ts';
import { LogClient, USER } from './log-client.ts';

const PLANTED = 'pLaNtEd-sEcReT-0123456789';

interface Row {
  readonly [name: string]: unknown;
  readonly id: string;
}

class Listener {
  status: number | undefined;
  text = '';
  isEnded = false;
  close: () => void = () => undefined;

  get rows(): Row[] {
    return [...this.text.matchAll(/^data: (.*)$/gm)].map(
      ([, data]) => JSON.parse(data ?? '') as Row,
    );
  }
}

const server = await Server.start(t);
const client = new LogClient(server);
const acme = await client.create('/scim/admin/endpoints', { name: 'acme' });
const other = await client.create('/scim/admin/endpoints', { name: 'other' });
const made = await client.send('POST', `/scim/admin/endpoints/${acme}/credentials`, {
  body: { label: 'logs', scopes: ['scim.manage'] },
});
const { token } = made.json as { token: string };
const root = `/scim/endpoints/${acme}`;

/** Resolves when the stream is open, or refused. */
async function listen(
  t: Test,
  path: string,
  as = SECRET,
  headers: Readonly<Record<string, string>> = {},
): Promise<Listener> {
  const listener = new Listener();
  const sent = request(`${server.origin}${path}`, {
    headers: { Authorization: `Bearer ${as}`, ...headers },
    agent: false,
  });
  sent.on('error', () => (listener.isEnded = true));
  sent.on('response', (response) => {
    response.setEncoding('utf8').on('data', (text: string) => (listener.text += text));
    response.on('close', () => (listener.isEnded = true)).on('error', () => undefined);
    listener.status = response.statusCode;
  });
  sent.end();
  listener.close = () => sent.destroy();
  t.teardown(listener.close);
  await until('its first bytes', () => listener.text !== '');
  return listener;
}

const create = (endpoint: string, userName: string): Promise<string> =>
  client.create(`/scim/endpoints/${endpoint}/Users`, {
    schemas: [USER],
    userName,
    password: PLANTED,
  });

t.test('rows are those of the list, of whom one may see', async (t) => {
  const all = await listen(t, '/scim/admin/logs/stream');
  const own = await listen(t, `${root}/logs/stream`, token);
  const failures = await listen(t, `/scim/admin/logs/stream?endpointId=acme&status=4xx`);
  t.same([all.status, own.status, failures.status], [200, 200, 200]);
  await create(acme, 'ada');
  await create(other, 'elsewhere');
  await client.send('GET', `${root}/Users/nobody?password=${PLANTED}`);
  await client.send('GET', `/scim/endpoints/${other}/Users`);
  await until('all four', () => all.rows.length >= 4);
  await until('both', () => own.rows.length >= 2 && failures.rows.length >= 1);
  t.match(own.rows, [
    { method: 'POST', identifier: 'ada', endpointId: acme },
    { method: 'GET', status: 404, endpointId: acme },
  ]);
  t.equal(own.rows.length, 2);
  t.match(failures.rows, [{ status: 404 }]);
  const { json } = await client.send('GET', '/scim/admin/logs');
  const listed = (json as { items: Row[] }).items.toReversed();
  t.same(all.rows, listed, 'as the list shows them, and in its order');
  t.notMatch(all.text + own.text, PLANTED);
  all.close();
});

t.test('who was away gets what it missed', async (t) => {
  const before = await listen(t, `${root}/logs/stream`, token);
  await create(acme, 'grace');
  await until('the row', () => before.rows.length === 1);
  const [last] = before.rows;
  before.close();
  await create(acme, 'alan');
  await create(other, 'alan');
  const again = await listen(t, `${root}/logs/stream`, token, {
    'Last-Event-ID': last?.id ?? '',
  });
  await create(acme, 'edsger');
  await until('both', () => again.rows.length >= 2);
  t.match(again.rows, [{ identifier: 'alan' }, { identifier: 'edsger' }]);
});

t.test('an endpoint may not take all places, nor look elsewhere', async (t) => {
  const asked = await listen(t, `${root}/logs/stream?endpointId=other`, token);
  t.equal(asked.status, 400);
  const elsewhere = await listen(t, `/scim/endpoints/${other}/logs/stream`, token);
  t.equal(elsewhere.status, 401);
  const statuses: (number | undefined)[] = [];
  for (let n = 0; n < 8; n += 1) {
    const listener = await listen(t, `${root}/logs/stream`, token);
    statuses.push(listener.status);
    if (listener.status === 429) break;
  }
  t.equal(statuses.at(-1), 429);
  t.equal((await listen(t, '/scim/admin/logs/stream')).status, 200, 'the operator still may');
});

t.test('a token that is revoked ends its stream', async (t) => {
  const credentials = `/scim/admin/endpoints/${other}/credentials`;
  const body = { label: 'logs', scopes: ['scim.manage'] };
  const { json } = await client.send('POST', credentials, { body });
  const { id, token: theirs } = json as { id: string; token: string };
  const path = `/scim/endpoints/${other}/logs/stream`;
  const revoked = await listen(t, path, theirs);
  const operator = await listen(t, path);
  t.same([revoked.status, operator.status], [200, 200]);
  t.equal((await client.send('DELETE', `${credentials}/${id}`)).status, 204);
  await until('its end', () => revoked.isEnded);
  t.equal(operator.isEnded, false);
  const patch = { body: { active: false } };
  t.equal((await client.send('PATCH', `/scim/admin/endpoints/${other}`, patch)).status, 200);
  await until('its end', () => operator.isEnded);
  const back = { body: { active: true } };
  t.equal((await client.send('PATCH', `/scim/admin/endpoints/${other}`, back)).status, 200);
});

t.test('a cleared log goes on', async (t) => {
  const listener = await listen(t, '/scim/admin/logs/stream');
  t.equal((await client.send('POST', '/scim/admin/logs/clear')).status, 204);
  await create(acme, 'after');
  await until('the row', () => listener.rows.length >= 1);
  t.match(listener.rows, [{ identifier: 'after' }]);
});

t.test('a stop does not wait for listeners', async (t) => {
  const listeners = [
    await listen(t, '/scim/admin/logs/stream'),
    await listen(t, '/scim/admin/logs/stream?hasError=true'),
  ];
  const { code } = await server.stop();
  t.equal(code, 0);
  await until('their end', () => listeners.every(({ isEnded }) => isEnded));
});
