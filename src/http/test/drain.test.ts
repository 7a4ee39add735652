import t from 'tap';
import { RawConnection, requestText } from './raw-connection.ts';
import { BEARER, serve, turns, user } from './serve.ts';

const HEADERS = [`Authorization: ${BEARER}`, 'Content-Type: application/json'];
const GET = requestText('GET /scim/v2/Users', HEADERS);
const POST = requestText('POST /scim/v2/Users', HEADERS, JSON.stringify(user()));

t.test('what is in flight is answered, and its connection closes', async (t) => {
  const { server, port, store } = await serve(t);
  let open: () => void = () => undefined;
  store.gate = new Promise((resolve) => {
    open = resolve;
  });
  const connection = await RawConnection.open(port);
  await connection.send(POST);
  while (store.commands.length === 0) await turns();
  let drained: boolean | undefined;
  const draining = server.drain(60_000).then((all) => {
    drained = all;
  });
  await turns(20);
  t.equal(drained, undefined, 'it waits');
  open();
  const { status, headers } = await connection.response();
  t.equal(status, 201);
  t.equal(headers.get('connection'), 'close');
  await connection.closed();
  await draining;
  t.equal(drained, true);
});

t.test('no new connection is taken', async (t) => {
  const { server, port } = await serve(t);
  t.equal(await server.drain(1000), true);
  await t.rejects(RawConnection.open(port), { code: 'ECONNREFUSED' });
});

t.test('an endless keep-alive client gets one more answer', async (t) => {
  const { server, port } = await serve(t);
  const connection = await RawConnection.open(port);
  await connection.send(GET);
  const before = await connection.response();
  t.notOk(before.headers.has('connection'));
  await server.drain(1000);
  await connection.send(GET);
  const after = await connection.response();
  t.equal(after.status, 200);
  t.equal(after.headers.get('connection'), 'close');
  await connection.closed();
});

t.test('answers without body tell the client to close', async (t) => {
  const { server, port } = await serve(t);
  const connection = await RawConnection.open(port);
  await connection.send(requestText('HEAD /nowhere'));
  await connection.response('HEAD');
  await server.drain(1000);
  await connection.send(requestText('HEAD /nowhere'));
  const { status, headers } = await connection.response('HEAD');
  t.equal(status, 404);
  t.equal(headers.get('connection'), 'close');
});

t.test('the deadline ends the wait: who is not answered yet hears 503', async (t) => {
  const { server, port, store, faults } = await serve(t);
  store.gate = new Promise(() => undefined);
  const busy = await RawConnection.open(port);
  const idle = await RawConnection.open(port);
  await busy.send(POST);
  while (store.commands.length === 0) await turns();
  t.equal(await server.drain(1), false);
  server.close();
  const { status, headers } = await busy.response();
  t.equal(status, 503);
  t.equal(headers.get('connection'), 'close');
  t.equal(await busy.closed(), '');
  t.equal(await idle.closed(), '');
  server.close();
  t.same(faults, []);
});

t.test('a body that never comes is refused at the deadline, and is no failure', async (t) => {
  const { server, port, store } = await serve(t);
  const half = await RawConnection.open(port);
  await half.send(POST.slice(0, -5));
  // Answered after the half request was read: it came first.
  const other = await RawConnection.open(port);
  await other.send(GET);
  await other.response();
  t.equal(await server.drain(1), true);
  const { status } = await half.response();
  t.equal(status, 408);
  await half.closed();
  t.same(store.commands, []);
  server.close();
});
