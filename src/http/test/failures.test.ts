import t from 'tap';
import { ScimError } from '../../scim/errors.ts';
import { StoreError } from '../../store/results.ts';
import { serve, user } from './serve.ts';

t.test('what the store cannot do is 503 and says whether to look first', async (t) => {
  const { call, store } = await serve(t);
  const details = {
    overloaded: /nothing was done/,
    outcomeUnknown: /unknown/,
    full: /storage is full/,
    unavailable: /try again/,
  };
  for (const code of ['overloaded', 'outcomeUnknown', 'full', 'unavailable'] as const) {
    store.failWriteWith = new StoreError(code, 'insides');
    const reply = await call('POST', '/scim/v2/Users', user());
    t.equal(reply.status, 503, code);
    t.ok(reply.headers.get('retry-after'), code);
    t.match(reply.json, { detail: details[code] }, code);
    t.equal(store.logged.at(-1)?.status, 503, 'http logs it: the writer did not');
  }
  t.equal((await call('POST', '/scim/v2/Users', user())).status, 201);
});

t.test('the unforeseen is 500 without insides, logged once with its request id', async (t) => {
  const { call, store, faults } = await serve(t);
  store.failWriteWith = new TypeError('insides');
  const headers = { 'X-Request-Id': 'req-7' };
  const reply = await call('POST', '/scim/v2/Users', user(), headers);
  t.equal(reply.status, 500);
  t.notMatch(reply.text, /insides/);
  t.match(faults, [{ fields: { requestId: 'req-7' } }]);
  store.failReadWith = new TypeError('insides');
  t.equal((await call('GET', '/scim/v2/Users')).status, 500);
  t.equal((await call('GET', '/scim/v2/Users/x')).status, 500);
  t.equal(faults.length, 3);
});

t.test('a write whose answer cannot be read back is still answered as done', async (t) => {
  const { call, store } = await serve(t);
  const { json } = await call('POST', '/scim/v2/Users', user());
  store.failReadWith = new StoreError('unavailable', 'insides');
  const reply = await call('PUT', `/scim/v2/Users/${String(json['id'])}`, user({ title: 'Dr' }));
  t.equal(reply.status, 200);
  t.match(reply.json, { title: 'Dr' });
});

t.test('an answer with a header that must not leave is 500, not a broken response', async (t) => {
  const { call, faults } = await serve(t, { publicUrl: 'https://bad\r\nSet-Cookie: x' });
  const reply = await call('POST', '/scim/v2/Users', user());
  t.equal(reply.status, 500);
  t.equal(reply.headers.get('set-cookie'), null);
  t.equal(faults.length, 1);
});

t.test('a store that fails at once, before any promise, harms nobody', async (t) => {
  const { call, store } = await serve(t);
  store.endpoint = () => {
    throw new ScimError(400, 'odd');
  };
  t.equal((await call('GET', '/scim/v2/Users')).status, 400);
  store.log = () => {
    throw new Error('a log that breaks its promise');
  };
  t.equal((await call('GET', '/nowhere')).status, 404);
  t.equal((await call('GET', '/health/live')).status, 200);
});
