import t from 'tap';
import { serve, user } from './serve.ts';

const GROUP = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'Crew' };

t.test('POST: 201, Location equal to meta.location, ETag equal to meta.version', async (t) => {
  const { call, origin, store } = await serve(t);
  const reply = await call('POST', '/scim/v2/Users', user({ id: 'mine', password: 'secret' }));
  t.equal(reply.status, 201);
  t.equal(reply.headers.get('content-type'), 'application/scim+json');
  const { id } = reply.json;
  t.not(id, 'mine', 'a client does not choose ids');
  t.equal(reply.headers.get('location'), `${origin}/scim/v2/Users/${String(id)}`);
  t.equal(reply.headers.get('etag'), 'W/"1"');
  t.match(reply.json, {
    userName: 'ada@example.com',
    meta: { resourceType: 'User', location: reply.headers.get('location'), version: 'W/"1"' },
  });
  t.notMatch(reply.text, /secret/);
  t.match(store.commands, [{ kind: 'create', type: 'User', id, name: 'ada@example.com' }]);
  t.equal(store.gets.length, 0, 'a new user is shown from what we have');
});

t.test('a request without token is 401 and its body is not looked at', async (t) => {
  const { call, store } = await serve(t);
  const reply = await call('POST', '/scim/v2/Users', '{broken', { Authorization: '' });
  t.equal(reply.status, 401);
  t.match(reply.headers.get('www-authenticate'), /^Bearer/);
  t.match(reply.json, { status: '401' });
  t.equal(reply.headers.get('content-type'), 'application/scim+json');
  t.same(store.commands, []);
});

t.test('GET by id shows the groups of a user with absolute references', async (t) => {
  const { call, origin } = await serve(t);
  const { json: ada } = await call('POST', '/scim/v2/Users', user());
  const { json: crew } = await call('POST', '/scim/v2/Groups', {
    ...GROUP,
    members: [{ value: ada['id'] }],
  });
  const ref = `${origin}/scim/v2/Users/${String(ada['id'])}`;
  t.match(crew['members'], [{ value: ada['id'], $ref: ref }], 'members are shown after POST');
  const { status, json } = await call('GET', `/scim/v2/Users/${String(ada['id'])}`);
  t.equal(status, 200);
  t.match(json['groups'], [{ $ref: `${origin}/scim/v2/Groups/${String(crew['id'])}` }]);
});

t.test('the location takes the form of the URL that the client used', async (t) => {
  const { call, origin, store } = await serve(t);
  store.addEndpoint({ id: '0190-acme', name: 'acme' });
  for (const root of [
    '/scim',
    '/scim/v2',
    '/scim/endpoints/acme',
    '/scim/endpoints/0190-acme',
    '/scim/v2/endpoints/acme',
  ]) {
    const reply = await call('POST', `${root}/users`, user({ userName: root }));
    const id = String(reply.json['id']);
    t.equal(reply.headers.get('location'), `${origin}${root}/Users/${id}`, root);
  }
});

t.test('excludedAttributes=members reads no members', async (t) => {
  const { call, store } = await serve(t);
  const { json } = await call('POST', '/scim/v2/Groups', { ...GROUP, members: [{ value: 'u1' }] });
  store.gets.length = 0;
  const path = `/scim/v2/Groups/${String(json['id'])}`;
  const without = await call('GET', `${path}?excludedAttributes=members`);
  t.notOk('members' in without.json);
  await call('GET', `/scim/v2/Groups?excludedAttributes=members`);
  t.match(store.gets, [{ links: undefined }]);
  t.match(store.searches, [{ links: undefined }]);
  const narrow = await call('GET', `${path}?attributes=displayName`);
  t.same(Object.keys(narrow.json).sort(), ['displayName', 'id', 'schemas']);
  t.match(store.gets[1], { links: undefined });
});

t.test('attributes shape the answer of every verb that has one', async (t) => {
  const { call } = await serve(t);
  const query = '?attributes=userName';
  const keys = ['id', 'schemas', 'userName'];
  const created = await call('POST', `/scim/v2/Users${query}`, user({ title: 'Dr' }));
  t.same(Object.keys(created.json).sort(), keys);
  const path = `/scim/v2/Users/${String(created.json['id'])}${query}`;
  t.same(Object.keys((await call('GET', path)).json).sort(), keys);
  t.same(Object.keys((await call('PUT', path, user({ title: 'Prof' }))).json).sort(), keys);
  const patch = await call('PATCH', path, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'replace', value: { title: 'Sir' } }],
  });
  t.same(Object.keys(patch.json).sort(), keys);
  const list = await call('GET', `/scim/v2/Users${query}`);
  const [first] = list.json['Resources'] as object[];
  t.same(Object.keys(first ?? {}).sort(), keys);
});

t.test('PUT: 200 with the whole resource; an echoed id, meta and groups are ignored', async (t) => {
  const { call, store } = await serve(t);
  const { json } = await call('POST', '/scim/v2/Users', user());
  const path = `/scim/v2/Users/${String(json['id'])}`;
  const reply = await call('PUT', path, user({ id: 'other', meta: {}, groups: [], title: 'Dr' }));
  t.equal(reply.status, 200);
  t.match(reply.json, { id: json['id'], title: 'Dr', meta: { version: 'W/"2"' } });
  t.equal(reply.headers.get('etag'), 'W/"2"');
  t.match(store.commands[1], { kind: 'replace', ifMatch: undefined });
  t.equal((await call('PUT', '/scim/v2/Users/unknown', user({ userName: 'x' }))).status, 404);
});

t.test('PATCH of a user is 200 with the body', async (t) => {
  const { call } = await serve(t);
  const { json } = await call('POST', '/scim/v2/Users', user());
  const reply = await call('PATCH', `/scim/v2/Users/${String(json['id'])}`, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'replace', value: { title: 'Dr' } }],
  });
  t.equal(reply.status, 200);
  t.match(reply.json, { title: 'Dr', meta: { version: 'W/"2"' } });
});

t.test('PATCH of a group is 204 unless attributes or a setting ask for the body', async (t) => {
  const { call, store } = await serve(t);
  const { json } = await call('POST', '/scim/v2/Groups', GROUP);
  const path = `/Groups/${String(json['id'])}`;
  const patch = {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'replace', value: { displayName: 'Band' } }],
  };
  const bare = await call('PATCH', `/scim/v2${path}`, patch);
  t.equal(bare.status, 204);
  t.equal(bare.text, '');
  t.equal(bare.headers.get('content-length'), null);
  t.equal(bare.headers.get('etag'), 'W/"2"');
  t.equal(store.gets.length, 0, 'and its members are not read');
  t.match(store.commands[1], { log: { status: 204 } });
  const asked = await call('PATCH', `/scim/v2${path}?attributes=displayName`, patch);
  t.equal(asked.status, 200);
  t.match(asked.json, { displayName: 'Band' });
  const config = { groupPatchReturnsBody: true };
  store.addEndpoint({ id: '0190-default', name: 'default', config });
  const told = await call('PATCH', `/scim/v2${path}`, patch);
  t.equal(told.status, 200);
});

t.test('DELETE is 204, then 404', async (t) => {
  const { call } = await serve(t);
  const { json } = await call('POST', '/scim/v2/Users', user());
  const path = `/scim/v2/Users/${String(json['id'])}`;
  const gone = await call('DELETE', path);
  t.equal(gone.status, 204);
  t.equal(gone.text, '');
  t.equal((await call('DELETE', path)).status, 404);
  t.match((await call('GET', path)).json, { status: '404', detail: /no User has the id/ });
});

t.test('HEAD is GET without body, with the length that GET has', async (t) => {
  const { call } = await serve(t);
  const { json } = await call('POST', '/scim/v2/Users', user());
  const path = `/scim/v2/Users/${String(json['id'])}`;
  const get = await call('GET', path);
  const head = await call('HEAD', path);
  t.equal(head.status, 200);
  t.equal(head.text, '');
  t.equal(head.headers.get('content-length'), String(Buffer.byteLength(get.text)));
  t.equal(head.headers.get('etag'), get.headers.get('etag'));
  t.equal((await call('GET', path)).status, 200, 'the connection goes on');
});

t.test('a list is a page in a ListResponse, and nothing found is an empty one', async (t) => {
  const { call, store } = await serve(t);
  const empty = await call('GET', '/scim/v2/Users?filter=userName+eq+"nobody"');
  t.equal(empty.status, 200);
  t.match(empty.json, { totalResults: 0, startIndex: 1, itemsPerPage: 0, Resources: [] });
  t.match(store.searches[0], {
    types: [{ name: 'User', filter: { kind: 'compare', value: 'nobody' }, links: true }],
    start: { by: 'index', startIndex: 1 },
    count: 100,
  });
  for (const userName of ['a', 'b', 'c']) await call('POST', '/scim/v2/Users', user({ userName }));
  const page = await call('GET', '/scim/v2/Users?startIndex=2&count=1');
  t.match(page.json, { totalResults: 3, startIndex: 2, itemsPerPage: 1 });
  t.match(page.json['Resources'], [{ userName: 'b', meta: { resourceType: 'User' } }]);
  const low = await call('GET', '/scim/v2/Users?startIndex=-5&count=0');
  t.match(low.json, { totalResults: 3, startIndex: 1, itemsPerPage: 0, Resources: [] });
});

t.test('what is wrong with a query is 400 and does not reach the store', async (t) => {
  const { call, store } = await serve(t);
  const cases = [
    ['count=abc', 'invalidValue'],
    ['filter=userName+eq', 'invalidFilter'],
    ['filter=', 'invalidFilter'],
    ['filter=nosuch+eq+1', 'invalidFilter'],
    ['filter=active+gt+true', 'invalidFilter'],
    ['filter=%ff', 'invalidValue'],
    ['sortBy=nosuch', 'invalidValue'],
    ['sortBy=name', 'invalidValue'],
    ['sortBy=password', 'invalidValue'],
    ['sortBy=userName&sortOrder=up', 'invalidValue'],
    ['cursor&startIndex=1', 'invalidValue'],
    ['cursor&count=ten', 'invalidCount'],
    ['cursor=made-up', 'invalidCursor'],
  ] as const;
  for (const [query, scimType] of cases) {
    const reply = await call('GET', `/scim/v2/Users?${query}`);
    t.equal(reply.status, 400, query);
    t.match(reply.json, { scimType, detail: /^[^\n]+$/ }, query);
  }
  t.same(store.searches, []);
});

t.test('letters of every width come back as they went in', async (t) => {
  const { call } = await serve(t);
  const userName = 'å€😀\r\n"\\ \u2028';
  const { status, json, text } = await call('POST', '/scim/v2/Users', user({ userName }));
  t.equal(status, 201);
  t.equal(json['userName'], userName);
  t.match(text, /å€😀/);
  const taken = await call('POST', '/scim/v2/Users', user({ userName }));
  t.equal(taken.status, 409);
  t.match(taken.json, { scimType: 'uniqueness' });
});

t.test('an unknown type, an unknown endpoint and an inactive one', async (t) => {
  const { call, store } = await serve(t);
  store.addEndpoint({ id: '0190-off', name: 'off', active: false });
  t.match((await call('GET', '/scim/v2/Things')).json, {
    status: '404',
    detail: /Users and Groups/,
  });
  t.equal((await call('GET', '/scim/endpoints/none/Users')).status, 404);
  t.equal((await call('GET', '/scim/endpoints/off/Users')).status, 403);
  t.equal((await call('GET', '/scim/endpoints/off/Schemas')).status, 403);
});

t.test('/Me is 501', async (t) => {
  const { call } = await serve(t);
  t.equal((await call('GET', '/scim/v2/Me')).status, 501);
  t.equal((await call('PATCH', '/scim/v2/me', {})).status, 501);
});
