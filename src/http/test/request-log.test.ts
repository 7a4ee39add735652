import t from 'tap';
import { BEARER, SECRET, serve, user } from './serve.ts';

t.test('a write carries its row; http does not log it again', async (t) => {
  const { call, store } = await serve(t);
  const body = JSON.stringify(user({ userName: 'å' }));
  const headers = { 'X-Request-Id': 'req-1' };
  await call('POST', '/scim/v2/Users?attributes=id', body, headers);
  t.match(store.commands[0]?.log, {
    time: 1_700_000_000_000.5,
    requestId: 'req-1',
    endpointId: '0190-default',
    method: 'POST',
    target: '/scim/v2/Users?attributes=id',
    requestBytes: Buffer.byteLength(body),
    status: 201,
    durationMs: undefined,
  });
  t.equal(store.commands[0]?.kind === 'create' && store.commands[0].now, 1_700_000_000_000);
  const taken = await call('POST', '/scim/v2/Users', body);
  t.equal(taken.status, 409);
  t.same(store.logged, [], 'what the writer refused, it logged');
});

t.test('reads and refusals are logged after their answer', async (t) => {
  const { call, store } = await serve(t);
  await call('GET', '/scim/v2/Users?count=1');
  await call('POST', '/scim/v2/Users', '{');
  await call('GET', '/scim/v2/Users', undefined, { Authorization: 'Bearer wrong' });
  await call('GET', '/nowhere');
  await call('GET', '/scim/v2/Schemas');
  t.match(store.logged, [
    { method: 'GET', target: '/scim/v2/Users?count=1', status: 200, durationMs: 0 },
    { method: 'POST', status: 400, requestBytes: 1, detail: /JSON/ },
    { status: 401, endpointId: '0190-default', detail: /token/ },
    { status: 404, endpointId: undefined, target: '/nowhere' },
    { status: 200, target: '/scim/v2/Schemas' },
  ]);
});

t.test('no credential is in any row', async (t) => {
  const { call, store } = await serve(t);
  await call('GET', '/scim/v2/Users');
  await call('POST', '/scim/v2/Users', user({ password: 'hidden-password' }));
  const rows = JSON.stringify([store.logged, store.commands]);
  for (const secret of [SECRET, BEARER, 'hidden-password']) t.notMatch(rows, secret);
});

t.test('admin changes are logged with the endpoint they change', async (t) => {
  const { call, store } = await serve(t);
  const { json } = await call('POST', '/scim/admin/endpoints', { name: 'acme' });
  t.match(store.commands[0]?.log, { endpointId: json['id'], status: 201 });
});

t.test('probes are not logged', async (t) => {
  const { call, store } = await serve(t);
  await call('GET', '/health/live');
  await call('GET', '/health/ready');
  t.same(store.logged, []);
});
