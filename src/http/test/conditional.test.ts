import t from 'tap';
import { serve, user, type Served } from './serve.ts';

async function someUser(served: Served): Promise<string> {
  const { json } = await served.call('POST', '/scim/v2/Users', user());
  return `/scim/v2/Users/${String(json['id'])}`;
}

t.test('If-None-Match of the version there is: 304 with ETag and no body', async (t) => {
  const served = await serve(t);
  const path = await someUser(served);
  for (const tag of ['W/"1"', '"1"', '*', 'W/"7", W/"1"']) {
    const reply = await served.call('GET', path, undefined, { 'If-None-Match': tag });
    t.equal(reply.status, 304, tag);
    t.equal(reply.headers.get('etag'), 'W/"1"');
    t.equal(reply.text, '');
  }
  t.ok(
    served.store.gets.every(({ links }) => links === undefined),
    'what is not shown is not read',
  );
});

t.test('If-None-Match of another version: 200 with the body', async (t) => {
  const served = await serve(t);
  const path = await someUser(served);
  const reply = await served.call('GET', path, undefined, { 'If-None-Match': 'W/"7"' });
  t.equal(reply.status, 200);
  t.match(reply.json, { userName: 'ada@example.com' });
  t.equal((await served.call('HEAD', path, undefined, { 'If-None-Match': 'W/"1"' })).status, 304);
});

t.test('If-Match goes to the writer as it was sent', async (t) => {
  const served = await serve(t);
  const path = await someUser(served);
  const stale = await served.call('PUT', path, user(), { 'If-Match': 'W/"0"' });
  t.equal(stale.status, 412);
  t.match(stale.json, { status: '412' });
  t.equal((await served.call('PUT', path, user(), { 'If-Match': 'W/"1"' })).status, 200);
  t.equal((await served.call('DELETE', path, undefined, { 'If-Match': 'W/"2"' })).status, 204);
  t.match(served.store.commands[3], { kind: 'delete', ifMatch: 'W/"2"' });
});

t.test('requireIfMatch answers 428 to a change without it, and to nothing else', async (t) => {
  const served = await serve(t);
  const path = await someUser(served);
  const config = { requireIfMatch: true };
  served.store.addEndpoint({ id: '0190-default', name: 'default', config });
  const patch = {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'replace', value: { title: 'Dr' } }],
  };
  t.equal((await served.call('PUT', path, user())).status, 428);
  t.equal((await served.call('PATCH', path, patch)).status, 428);
  t.equal((await served.call('DELETE', path)).status, 428);
  t.equal(served.store.commands.length, 1);
  t.equal((await served.call('GET', path)).status, 200);
  t.equal((await served.call('PATCH', path, patch, { 'If-Match': '*' })).status, 412);
});
