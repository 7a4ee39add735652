/** How a search is answered: told to an administrator who asks, and to the log when it was slow. */
import t from 'tap';
import { serve } from './serve.ts';

const EXPLAIN = { 'X-Scim-Explain': '1' };

t.test('an administrator gets the plan instead of the list', async (t) => {
  const { call, store } = await serve(t);
  const listed = await call(
    'GET',
    '/scim/v2/Users?filter=title%20eq%20%22x%22',
    undefined,
    EXPLAIN,
  );
  t.equal(listed.status, 200);
  t.equal(listed.headers.get('content-type'), 'application/json');
  t.strictSame(listed.json, { plan: 'shown' });
  const query = { filter: 'title eq "x"', startIndex: 3, count: 2 };
  const posted = await call('POST', '/scim/v2/Users/.search', query, EXPLAIN);
  t.strictSame(posted.json, { plan: 'shown' });
  t.match(store.explained[1], { query: { start: { startIndex: 3 }, count: 2 } });
  const walked = await call('GET', '/scim/v2/Users?cursor', undefined, EXPLAIN);
  t.strictSame(walked.json, { plan: 'shown' });
  t.strictSame(store.searches, [], 'nothing is searched');
});

t.test('a query that no type can match has no plan', async (t) => {
  const { call } = await serve(t);
  const target = '/scim/v2/?filter=meta.resourceType%20eq%20%22Device%22';
  const { json } = await call('GET', target, undefined, EXPLAIN);
  t.strictSame(json, { types: [], totalResults: 0 });
});

t.test('without the header, or with another value, a list is a list', async (t) => {
  const { call, store } = await serve(t);
  for (const headers of [{}, { 'X-Scim-Explain': '0' }]) {
    const { json } = await call('GET', '/scim/v2/Users', undefined, headers);
    t.equal(json['totalResults'], 0);
  }
  t.strictSame(store.explained, []);
});

t.test('nobody else is told', async (t) => {
  const { call, store } = await serve(t);
  const headers = { ...EXPLAIN, Authorization: 'Bearer other' };
  const { status } = await call('GET', '/scim/v2/Users', undefined, headers);
  t.equal(status, 401);
  t.strictSame(store.explained, []);
});

t.test('a faulty filter is a fault, explained or not', async (t) => {
  const { call } = await serve(t);
  const target = '/scim/v2/Users?filter=nonsense%20eq%20%22x%22';
  const { status, json } = await call('GET', target, undefined, EXPLAIN);
  t.equal(status, 400);
  t.equal(json['scimType'], 'invalidFilter');
});

t.test('a slow search is told to the log, without what it looked for', async (t) => {
  const { call, store, clock, warnings } = await serve(t, { limits: { slowSearchMs: 100 } });
  const filter = encodeURIComponent(
    'userName sw "Somebody" and emails[value eq "a@b"] or active pr',
  );
  store.onSearch = () => (clock.time += 99);
  await call('GET', `/scim/v2/Users?filter=${filter}`);
  t.strictSame(warnings, [], 'fast enough');
  store.onSearch = () => (clock.time += 100);
  const { headers } = await call('GET', `/scim/v2/Users?filter=${filter}`);
  t.equal(warnings.length, 1);
  t.match(warnings[0], {
    message: 'a search was slow',
    fields: {
      requestId: headers.get('x-request-id'),
      endpoint: 'default',
      durationMs: 100,
      filters: [
        { resourceType: 'User', filter: 'userName sw ? and emails[value eq ?] or active pr' },
      ],
      plan: { plan: 'hidden' },
    },
  });
  t.notMatch(JSON.stringify(warnings), /Somebody|a@b/);
});

t.test('a search that fails slowly is told, too', async (t) => {
  const { call, store, clock, warnings } = await serve(t, { limits: { slowSearchMs: 100 } });
  store.onSearch = () => (clock.time += 100);
  store.failReadWith = new Error('broken');
  t.equal((await call('GET', '/scim/v2/Users')).status, 500);
  t.match(warnings, [{ message: 'a search was slow' }]);
});
