/** During a run an endpoint's requests are logged in full, whatever its level; before and after, by its level. */
import t, { type Test } from 'tap';
import { until } from '../../../test/support/until.ts';
import { type Served, serve, user } from './serve.ts';

interface Seen {
  readonly rows: number;
  readonly contents: number;
}

/** What is logged of a list, a read of nobody, and a user who is made. */
async function seen({ call, store }: Served, endpoint: string, userName: string): Promise<Seen> {
  const rowsOf = (): number =>
    store.logged.length + store.commands.filter(({ log }) => log !== undefined).length;
  const before = { rows: rowsOf(), contents: store.contents.length };
  await call('GET', `/scim/endpoints/${endpoint}/Users`);
  await call('GET', `/scim/endpoints/${endpoint}/Users/none`);
  await call('POST', `/scim/endpoints/${endpoint}/Users`, user({ userName }));
  return { rows: rowsOf() - before.rows, contents: store.contents.length - before.contents };
}

async function withEndpoint(t: Test, requestLog: string): Promise<Served> {
  const served = await serve(t);
  served.store.addEndpoint({ id: 'e', name: 'e', config: { requestLog } });
  return served;
}

/** Begins the endpoint's run, or ends it. */
async function toggle({ call }: Served): Promise<void> {
  await call('POST', '/scim/admin/endpoints/e/runs');
}

const IN_FULL = { rows: 3, contents: 3 };

for (const [level, ordinary] of [
  ['off', { rows: 0, contents: 0 }],
  ['summary', { rows: 3, contents: 0 }],
  ['auto', { rows: 3, contents: 2 }],
  ['full', IN_FULL],
] as const) {
  t.test(`a run of an endpoint whose level is ${level}`, async (t) => {
    const served = await withEndpoint(t, level);
    served.store.addEndpoint({ id: 'other', name: 'other', config: { requestLog: level } });
    t.same(await seen(served, 'e', 'before'), ordinary);
    await toggle(served);
    t.same(await seen(served, 'e', 'during'), IN_FULL);
    t.same(await seen(served, 'other', 'elsewhere'), ordinary);
    await toggle(served);
    t.same(await seen(served, 'e', 'after'), ordinary);
  });
}

t.test('bodies and headers are kept, with their secrets masked', async (t) => {
  const served = await withEndpoint(t, 'off');
  await toggle(served);
  await served.call('POST', '/scim/endpoints/e/Users', user({ password: 'hidden-password' }));
  const [content] = served.store.contents;
  t.match(content?.requestBody, /"password":"\(hidden\)"/);
  t.match(content?.requestHeaders, /\["authorization","\(hidden, \d+ characters\)"\]/);
  t.match(content?.responseBody, /"userName"/);
});

t.test('what is answered behind the end of a run is not kept in full', async (t) => {
  for (const [level, rows] of [
    ['off', 0],
    ['summary', 1],
  ] as const) {
    const served = await withEndpoint(t, level);
    const { store } = served;
    await toggle(served);
    const gate = Promise.withResolvers<undefined>();
    store.gate = gate.promise.then(() => undefined);
    const pending = served.call('POST', '/scim/endpoints/e/Users', user({ userName: level }));
    await until('the write', () => store.commands.length > 0);
    await toggle(served);
    gate.resolve(undefined);
    t.equal((await pending).status, 201);
    t.same(store.contents, [], `${level}, a write`);
    const search = Promise.withResolvers<undefined>();
    const find = store.search.bind(store);
    let searches = 0;
    store.search = async (query) => {
      searches += 1;
      await search.promise;
      return find(query);
    };
    await toggle(served);
    const reading = served.call('GET', '/scim/endpoints/e/Users');
    await until('the search', () => searches > 0);
    await toggle(served);
    search.resolve(undefined);
    t.equal((await reading).status, 200);
    t.same(store.contents, [], `${level}, a read`);
    const reads = store.logged.filter(({ target }) => target === '/scim/endpoints/e/Users');
    t.equal(reads.length, rows, `${level}, the row of a read`);
  }
});
