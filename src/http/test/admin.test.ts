import t from 'tap';
import { BEARER, serve, user } from './serve.ts';

const ADMIN = '/scim/admin/endpoints';

t.test('an endpoint is created, found, changed and deleted', async (t) => {
  const { call } = await serve(t);
  const body = { name: 'acme', displayName: 'Acme', config: { requireIfMatch: 'True' } };
  const created = await call('POST', ADMIN, body);
  t.equal(created.status, 201);
  const id = String(created.json['id']);
  t.same(created.json, {
    id,
    name: 'acme',
    displayName: 'Acme',
    description: null,
    config: { requireIfMatch: 'True' },
    active: true,
    scimEndpoint: `/scim/endpoints/${id}`,
    createdAt: '2023-11-14T22:13:20.000Z',
    updatedAt: '2023-11-14T22:13:20.000Z',
  });
  t.same((await call('GET', `${ADMIN}/${id}`)).json, created.json);
  t.same((await call('GET', `${ADMIN}/by-name/acme`)).json, created.json);
  const changed = await call('PATCH', `${ADMIN}/${id}`, { active: false });
  t.equal(changed.status, 200);
  t.match(changed.json, { name: 'acme', displayName: 'Acme', active: false });
  t.equal((await call('GET', '/scim/endpoints/acme/Users')).status, 403);
  const gone = await call('DELETE', `${ADMIN}/${id}`);
  t.equal(gone.status, 204);
  t.equal(gone.text, '');
  for (const method of ['GET', 'DELETE'] as const) {
    t.match((await call(method, `${ADMIN}/${id}`)).json, { status: '404' }, method);
  }
  t.equal((await call('PATCH', `${ADMIN}/${id}`, {})).status, 404);
});

t.test('the list is a bare array and can be cut by active', async (t) => {
  const { call, store } = await serve(t);
  store.addEndpoint({ id: '2', name: 'off', active: false });
  const names = async (query: string): Promise<string[]> => {
    const reply = await call('GET', `${ADMIN}${query}`);
    return (JSON.parse(reply.text) as { name: string }[]).map(({ name }) => name);
  };
  t.same(await names(''), ['default', 'off']);
  t.same(await names('?active=true'), ['default']);
  t.same(await names('?active=false'), ['off']);
  t.equal((await call('GET', `${ADMIN}?active=maybe`)).status, 400);
});

t.test('a path by id reaches no endpoint by its name, nor the other way round', async (t) => {
  const { call, store } = await serve(t);
  store.addEndpoint({ id: '2', name: 'acme' });
  t.equal((await call('GET', `${ADMIN}/acme`)).status, 404);
  t.equal((await call('GET', `${ADMIN}/by-name/2`)).status, 404);
  t.equal((await call('DELETE', `${ADMIN}/acme`)).status, 404);
  t.ok(store.endpoint('acme'));
});

t.test('stats count what the endpoint has', async (t) => {
  const { call } = await serve(t);
  await call('POST', '/scim/v2/Users', user());
  const { json } = await call('GET', `${ADMIN}/0190-default/stats`);
  t.match(json, { totalUsers: 1, totalGroups: 0, totalGroupMembers: 0 });
});

t.test('errors are SCIM bodies that name the field, and nothing reaches the store', async (t) => {
  const { call, store } = await serve(t);
  const reply = await call('POST', ADMIN, { name: 'a b' });
  t.equal(reply.status, 400);
  t.equal(reply.headers.get('content-type'), 'application/scim+json');
  t.match(reply.json, { status: '400', scimType: 'invalidValue', detail: /^name takes/ });
  const setting = await call('POST', ADMIN, { name: 'a', config: { requireIfMatch: 'maybe' } });
  t.match(setting.json, { status: '400', detail: /^config\.requireIfMatch takes true or false/ });
  t.same(store.commands, []);
});

t.test('the admin plane asks for the token', async (t) => {
  const { call, origin } = await serve(t);
  t.equal((await call('GET', ADMIN, undefined, { Authorization: 'Bearer x' })).status, 401);
  const plain = { Authorization: BEARER, 'Content-Type': 'application/json' };
  const body = JSON.stringify({ name: 'plain' });
  const reply = await fetch(`${origin}${ADMIN}`, { method: 'POST', headers: plain, body });
  t.equal(reply.status, 201);
  t.equal(reply.headers.get('content-type'), 'application/json');
  await reply.body?.cancel();
});
