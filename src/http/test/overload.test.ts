import t from 'tap';
import { RawConnection, requestText } from './raw-connection.ts';
import { BEARER, serve, turns, user, type Served } from './serve.ts';

const HEADERS = [`Authorization: ${BEARER}`, 'Content-Type: application/json'];

/** Occupies a place until `open` is called. */
async function occupy({ port, store }: Served): Promise<() => void> {
  let open: () => void = () => undefined;
  store.gate = new Promise((resolve) => {
    open = resolve;
  });
  const connection = await RawConnection.open(port);
  await connection.send(requestText('POST /scim/v2/Users', HEADERS, JSON.stringify(user())));
  while (store.commands.length === 0) await turns();
  return open;
}

t.test('one request too many: 503 with Retry-After, and room again afterwards', async (t) => {
  const served = await serve(t, { limits: { inFlightRequests: 1 } });
  const open = await occupy(served);
  const refused = await served.call('GET', '/scim/v2/Users');
  t.equal(refused.status, 503);
  t.equal(refused.headers.get('retry-after'), '1');
  t.match(refused.json, { status: '503', detail: /nothing was done/ });
  t.equal((await served.call('GET', '/health/live')).status, 200, 'probes have no bound');
  open();
  while ((await served.call('GET', '/scim/v2/Users')).status !== 200) await turns();
  t.same(served.faults, []);
});

t.test('bodies are bounded together, declared or chunked', async (t) => {
  const served = await serve(t, { limits: { bodyBytes: 1000, inFlightBytes: 1000 } });
  const open = await occupy(served);
  const large = JSON.stringify(user()).padEnd(950, ' ');
  t.equal((await served.call('POST', '/scim/v2/Users', large)).status, 503);
  const connection = await RawConnection.open(served.port);
  await connection.send(
    requestText('POST /scim/v2/Users', [...HEADERS, 'Transfer-Encoding: chunked']),
    `${(950).toString(16)}\r\n${large}\r\n`,
  );
  const { status, headers } = await connection.response();
  t.equal(status, 503);
  t.equal(headers.get('connection'), 'close');
  t.equal(served.store.commands.length, 1);
  open();
});
