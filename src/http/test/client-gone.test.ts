/** A client that closes its connection ends the search that ran for it. */
import t from 'tap';
import type { Caller } from '../../store/queries.ts';
import { StoreError, type SearchResult } from '../../store/results.ts';
import { RawConnection, requestText } from './raw-connection.ts';
import { BEARER, serve, turns } from './serve.ts';

const LIST = requestText('GET /scim/v2/Users', [`Authorization: ${BEARER}`]);
const SEARCH = requestText(
  'POST /scim/v2/Users/.search',
  [`Authorization: ${BEARER}`, 'Content-Type: application/scim+json'],
  '{"filter":"title co \\"x\\""}',
);

for (const [name, request] of Object.entries({ LIST, SEARCH })) {
  t.test(`${name}: the store is told, and the log has 499`, async (t) => {
    const { port, store, faults } = await serve(t);
    let asked: Caller | undefined;
    store.search = (_query, caller) => {
      asked = caller;
      const { promise, reject } = Promise.withResolvers<SearchResult>();
      caller?.onGone(() => reject(new StoreError('abandoned', 'nobody waits any more')));
      return promise;
    };
    const connection = await RawConnection.open(port);
    await connection.send(request);
    while (asked === undefined) await turns();
    t.equal(store.logged.length, 0, 'it runs');
    connection.destroy();
    while (store.logged.length === 0) await turns();
    t.match(store.logged, [{ status: 499, detail: 'nobody waits any more' }]);
    t.strictSame(faults, [], 'that is no fault of ours');
    let told = false;
    asked.onGone(() => (told = true));
    t.ok(told, 'who asks later hears it at once');
  });
}

t.test('a client that stays is answered, and nobody is told that it went', async (t) => {
  const { port, store } = await serve(t);
  let gone = false;
  store.search = (_query, caller) => {
    caller?.onGone(() => (gone = true));
    return Promise.resolve({
      totalResults: 0,
      resources: [],
      next: undefined,
      previous: undefined,
    });
  };
  const connection = await RawConnection.open(port);
  await connection.send(LIST);
  t.equal((await connection.response()).status, 200);
  connection.destroy();
  while (store.logged.length === 0) await turns();
  await turns(20);
  t.notOk(gone);
});
