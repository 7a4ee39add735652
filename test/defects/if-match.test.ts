/** If-Match is decided where the write is: a stale one is 412, and of ten racing ones one wins. */
import t from 'tap';
import { ScimClient } from '../support/client.ts';
import { entraUser, patchOp, verbose } from '../support/entra.ts';
import { scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

const server = await Server.start(t);
const scim = ScimClient.of(t, server);

t.test('a stale If-Match is refused, for PATCH, PUT and DELETE', async (t) => {
  const created = succeeded(t, await scim.post('/Users', entraUser('stale')), 201);
  const path = `/Users/${created.id}`;
  const stale = { headers: { 'if-match': created.etag } };
  const title = patchOp(verbose('Replace', 'title', 'Changed'));
  const changed = succeeded(t, await scim.patch(path, title, stale), 200);

  const other = patchOp(verbose('Replace', 'title', 'Lost update'));
  scimError(t, await scim.patch(path, other, stale), 412);
  scimError(t, await scim.put(path, entraUser('stale'), stale), 412);
  scimError(t, await scim.delete(path, stale), 412);
  t.same((await scim.get(path)).body, changed.body, 'nothing was changed');

  const fresh = { headers: { 'if-match': `"no", ${changed.etag}` } };
  succeeded(t, await scim.put(path, entraUser('stale'), fresh), 200);
  succeeded(t, await scim.delete(path, { headers: { 'if-match': '*' } }), 204);
});

t.test('of ten concurrent PATCHes with one If-Match, one is 200 and nine are 412', async (t) => {
  const created = succeeded(t, await scim.post('/Users', entraUser('race')), 201);
  const path = `/Users/${created.id}`;
  const headers = { 'if-match': created.etag };
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, number) =>
      scim.patch(path, patchOp(verbose('Replace', 'title', `writer ${number}`)), { headers }),
    ),
  );
  const statuses = answers.map((answer) => answer.status).sort();
  t.same(statuses, [200, 412, 412, 412, 412, 412, 412, 412, 412, 412]);
  const winner = answers.find((answer) => answer.status === 200);
  t.same((await scim.get(path)).body, winner?.body, "the winner's title is stored");
});

t.test('If-None-Match answers 304 without a body, until the resource changes', async (t) => {
  const created = succeeded(t, await scim.post('/Users', entraUser('cached')), 201);
  const path = `/Users/${created.id}`;
  const cached = { headers: { 'if-none-match': created.etag } };
  const same = await scim.get(path, cached);
  t.equal(same.status, 304);
  t.equal(same.headers.etag, created.etag);
  await scim.patch(path, patchOp(verbose('Replace', 'title', 'New')));
  succeeded(t, await scim.get(path, cached), 200);
});
