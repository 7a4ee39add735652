/** POST /.search and lists of the root: what http asks of the store, and what it makes of the answer. */
import t from 'tap';
import { serve, user } from './serve.ts';

const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';
const GROUP = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'Crew' };

t.test('a search asks the store what the same list asks', async (t) => {
  const { call, store } = await serve(t);
  await call(
    'GET',
    '/scim/v2/Users?filter=title+pr&sortBy=title&sortOrder=descending&startIndex=2&count=3&excludedAttributes=groups',
  );
  const reply = await call('POST', '/scim/v2/Users/.search', {
    schemas: [SEARCH],
    filter: 'title pr',
    sortBy: 'title',
    sortOrder: 'descending',
    startIndex: 2,
    count: 3,
    excludedAttributes: ['groups'],
  });
  t.equal(reply.status, 200);
  t.equal(reply.headers.get('content-type'), 'application/scim+json');
  t.equal(reply.headers.get('etag'), null);
  t.equal(store.searches.length, 2);
  t.same(store.searches[1], store.searches[0]);
  t.same(store.commands, [], 'a search writes nothing');
});

t.test('a search that says nothing is the first page; its query string says nothing', async (t) => {
  const { call } = await serve(t);
  for (const userName of ['a', 'b', 'c']) await call('POST', '/scim/v2/Users', user({ userName }));
  for (const body of [{}, { schemas: [SEARCH] }, { count: null, unknown: 1 }]) {
    const reply = await call('POST', '/scim/v2/Users/.search?count=1', body);
    t.match(reply.json, { totalResults: 3, startIndex: 1, itemsPerPage: 3 });
  }
});

t.test('names of members compare without case; attributes are an array', async (t) => {
  const { call } = await serve(t);
  await call('POST', '/scim/v2/Users', user({ title: 'Dr' }));
  const reply = await call('POST', '/scim/v2/Users/.search', {
    SCHEMAS: [SEARCH.toUpperCase()],
    Attributes: ['username'],
    STARTINDEX: 1,
  });
  const [found] = reply.json['Resources'] as Record<string, unknown>[];
  t.strictSame(Object.keys(found ?? {}).toSorted(), ['id', 'schemas', 'userName']);
});

t.test('a body that is no search is 400 that names the member', async (t) => {
  const { call, store } = await serve(t);
  const cases = [
    [[], 'invalidSyntax', /object/],
    [{ schemas: ['urn:x'] }, 'invalidSyntax', /schemas/],
    [{ schemas: SEARCH }, 'invalidSyntax', /schemas/],
    [{ attributes: 'userName' }, 'invalidSyntax', /^attributes must be an array/],
    [{ attributes: ['userName', 1] }, 'invalidSyntax', /^attributes\[1\]/],
    [{ excludedAttributes: { a: 1 } }, 'invalidSyntax', /^excludedAttributes/],
    [{ filter: 1 }, 'invalidSyntax', /^filter/],
    [{ filter: 'nosuch pr' }, 'invalidFilter', /nosuch/],
    [{ sortBy: ['title'] }, 'invalidSyntax', /^sortBy/],
    [{ sortBy: 'nosuch' }, 'invalidValue', /^sortBy: User has no attribute "nosuch"/],
    [{ sortBy: 'title', sortOrder: 'up' }, 'invalidValue', /^sortOrder/],
    [{ startIndex: '1' }, 'invalidSyntax', /^startIndex must be a whole number, but is a string/],
    [{ count: 1.5 }, 'invalidSyntax', /^count must be a whole number, but is 1.5/],
    [{ cursor: '', count: '1' }, 'invalidCount', /^count/],
    [{ cursor: 1 }, 'invalidSyntax', /^cursor/],
    [{ cursor: '', startIndex: 1 }, 'invalidValue', /startIndex or cursor/],
    [{ cursor: 'x' }, 'invalidCursor', /^cursor/],
    [{ attributes: ['id'], excludedAttributes: ['title'] }, 'invalidValue', /not both/],
  ] as const;
  for (const [body, scimType, detail] of cases) {
    const reply = await call('POST', '/scim/v2/Users/.search', body);
    t.equal(reply.status, 400, JSON.stringify(body));
    t.match(reply.json, { scimType, detail }, JSON.stringify(body));
  }
  t.same(store.searches, []);
});

t.test('a search wants a JSON content type and a type that is served', async (t) => {
  const { call } = await serve(t);
  const text = { 'Content-Type': 'text/plain' };
  t.equal((await call('POST', '/scim/v2/.search', '{}', text)).status, 415);
  t.equal((await call('POST', '/scim/v2/.search', '')).status, 400);
  t.equal((await call('POST', '/scim/v2/Nobodies/.search', {})).status, 404);
  t.equal((await call('POST', '/scim/v2/.search', {}, { Authorization: '' })).status, 401);
});

t.test('the root lists every type, each as its own', async (t) => {
  const { call, store, origin } = await serve(t);
  const { json: ada } = await call('POST', '/scim/v2/Users', user());
  await call('POST', '/scim/v2/Groups', { ...GROUP, members: [{ value: ada['id'] }] });
  for (const reply of [await call('GET', '/scim/v2'), await call('POST', '/scim/v2/.search', {})]) {
    t.equal(reply.status, 200);
    t.match(reply.json, { totalResults: 2, startIndex: 1, itemsPerPage: 2 });
    t.match(reply.json['Resources'], [
      {
        userName: 'ada@example.com',
        meta: { location: `${origin}/scim/v2/Users/${String(ada['id'])}` },
      },
      { displayName: 'Crew', members: [{ value: ada['id'] }], meta: { resourceType: 'Group' } },
    ]);
  }
  const shown = await call('GET', '/scim/v2?attributes=userName,displayName');
  t.match(shown.json['Resources'], [{ userName: 'ada@example.com' }, { displayName: 'Crew' }]);
  t.match(store.searches.at(-1), {
    types: [
      { name: 'User', filter: undefined, links: false },
      { name: 'Group', filter: undefined, links: false },
    ],
  });
});

t.test('a filter of the root is told to each type as it is meant there', async (t) => {
  const { call, store } = await serve(t);
  const types = async (filter: string): Promise<unknown> => {
    await call('GET', `/scim/v2?filter=${encodeURIComponent(filter)}`);
    return store.searches.at(-1)?.types.map(({ name, filter }) => [name, filter?.kind]);
  };
  t.same(await types('meta.resourceType eq "Group"'), [['Group', undefined]]);
  t.same(await types('userName sw "a"'), [['User', 'compare']]);
  t.same(await types('userName sw "a" or displayName sw "a"'), [
    ['User', 'or'],
    ['Group', 'compare'],
  ]);
  const before = store.searches.length;
  const none = await call('GET', '/scim/v2?filter=meta.resourceType+eq+"Device"');
  t.match(none.json, { totalResults: 0, itemsPerPage: 0, Resources: [] });
  const refused = await call('GET', '/scim/v2?filter=nosuch+eq+1');
  t.match(refused.json, { status: '400', scimType: 'invalidFilter', detail: /no resource type/ });
  t.equal(store.searches.length, before, 'the store is not asked for nothing');
});

t.test('cursors lead from page to page, and expire', async (t) => {
  const { call, clock } = await serve(t, { limits: { cursorTimeoutSeconds: 60 } });
  for (const userName of ['a', 'b', 'c']) await call('POST', '/scim/v2/Users', user({ userName }));
  const first = await call('GET', '/scim/v2/Users?cursor&count=2');
  t.match(first.json, { totalResults: 3, itemsPerPage: 2, startIndex: undefined });
  t.notOk('previousCursor' in first.json);
  const { nextCursor } = first.json;
  t.match(nextCursor, /^[A-Za-z0-9._~-]{60,}$/);
  const second = await call('GET', `/scim/v2/Users?cursor=${String(nextCursor)}&count=2`);
  t.match(second.json['Resources'], [{ userName: 'c' }]);
  t.notOk('nextCursor' in second.json);
  const posted = await call('POST', '/scim/v2/Users/.search', { cursor: nextCursor, count: 1 });
  t.match(posted.json['Resources'], [{ userName: 'c' }], 'the same query in another form');
  for (const other of ['Groups?', 'Users?filter=title+pr&', 'Users?sortBy=title&']) {
    const reply = await call('GET', `/scim/v2/${other}cursor=${String(nextCursor)}`);
    t.match(reply.json, { status: '400', scimType: 'invalidCursor' }, other);
  }
  clock.time += 60_000;
  t.equal((await call('GET', `/scim/v2/Users?cursor=${String(nextCursor)}`)).status, 200);
  clock.time += 1000;
  const late = await call('GET', `/scim/v2/Users?cursor=${String(nextCursor)}`);
  t.match(late.json, { status: '400', scimType: 'expiredCursor', detail: /60 s/ });
});
