/** Downloads and reports of a real server, read by clients that pause, go away or come too many. */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import t, { type Test } from 'tap';
import { SECRET, Server } from '../support/server.ts';
import { until } from '../support/until.ts';
import { LogClient, USER } from './log-client.ts';

/** Bodies of them are more in all than sockets hold. */
const USERS = 320;
const NICKNAME = 'ö'.repeat(30_000);

interface Har {
  readonly log: { readonly entries: readonly { readonly request: { readonly method: string } }[] };
}

const server = await Server.start(t);
const client = new LogClient(server);
const acme = await client.create('/scim/admin/endpoints', {
  name: 'acme',
  config: { requestLog: 'full' },
});
const root = `/scim/endpoints/${acme}`;
const runs = `/scim/admin/endpoints/${acme}/runs`;
const made = await client.send('POST', `/scim/admin/endpoints/${acme}/credentials`, {
  body: { label: 'logs', scopes: ['scim.manage'] },
});
const { token } = made.json as { token: string };

/** A run of many requests; of the last of them headers and bodies are there too. */
async function fill(): Promise<string> {
  const begun = (await client.send('POST', runs)).json as { id: string };
  for (let from = 0; from < USERS; from += 16) {
    const names = Array.from({ length: 16 }, (_, at) => `user-${begun.id}-${String(from + at)}`);
    await Promise.all(
      names.map((userName) =>
        client.create(`${root}/Users`, { schemas: [USER], userName, nickName: NICKNAME }),
      ),
    );
  }
  await client.send('POST', runs);
  await client.kept(acme);
  return begun.id;
}

interface Open {
  readonly response: IncomingMessage;
  readonly leave: () => void;
}

/** Its head has come, and its body is not read. */
async function opened(t: Test, path: string, as = SECRET): Promise<Open> {
  const headers = { Authorization: `Bearer ${as}` };
  const sent = request(`${server.origin}${path}`, { headers, agent: false });
  t.teardown(() => sent.destroy());
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { response, leave: () => sent.destroy() };
}

async function rest({ response }: Open): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

const run = await fill();

t.test(
  'a client that pauses gets all of it, with the bytes that one gets that does not',
  async (t) => {
    const path = `${root}/logs/download?method=POST&status=201`;
    const paused = await opened(t, path, token);
    const { text } = await client.send('GET', path);
    t.ok(text.length > 15_000_000, `${String(text.length)} characters`);
    t.equal(text.split('\n').length, USERS + 1);
    t.ok((await rest(paused)) === text);
  },
);

t.test('an endpoint’s tokens have few at once, and who goes away makes room', async (t) => {
  const path = `${root}/logs/download`;
  const first = await opened(t, path, token);
  await opened(t, path, token);
  const refused = await client.send('GET', path, { token });
  t.equal(refused.status, 429);
  t.equal(refused.headers.get('retry-after'), '10');
  t.match(refused.headers.get('content-type'), /scim\+json/);
  t.equal((await client.send('GET', `${runs}/${run}`)).status, 200, 'the operator has more');
  first.leave();
  await until('room', async () => (await client.send('HEAD', path, { token })).status === 200);
});

t.test('a token that is revoked in the middle gets no end', async (t) => {
  const own = await client.send('POST', `/scim/admin/endpoints/${acme}/credentials`, {
    body: { label: 'revoked', scopes: ['scim.manage'] },
  });
  const { id, token: doomed } = own.json as { id: string; token: string };
  await until(
    'room',
    async () =>
      (await client.send('HEAD', `${root}/logs/download`, { token: doomed })).status === 200,
  );
  const open = await opened(t, `${root}/logs/download`, doomed);
  await client.send('DELETE', `/scim/admin/endpoints/${acme}/credentials/${id}`);
  await t.rejects(rest(open), { code: 'ECONNRESET' });
});

t.test('rows that go in the middle leave archives and reports whole', async (t) => {
  const archive = await opened(t, '/scim/admin/logs/download?format=har&endpointId=acme');
  const ofRun = await opened(t, `${runs}/${run}?format=har`);
  const report = await opened(t, `${runs}/${run}`);
  const page = await opened(t, `${runs}/${run}?format=html`);
  t.equal((await client.send('POST', `${root}/logs/clear`)).status, 204);
  for (const open of [archive, ofRun]) {
    const { entries } = (JSON.parse(await rest(open)) as Har).log;
    t.ok(entries.length > 0 && entries.length < USERS, `${String(entries.length)} entries`);
    t.ok(entries.every(({ request }) => typeof request.method === 'string'));
  }
  const { requests, requestsGone, counts } = JSON.parse(await rest(report)) as {
    requests: unknown[];
    requestsGone: number;
    counts: { requests: number };
  };
  t.equal(counts.requests, USERS);
  t.equal(requests.length + requestsGone, USERS);
  t.ok(requestsGone > 0);
  const html = await rest(page);
  t.match(html, /Not in the log any more: \d+ requests\./);
  t.match(html, /<\/body><\/html>\n$/);
});
