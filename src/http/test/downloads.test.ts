/**
 * Downloads over a real socket and a log in memory: a client that does not read, one that goes away,
 * a log that changes or breaks meanwhile, and what a stop makes of them.
 */
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import t, { type Test } from 'tap';
import { until } from '../../../test/support/until.ts';
import { downloadWriter } from '../logs/download.ts';
import { loggedRequest } from './logged-request.ts';
import { BEARER, serve, type Served, type ServeOptions } from './serve.ts';

const PATH = '/scim/admin/logs/download';
/** Far more in all than sockets hold. */
const ROWS = 3000;
const BODY = JSON.stringify({ text: 'å'.repeat(10_000) });
const ROWS_AT_ONCE = 50;

async function served(
  t: Test,
  rows = ROWS,
  limits: ServeOptions['limits'] = {},
): Promise<Served & { pages: () => number }> {
  const server = await serve(t, { limits });
  const { logs } = server;
  for (let row = rows; row > 0; row -= 1) {
    logs.requests.push(loggedRequest(row, { endpointId: 'e' }));
    logs.contentOf.set(row, {
      requestHeaders: '[]',
      requestBody: BODY,
      responseHeaders: '[]',
      responseBody: undefined,
      responseBytes: 0,
    });
  }
  return { ...server, pages: () => logs.queries.length };
}

/** Its head has come, and nothing of its body is read. */
async function opened(t: Test, { port }: Served, path = PATH, agent?: Agent): Promise<Open> {
  const headers = { Authorization: BEARER };
  const sent = request({ port, path, headers, agent: agent ?? false });
  t.teardown(() => sent.destroy());
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { response, leave: () => sent.destroy() };
}

interface Open {
  readonly response: IncomingMessage;
  readonly leave: () => void;
}

/** Rejects when the connection closes before the end. */
async function rest({ response }: Open): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

/** Resolves when no more pages are read. */
async function still(pages: () => number): Promise<void> {
  let last = -1;
  let times = 0;
  await until('no more to be read', () => {
    times = pages() === last ? times + 1 : 0;
    last = pages();
    return times >= 10;
  });
}

function whole({ logs }: Served, format: 'ndjson' | 'har'): string {
  const { head, between, tail, row } = downloadWriter(format);
  const rows = logs.requests.map((each) => row(each, logs.contentOf.get(each.row)));
  return head + rows.join(between) + tail;
}

t.test('of a client that does not read, no more is read than sockets hold', async (t) => {
  const server = await served(t);
  const open = await opened(t, server);
  await still(server.pages);
  const pages = server.pages();
  t.ok(pages < ROWS / ROWS_AT_ONCE / 2, `${String(pages)} pages`);
  t.ok((await rest(open)) === whole(server, 'ndjson'), 'the same bytes when it reads');
  t.equal(open.response.headers['x-next-before'], undefined);
  t.equal(open.response.headers['content-length'], undefined);
});

t.test('for one that reads slowly the next page waits, and the connection goes on', async (t) => {
  const server = await served(t, 400);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.teardown(() => agent.destroy());
  const open = await opened(t, server, `${PATH}?format=har`, agent);
  const parts: Buffer[] = [];
  open.response.on('data', (part: Buffer) => {
    parts.push(part);
    open.response.pause();
    setImmediate(() => open.response.resume());
  });
  await once(open.response, 'end');
  t.ok(Buffer.concat(parts).toString() === whole(server, 'har'));
  const socket = open.response.socket;
  const again = await opened(t, server, `${PATH}?format=csv`, agent);
  t.equal((await rest(again)).split('\r\n').length, 400 + 2);
  t.equal(again.response.socket, socket, 'the same connection');
});

t.test('whoever goes away ends it, and makes room', async (t) => {
  const server = await served(t, ROWS, { downloads: 1 });
  const open = await opened(t, server);
  await still(server.pages);
  const pages = server.pages();
  const refused = await server.call('GET', PATH);
  t.equal(refused.status, 429);
  t.equal(refused.headers.get('retry-after'), '10');
  open.leave();
  await until('room', async () => (await server.call('HEAD', PATH)).status === 200);
  await still(server.pages);
  t.ok(server.pages() < ROWS / ROWS_AT_ONCE / 2, `${String(pages)} and ${String(server.pages())}`);
});

t.test('rows that come or go meanwhile leave the document whole', async (t) => {
  const server = await served(t);
  const open = await opened(t, server, `${PATH}?format=har`);
  await still(server.pages);
  server.logs.requests = server.logs.requests.filter(({ row }) => row > 500);
  server.logs.requests.unshift(loggedRequest(ROWS + 1));
  for (let row = 1; row < 1000; row += 1) server.logs.contentOf.delete(row);
  const { log } = JSON.parse(await rest(open)) as { log: { entries: unknown[] } };
  t.equal(log.entries.length, ROWS - 500);
});

t.test('a log that cannot be read any more cuts it', async (t) => {
  const server = await served(t);
  const open = await opened(t, server, `${PATH}?format=har`);
  await still(server.pages);
  server.logs.failWith = new Error('the disk is gone');
  await t.rejects(rest(open), { code: 'ECONNRESET' });
  t.match(server.warnings, [{ message: 'a download broke off' }]);
  const refused = await server.call('GET', PATH);
  t.equal(refused.status, 500, 'before the first byte it is an error like any other');
});

t.test('one that takes nothing, or takes too long, is cut', async (t) => {
  for (const limits of [{ downloadStallMs: 1 }, { downloadLifetimeMs: 1 }]) {
    const server = await served(t, ROWS, limits);
    await t.rejects(rest(await opened(t, server)), { code: 'ECONNRESET' });
  }
});

t.test('a stop cuts it, and is not held up', async (t) => {
  const server = await served(t);
  const open = await opened(t, server);
  t.equal(await server.server.drain(60_000), true);
  await t.rejects(rest(open), { code: 'ECONNRESET' });
});

t.test('it says where the next one goes on, whatever comes meanwhile', async (t) => {
  const server = await served(t, 130, { logDownloadRows: 60 });
  const ids: number[] = [];
  let before: string | undefined = '';
  const counts: number[] = [];
  while (before !== undefined) {
    const open = await opened(t, server, before === '' ? PATH : `${PATH}?before=${before}`);
    before = open.response.headers['x-next-before'] as string | undefined;
    server.logs.requests.unshift(loggedRequest(1000 + counts.length));
    const lines = (await rest(open)).trim().split('\n');
    counts.push(lines.length);
    ids.push(...lines.map((line) => Number((JSON.parse(line) as { id: string }).id)));
  }
  t.same(counts, [60, 60, 10]);
  t.same(
    ids,
    Array.from({ length: 130 }, (_, at) => 130 - at),
  );
});

t.test('HEAD has the same headers, and reads no further', async (t) => {
  const server = await served(t, 130, { logDownloadRows: 60 });
  const { status, headers, text } = await server.call('HEAD', PATH);
  t.same([status, headers.get('x-next-before'), text], [200, '71', '']);
  t.equal(headers.get('content-length'), null);
  t.equal((await server.call('GET', '/scim/v2/Users')).status, 200);
});
