/**
 * The live tail over a real socket and a log in memory: who is slow, who goes away, who comes again,
 * and what a stop makes of them.
 */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { connect, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import type { LoggedRequest } from '../../store/request-logs.ts';
import { hasOpenssl, makeCertificate } from '../../../test/support/certificate.ts';
import { until } from '../../../test/support/until.ts';
import { loggedRequest } from './logged-request.ts';
import { BEARER, serve, type Served, type ServeOptions } from './serve.ts';

const LONG = 'x'.repeat(2000);

const QUICK = { tailLookMs: 5, tailBeatMs: 20 };

function served(t: Test, limits: ServeOptions['limits'] = {}): Promise<Served> {
  return serve(t, { limits: { ...QUICK, ...limits } });
}

/** Newest first, as the log has them. */
function write({ logs }: Served, ...rows: readonly LoggedRequest[]): void {
  logs.requests = [...rows.toReversed(), ...logs.requests];
}

/** A listener that has read up to where its stream is open. */
class Listener {
  text = '';
  isClosed = false;
  readonly socket: Socket;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('utf8').on('data', (text: string) => (this.text += text));
    socket.on('close', () => (this.isClosed = true)).on('error', () => undefined);
  }

  /** Numbers of the rows that came. */
  get ids(): number[] {
    return [...this.text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
  }
}

/** What a chunked answer says (RFC 9112 §7.1), up to the first chunk that is not whole. */
function chunksOf(text: string): string {
  let rest = text.slice(text.indexOf('\r\n\r\n') + 4);
  let body = '';
  for (;;) {
    const [head = '', size] = /^([0-9a-f]+)\r\n/i.exec(rest) ?? [];
    const length = parseInt(size ?? '0', 16);
    const end = head.length + length;
    if (length === 0 || rest.slice(end, end + 2) !== '\r\n') return body;
    body += rest.slice(head.length, end);
    rest = rest.slice(end + 2);
  }
}

function followersOf({ server }: Served): number | undefined {
  const family = server.metrics().find(({ name }) => name === 'scimlane_http_log_followers');
  return family?.kind === 'gauge' ? family.samples[0]?.value : undefined;
}

async function listen(
  t: Test,
  { port }: Served,
  query = '',
  headers: Readonly<Record<string, string>> = {},
): Promise<Listener> {
  const listener = await open(t, port, `/scim/admin/logs/stream${query}`, headers);
  await until('the stream', () => listener.text.includes('retry: 2000'));
  return listener;
}

async function open(
  t: Test,
  port: number,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Listener> {
  const socket = connect(port, '127.0.0.1');
  t.teardown(() => socket.destroy());
  await once(socket, 'connect');
  const lines = Object.entries({ Host: 'h', Authorization: BEARER, ...headers });
  socket.write(`GET ${path} HTTP/1.1\r\n`);
  socket.write(`${lines.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n`);
  return new Listener(socket);
}

t.test('rows come as they are written, as the list shows them', async (t) => {
  const server = await served(t);
  write(server, loggedRequest(1));
  const one = await listen(t, server);
  const two = await listen(t, server, '?hasError=true');
  t.match(one.text, /^HTTP\/1\.1 200 OK\r\n/);
  t.match(one.text, /Content-Type: text\/event-stream\r\n/);
  t.match(one.text, /Cache-Control: no-store\r\n/);
  write(server, loggedRequest(2), loggedRequest(3, { status: 404, detail: 'a\nb', who: 'ädä' }));
  await until('both rows', () => one.ids.length === 2 && two.ids.length === 1);
  t.same(one.ids, [2, 3]);
  t.same(two.ids, [3]);
  const data = /^id: 3\ndata: (.*)$/m.exec(two.text)?.[1] ?? '';
  t.match(JSON.parse(data), {
    id: '3',
    url: '/scim/v2/Users',
    status: 404,
    identifier: 'ädä',
    errorMessage: 'a\nb',
  });
});

t.test('a look serves all who are up to date, and there is none without a listener', async (t) => {
  const server = await served(t);
  const all = [await listen(t, server), await listen(t, server), await listen(t, server)];
  write(server, loggedRequest(1));
  await until('the row', () => all.every(({ ids }) => ids.length === 1));
  for (const { socket } of all) socket.destroy();
  await until('nobody', () => followersOf(server) === 0);
  const { looks } = server.logs;
  for (let n = 0; n < 20; n += 1) await server.call('GET', '/scim/v2/Users');
  t.equal(server.logs.looks, looks);
  const again = await listen(t, server);
  write(server, loggedRequest(2));
  await until('the row', () => again.ids.length === 1);
});

t.test('signs of life come while nothing is written', async (t) => {
  const listener = await listen(t, await served(t));
  await until('three of them', () => listener.text.split(':\n\n').length > 3);
  t.same(listener.ids, []);
});

t.test('who comes again goes on behind the row it has seen', async (t) => {
  const server = await served(t, { tailRows: 2 });
  write(server, ...[1, 2, 3, 4, 5, 6, 7].map((number) => loggedRequest(number)));
  const byHeader = await listen(t, server, '', { 'Last-Event-ID': '2' });
  const byQuery = await listen(t, server, '?lastEventId=5');
  const fromAhead = await listen(t, server, '?lastEventId=900');
  write(server, loggedRequest(8));
  await until('row 8', () => [byHeader, byQuery, fromAhead].every(({ ids }) => ids.includes(8)));
  t.same(byHeader.ids, [3, 4, 5, 6, 7, 8]);
  t.same(byQuery.ids, [6, 7, 8]);
  t.same(fromAhead.ids, [8]);
  const wrong = await server.call('GET', '/scim/admin/logs/stream?lastEventId=x');
  t.equal(wrong.status, 400);
  t.equal((await server.call('GET', '/scim/admin/logs/stream?before=4')).status, 400);
});

t.test('who comes from too far back is told of the gap', async (t) => {
  const server = await served(t, { tailBehindRows: 3 });
  write(server, ...[1, 2, 3, 4, 5, 6, 7].map((number) => loggedRequest(number)));
  const listener = await listen(t, server, '?lastEventId=1');
  await until('the newest', () => listener.ids.includes(7));
  t.same(listener.ids, [5, 6, 7]);
  t.match(listener.text, 'event: gap\ndata: {"after":1,"upTo":4}\n\n');
});

t.test('a log that was begun anew is told as a gap, and followed from its first row', async (t) => {
  const server = await served(t);
  write(server, ...[1, 2, 3].map((number) => loggedRequest(number)));
  const listener = await listen(t, server);
  server.logs.requests = [];
  server.logs.file = 'second';
  write(server, loggedRequest(1, { method: 'POST' }));
  await until('its first row', () => listener.ids.includes(1));
  t.match(listener.text, 'event: gap\ndata: {"after":3,"upTo":null}\n\n');
});

t.test('a listener that never reads is cut off, and costs others nothing', async (t) => {
  const server = await served(t, { tailStallMs: 300, tailBehindRows: 1_000_000 });
  const deaf = await listen(t, server);
  deaf.socket.pause();
  const other = await listen(t, server);
  let number = 0;
  await until('the deaf one’s end', async () => {
    const rows = Array.from({ length: 1000 }, () =>
      loggedRequest((number += 1), { userAgent: LONG }),
    );
    server.logs.requests = rows.toReversed();
    await until('the other one', () => other.ids.at(-1) === number);
    other.text = '';
    return number > 100_000 || followersOf(server) === 1;
  });
  t.equal(followersOf(server), 1);
  deaf.socket.resume();
  await until('its end', () => deaf.isClosed);
  t.equal(other.isClosed, false);
});

t.test('a slow listener gets all rows when it reads again', async (t) => {
  const server = await served(t, { tailStallMs: 60_000, tailBehindRows: 1_000_000 });
  const slow = await listen(t, server);
  slow.socket.pause();
  const rows = Array.from({ length: 10_000 }, (_, at) =>
    loggedRequest(at + 1, { userAgent: LONG }),
  );
  write(server, ...rows);
  const other = await listen(t, server, '?lastEventId=0');
  await until('the other one', () => other.ids.at(-1) === rows.length);
  slow.socket.resume();
  await until('all rows', () => slow.ids.at(-1) === rows.length);
  t.equal(slow.ids.length, rows.length);
  t.equal(chunksOf(slow.text).match(/^id: /gm)?.length, rows.length, 'no chunk is broken');
});

t.test('too many are refused, and who vanishes makes room', async (t) => {
  const server = await served(t, { tailListeners: 2 });
  const first = await listen(t, server);
  await listen(t, server);
  const refused = await server.call('GET', '/scim/admin/logs/stream');
  t.equal(refused.status, 429);
  t.equal(refused.headers.get('retry-after'), '10');
  first.socket.destroy();
  await until('room', () => followersOf(server) === 1);
  await listen(t, server);
  t.equal(followersOf(server), 2);
});

t.test('a stop ends the streams at once and is not held up', async (t) => {
  const server = await served(t);
  const listener = await listen(t, server);
  t.equal(await server.server.drain(60_000), true);
  await until('its end', () => listener.isClosed);
  t.match(listener.text, /0\r\n\r\n$/, 'ended, not cut');
  t.equal(followersOf(server), 0);
});

t.test('a stream ends after its time, so that its token is looked at again', async (t) => {
  const server = await served(t, { tailLifetimeMs: 1 });
  const listener = await listen(t, server);
  await until('its end', () => listener.isClosed);
  t.match(listener.text, /0\r\n\r\n$/);
});

t.test('a log that cannot be read for a while ends no stream', async (t) => {
  const server = await served(t);
  const listener = await listen(t, server);
  server.logs.failWith = new Error('gone');
  await until('it is told', () => server.warnings.length > 0);
  server.logs.failWith = undefined;
  write(server, loggedRequest(1));
  await until('the row', () => listener.ids.length === 1);
  t.equal(server.warnings.length, 1, 'told once');
});

t.test('over TLS as well', { skip: hasOpenssl() ? false : 'there is no openssl' }, async (t) => {
  const tls = makeCertificate(t.testdir({}), 'tail');
  const server = await serve(t, { tls, limits: QUICK });
  write(
    server,
    ...Array.from({ length: 3000 }, (_, at) => loggedRequest(at + 1, { userAgent: LONG })),
  );
  const path = '/scim/admin/logs/stream?lastEventId=0';
  const headers = { Authorization: BEARER };
  const options = {
    host: '127.0.0.1',
    port: server.port,
    path,
    headers,
    rejectUnauthorized: false,
  };
  let text = '';
  const incoming = await new Promise<IncomingMessage>((resolve) => {
    const outgoing = request(options, resolve).on('error', () => undefined);
    t.teardown(() => outgoing.destroy());
    outgoing.end();
  });
  incoming.on('error', () => undefined);
  incoming.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  await until('the last row', () => text.includes('id: 3000\n'));
  t.equal(text.match(/^id: /gm)?.length, 3000);
});

t.test('a stream holds no place of a request, and is logged when it begins', async (t) => {
  const server = await served(t, { inFlightRequests: 1 });
  await listen(t, server);
  t.equal((await server.call('GET', '/scim/v2/Users')).status, 200);
  const logged = server.store.logged.filter(({ target }) => target.endsWith('/stream'));
  t.match(logged, [{ status: 200 }]);
});
