/** Runs on a real server: begun, ended, and reported as JSON, HAR and a page of its own. */
import t from 'tap';
import { Server } from '../support/server.ts';
import { until } from '../support/until.ts';
import { LogClient, type Reply, USER } from './log-client.ts';

const PLANTED = 'pLaNtEd-sEcReT-0123456789';
const SCRIPT = '<script>alert("x")</script>';

const server = await Server.start(t);
const client = new LogClient(server);
const acme = await client.create('/scim/admin/endpoints', {
  name: 'acme',
  config: { requestLog: 'full' },
});
const other = await client.create('/scim/admin/endpoints', { name: 'other' });
const root = `/scim/endpoints/${acme}`;
const runs = `/scim/admin/endpoints/${acme}/runs`;

interface Run {
  readonly id: string;
  readonly isRunning: boolean;
}
interface Report {
  readonly requests: readonly {
    readonly url: string;
    readonly method: string;
    readonly requestHeaders: object | null;
  }[];
}

const toggle = (body?: object): Promise<Reply> =>
  client.send('POST', runs, body === undefined ? {} : { body });

function report(run: Run, query = '', headers: Record<string, string> = {}): Promise<Reply> {
  return client.send('GET', `${runs}/${run.id}${query}`, { headers });
}

await client.create(`${root}/Users`, { schemas: [USER], userName: 'before' });
await client.send('GET', `${root}/Users?count=1`);
const begun = await toggle({ label: `Entra ${SCRIPT}` });
const run = begun.json as Run;
const id = await client.create(`${root}/Users`, {
  schemas: [USER],
  userName: 'ada',
  displayName: SCRIPT,
  password: PLANTED,
});
await client.send('POST', `${root}/Users`, { body: { schemas: [USER], userName: 'Ada' } });
await client.send('GET', `${root}/Users?filter=userName+co&password=${PLANTED}`);
await client.patch(`${root}/Users/${id}`, { op: 'remove' });
await client.send('DELETE', `${root}/Users/${id}`);
await client.send('GET', `${root}/Users/${id}`, { headers: { 'x-api-key': PLANTED } });
await client.create(`/scim/endpoints/${other}/Users`, { schemas: [USER], userName: 'elsewhere' });
await client.send('GET', `${root}/logs`);
await client.send('GET', `${root}/Users`, { token: PLANTED });
const ended = await toggle({ label: 'is not taken' });
await client.create(`${root}/Users`, { schemas: [USER], userName: 'behind' });
// Headers and bodies come some milliseconds after their rows.
await until('all that was said', async () => {
  const { requests } = (await report(run)).json as Report;
  return requests.every(({ requestHeaders }) => requestHeaders !== null);
});

t.test('a call begins a run, the next one ends it', async (t) => {
  t.equal(begun.status, 201);
  t.match(begun.json, { label: `Entra ${SCRIPT}`, isRunning: true, endedAt: null });
  t.equal(begun.headers.get('location'), `${runs}/${run.id}`);
  t.equal(ended.status, 200);
  t.match(ended.json, { id: run.id, label: `Entra ${SCRIPT}`, isRunning: false, endedAt: /Z$/ });
  const { json } = await client.send('GET', runs);
  t.match(json, { runs: [{ id: run.id, isRunning: false }] });
  t.same((json as { runs: unknown[] }).runs.length, 1);
});

t.test('the report has what was answered in between, and why it was refused', async (t) => {
  const { json, text } = await report(run);
  const { requests } = json as Report;
  t.strictSame(
    requests.map(({ method, url }) => `${method} ${url.slice(root.length).split('?')[0] ?? ''}`),
    [
      'POST /Users',
      'POST /Users',
      'GET /Users',
      `PATCH /Users/${id}`,
      `DELETE /Users/${id}`,
      `GET /Users/${id}`,
      'GET /Users',
    ],
  );
  t.match(json, {
    verdict: { state: 'refusals', text: 'No request failed; 5 were refused' },
    counts: { requests: 7, succeeded: 2, refused: 5, failed: 0 },
    problems: [
      { status: 409, scimType: 'uniqueness', section: 'RFC 7644 §3.3' },
      { status: 400, scimType: 'invalidFilter', section: 'RFC 7644 §3.4.2.2' },
      { status: 400, scimType: 'noTarget', section: /3\.5\.2/ },
      { status: 404, scimType: null, section: /3\.6/ },
      { status: 401, scimType: null, section: /6750/ },
    ],
    requests: [{ requestBody: { userName: 'ada' }, responseBody: { id } }],
    notes: [],
  });
  const { timings } = json as { timings: { operation: string; count: number }[] };
  t.match(
    timings.find(({ operation }) => operation === 'POST User'),
    { count: 2, refused: 1 },
  );
  t.notMatch(text, PLANTED);
});

t.test('the same as an HTTP archive', async (t) => {
  const { json, text, headers } = await report(run, '?format=har');
  t.match(headers.get('content-disposition'), `scimlane-run-${run.id}.har`);
  const { log } = json as { log: { entries: unknown[] } };
  t.equal(log.entries.length, 7);
  t.match(log.entries[0], { request: { method: 'POST' }, response: { status: 201 } });
  t.notMatch(text, PLANTED);
});

t.test('the same as a page in which what a client sent stays text', async (t) => {
  for (const { text, headers } of [
    await report(run, '?format=html'),
    await report(run, '', { Accept: 'text/html,application/xhtml+xml' }),
  ]) {
    t.equal(headers.get('content-type'), 'text/html; charset=utf-8');
    t.match(headers.get('content-security-policy'), /^default-src 'none'; style-src 'sha256-/);
    t.match(text, '&lt;script&gt;');
    t.notMatch(text, /<script/i);
    t.notMatch(text, PLANTED);
    t.notMatch(text, /(?:src|href)="(?!#)/, 'nothing comes from elsewhere');
    t.equal(text.match(/<details /g)?.length, 7);
    t.match(text, 'RFC 7644 §3.4.2.2');
  }
});

t.test('what is asked for wrongly is refused', async (t) => {
  t.equal((await report(run, '?format=pdf')).status, 400);
  t.equal((await report(run, '?page=1')).status, 400);
  t.equal((await toggle({ label: 5 })).status, 400);
  t.equal((await toggle({ name: 'x' })).status, 400);
  const elsewhere = `/scim/admin/endpoints/${other}/runs/${run.id}`;
  t.equal((await client.send('GET', elsewhere)).status, 404);
  t.equal((await client.send('DELETE', elsewhere)).status, 404);
  t.equal((await client.send('POST', '/scim/admin/endpoints/acme/runs')).status, 404);
});

t.test('a run without a label, looked at while it runs, and forgotten', async (t) => {
  const next = (await toggle()).json as Run;
  t.match(next, { label: 'run', isRunning: true });
  t.match((await report(next)).json, { verdict: { state: 'empty' }, requests: [] });
  await client.create(`${root}/Users`, { schemas: [USER], userName: 'meanwhile' });
  t.match((await report(next)).json, { counts: { requests: 1 }, run: { isRunning: true } });
  t.equal((await client.send('DELETE', `${runs}/${next.id}`)).status, 204);
  t.equal((await report(next)).status, 404);
  t.equal((await toggle()).status, 201, 'nothing was running any more');
});

t.test('what was answered right before a call is on its side of it', async (t) => {
  const last = (await toggle()).json as Run;
  t.equal(last.isRunning, false, 'the one that was left running');
  // The row of a read waits some milliseconds for others before it is written.
  const reads = async (): Promise<void> => {
    for (let n = 0; n < 10; n += 1) await client.send('GET', `${root}/Users?count=0`);
  };
  await reads();
  const next = (await toggle()).json as Run;
  await reads();
  await toggle();
  t.match((await report(next)).json, { counts: { requests: 10 } });
});

t.test(
  'a run is kept in full whatever the level, over a restart too, and nothing behind it',
  async (t) => {
    const base = `/scim/endpoints/${other}`;
    const path = `/scim/admin/endpoints/${other}/runs`;
    await client.send('PATCH', `/scim/admin/endpoints/${other}`, {
      body: { config: { requestLog: 'off' } },
    });
    await client.send('GET', `${base}/Users?count=1`);
    const { json } = await client.send('POST', path);
    const { id: running } = json as Run;
    const user = await client.create(`${base}/Users`, { schemas: [USER], userName: 'kept' });
    await server.kill();
    await server.startAgain();
    await client.send('GET', `${base}/Users/${user}?x=first-after-the-restart`);
    t.equal((await client.send('POST', path)).status, 200);
    await client.send('GET', `${base}/Users/${user}?x=behind`);
    await client.send('DELETE', `${base}/Users/${user}`);
    const reported = await until('all that was said', async () => {
      const { json } = await client.send('GET', `${path}/${running}`);
      const { requests } = json as Report;
      return requests.at(-1)?.requestHeaders === null ? undefined : (json as Report);
    });
    t.match(reported, {
      counts: { requests: 2 },
      requests: [
        { method: 'POST', status: 201, identifier: 'kept' },
        { method: 'GET', status: 200, resourceId: user, responseBody: { userName: 'kept' } },
      ],
      notes: [],
    });
    // Of another endpoint, and written behind whatever else there is to write.
    await client.send('GET', `${root}/Users?x=last`);
    const found = async (query: string): Promise<readonly unknown[]> => {
      const { json } = await client.send('GET', `/scim/admin/logs?${query}`);
      return (json as { items: readonly unknown[] }).items;
    };
    await until('the last row', async () => (await found('urlContains=x=last')).length > 0);
    t.same(await found('urlContains=x=behind'), []);
    t.same(await found(`endpointId=${other}&method=DELETE`), []);
  },
);
