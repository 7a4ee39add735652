import t from 'tap';
import { RawConnection, requestText } from './raw-connection.ts';
import { BEARER, serve, turns, user } from './serve.ts';

const HEADERS = [`Authorization: ${BEARER}`, 'Content-Type: application/json'];
const GET = requestText('GET /scim/v2/Users', HEADERS);
const post = (userName: string): string =>
  requestText('POST /scim/v2/Users', HEADERS, JSON.stringify(user({ userName })));

/** A promise and the function that resolves it. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

t.test('many requests follow each other on one connection, whatever they were', async (t) => {
  const { port } = await serve(t);
  const connection = await RawConnection.open(port);
  const expected = [
    ['GET', '/scim/v2/Users', 200],
    ['HEAD', '/scim/v2/Users', 200],
    ['GET', '/nowhere', 404],
    ['DELETE', '/scim/v2/Users', 405],
    ['HEAD', '/scim/v2/Users/none', 404],
    ['GET', '/health/live', 200],
    ['DELETE', '/scim/v2/Users/none', 404],
    ['GET', '/scim/v2/Users', 200],
  ] as const;
  for (const [method, path, status] of expected) {
    await connection.send(requestText(`${method} ${path}`, HEADERS));
    t.equal((await connection.response(method)).status, status, `${method} ${path}`);
  }
});

t.test('204 and 304 leave the connection usable and carry no length', async (t) => {
  const { port, call } = await serve(t);
  const { json } = await call('POST', '/scim/v2/Users', user());
  const path = `/scim/v2/Users/${String(json['id'])}`;
  const connection = await RawConnection.open(port);
  await connection.send(requestText(`GET ${path}`, [...HEADERS, 'If-None-Match: *']));
  const notModified = await connection.response();
  t.equal(notModified.status, 304);
  t.notOk(notModified.headers.has('content-length'));
  await connection.send(requestText(`DELETE ${path}`, HEADERS));
  const noContent = await connection.response();
  t.equal(noContent.status, 204);
  t.notOk(noContent.headers.has('content-length'));
  await connection.send(GET);
  t.equal((await connection.response()).status, 200);
});

t.test('a client that goes in the middle of its body leaves nothing behind', async (t) => {
  const { port, store, call } = await serve(t);
  const whole = post('half');
  const connection = await RawConnection.open(port);
  await connection.send(whole.slice(0, -10));
  await turns();
  connection.destroy();
  while (store.logged.length === 0) await turns();
  t.match(store.logged, [{ status: 499, method: 'POST' }]);
  t.same(store.commands, []);
  t.equal((await call('GET', '/scim/v2/Users')).status, 200);
});

t.test('a client that goes while its write is under way: the write is done', async (t) => {
  const { server, port, store, call, faults } = await serve(t);
  const { opened, open } = gate();
  store.gate = opened;
  const connection = await RawConnection.open(port);
  await connection.send(post('gone'));
  while (store.commands.length === 0) await turns();
  connection.destroy();
  await turns(20);
  open();
  const { json } = await call('GET', '/scim/v2/Users');
  t.equal(json['totalResults'], 1);
  t.same(faults, []);
  t.equal(await server.drain(1000), true, 'and holds no place');
});

t.test('a client that goes while it is being read to', async (t) => {
  const { port, call, faults } = await serve(t);
  for (let round = 0; round < 20; round += 1) {
    const connection = await RawConnection.open(port);
    await connection.send(GET);
    connection.destroy();
  }
  t.equal((await call('GET', '/scim/v2/Users')).status, 200);
  t.same(faults, []);
});

t.test('pipelined requests that are answered at once are all answered', async (t) => {
  const { port } = await serve(t);
  const connection = await RawConnection.open(port);
  const request = requestText('GET /nowhere', HEADERS);
  await connection.send(request + request);
  t.equal((await connection.response()).status, 404);
  t.equal((await connection.response()).status, 404);
});

t.test('a second request while one is pending ends the connection, not the server', async (t) => {
  const { port, store, call } = await serve(t);
  const { opened, open } = gate();
  store.gate = opened;
  const connection = await RawConnection.open(port);
  await connection.send(post('first') + post('second'));
  t.equal(await connection.closed(), '');
  open();
  t.equal((await call('GET', '/scim/v2/Users')).status, 200);
  t.ok(store.commands.length <= 1, 'the second was never read');
});

t.test('a request without Host is refused before it reaches us', async (t) => {
  const { port, store } = await serve(t);
  const connection = await RawConnection.open(port);
  await connection.send('GET /scim/v2/Users HTTP/1.1\r\nA: b\r\n\r\n');
  t.match(await connection.closed(), /^HTTP\/1\.1 400 /);
  t.same(store.logged, []);
});

t.test('X-Request-Id comes back when it is sane and is made up otherwise', async (t) => {
  const { call } = await serve(t);
  const sent = await call('GET', '/nowhere', undefined, { 'X-Request-Id': 'trace-7' });
  t.equal(sent.headers.get('x-request-id'), 'trace-7');
  const odd = await call('GET', '/nowhere', undefined, { 'X-Request-Id': `a"b` });
  t.match(odd.headers.get('x-request-id'), /^id-\d+$/);
});
