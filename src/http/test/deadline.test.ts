import t from 'tap';
import { RawConnection, requestText } from './raw-connection.ts';
import { BEARER, serve, turns, user } from './serve.ts';

const HEADERS = [`Authorization: ${BEARER}`, 'Content-Type: application/json'];
/** The timer looks every 2 ms; time itself stands still until the test moves it. */
const LIMITS = { requestDeadlineMs: 40 };

t.test('a write that takes too long: 503, outcome unknown', async (t) => {
  const { port, store, clock, server } = await serve(t, { limits: LIMITS });
  let open: () => void = () => undefined;
  store.gate = new Promise((resolve) => {
    open = resolve;
  });
  const connection = await RawConnection.open(port);
  await connection.send(requestText('POST /scim/v2/Users', HEADERS, JSON.stringify(user())));
  while (store.commands.length === 0) await turns();
  clock.time += 41;
  const { status, headers, body } = await connection.response();
  t.equal(status, 503);
  t.equal(headers.get('retry-after'), '1');
  t.match(JSON.parse(body), { detail: /outcome of this request is unknown/ });
  t.match(store.logged, [{ status: 503, durationMs: 41 }]);
  open();
  t.equal(await server.drain(1000), true);
  t.equal(store.logged.length, 1, 'the writer logs what became of it');
});

t.test('a search that takes too long changed nothing, although it is a POST', async (t) => {
  const { port, store, clock } = await serve(t, { limits: LIMITS });
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  let asked = false;
  store.search = async () => {
    asked = true;
    await gate;
    return { totalResults: 0, resources: [], next: undefined, previous: undefined };
  };
  const connection = await RawConnection.open(port);
  await connection.send(requestText('POST /scim/v2/.search', HEADERS, '{}'));
  while (!asked) await turns();
  clock.time += 41;
  const { status, body } = await connection.response();
  t.equal(status, 503);
  t.match(JSON.parse(body), { detail: /too slow/ });
  open();
});

t.test('a body that does not arrive: 408, and the connection closes', async (t) => {
  const { port, store, clock } = await serve(t, { limits: LIMITS });
  const connection = await RawConnection.open(port);
  await connection.send(
    requestText('POST /scim/v2/Users', [...HEADERS, 'Content-Length: 10']),
    '{',
  );
  await turns();
  clock.time += 41;
  const { status, headers } = await connection.response();
  t.equal(status, 408);
  t.equal(headers.get('connection'), 'close');
  t.match(store.logged, [{ status: 408 }]);
  t.same(store.commands, []);
});

t.test('a request that is in time hears nothing of it', async (t) => {
  const { call, clock } = await serve(t, { limits: LIMITS });
  clock.time += 39;
  t.equal((await call('GET', '/scim/v2/Users')).status, 200);
});
