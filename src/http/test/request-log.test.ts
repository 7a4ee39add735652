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

t.test('the content of a change follows its row by a key, with what was answered', async (t) => {
  const { call, store } = await serve(t);
  const { text } = await call('POST', '/scim/v2/Users', user({ password: 'hidden-password' }));
  const [content] = store.contents;
  t.equal(content?.key, store.commands[0]?.log?.contentKey);
  t.match(content, { responseBody: text, responseBytes: Buffer.byteLength(text) });
  t.match(content?.requestBody, /"password":"\(hidden\)"/);
  t.match(content?.requestHeaders, /\["authorization","\(hidden, \d+ characters\)"\]/);
});

t.test('a level of the endpoint says what is kept', async (t) => {
  const { call, store } = await serve(t);
  const seen = async (requestLog: string): Promise<[rows: number, contents: number]> => {
    store.addEndpoint({ id: 'e', name: 'e', config: { requestLog } });
    const before = [store.logged.length + store.commands.length, store.contents.length] as const;
    await call('GET', '/scim/endpoints/e/Users');
    await call('GET', '/scim/endpoints/e/Users/none');
    const created = await call('POST', '/scim/endpoints/e/Users', user({ userName: requestLog }));
    t.equal(created.status, 201);
    const commands = store.commands.filter(({ log }) => log === undefined).length;
    const rows = store.logged.length + store.commands.length - before[0] - commands;
    return [rows, store.contents.length - before[1]];
  };
  t.same(await seen('auto'), [3, 2]);
  t.same(await seen('full'), [3, 3]);
  t.same(await seen('summary'), [3, 0]);
  t.same(await seen('off'), [0, 0]);
});

t.test('answers with secrets, of administrators and token endpoints, are never kept', async (t) => {
  const { call, store } = await serve(t);
  await call('POST', '/scim/admin/endpoints', { name: 'acme', config: { requestLog: 'full' } });
  await call('POST', '/scim/oauth/token', 'grant_type=client_credentials');
  await call('POST', '/scim/admin/endpoints', '{');
  t.same(store.contents, []);
});

t.test('a long body is cut, and its size told', async (t) => {
  const { call, store } = await serve(t, { limits: { logBodyChars: 20 } });
  const body = JSON.stringify(user({ displayName: 'x'.repeat(100) }));
  await call('POST', '/scim/v2/Users', body);
  t.equal(
    store.contents[0]?.requestBody,
    `${body.slice(0, 20)}… (cut; ${String(body.length)} bytes in all)`,
  );
});

t.test('bodies are kept as they came and went, but for a byte order mark', async (t) => {
  const { call, store } = await serve(t);
  const body = `{ "schemas": [], "userName": "ж", "displayName": "\\/" }`;
  const answered = await call('POST', '/scim/v2/Users', body);
  t.match(store.contents[0], { requestBody: body, responseBody: answered.text });
  await call('POST', '/scim/v2/Users', `\uFEFF${body.replace('ж', 'з')}`);
  t.equal(store.contents[1]?.requestBody, body.replace('ж', 'з'));
});

t.test('probes are not logged', async (t) => {
  const { call, store } = await serve(t);
  await call('GET', '/health/live');
  await call('GET', '/health/ready');
  t.same(store.logged, []);
});
