/** `/Me` (RFC 7644 §3.11): the user that a credential's subject names, by each `meAttribute`. */
import t from 'tap';
import type { JsonObject } from '../../src/scim/json.ts';
import { ScimClient } from '../support/client.ts';
import { scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';
import { bearing, newCredential, tokenOf } from './tenants.ts';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

const server = await Server.start(t);
const operator = ScimClient.of(t, server);
const admin = operator.under('/scim/admin');
let endpoints = 0;

/** @returns an endpoint, and how to get a token for a subject there */
async function endpoint(config: JsonObject = {}): Promise<{
  readonly scim: ScimClient;
  readonly tokenFor: (subject: string) => Promise<string>;
}> {
  endpoints += 1;
  const { id } = await admin.post('/endpoints', { name: `me-${endpoints}`, config });
  return {
    scim: operator.under(`/scim/endpoints/${id}`),
    tokenFor: async (subject) =>
      tokenOf(await newCredential(operator, id, { label: 'me', subject })),
  };
}

function user(userName: string, more: JsonObject = {}): JsonObject {
  return { schemas: [USER], userName, ...more };
}

t.test('every method but POST, with the Location of the user itself', async (t) => {
  const { scim, tokenFor } = await endpoint();
  const created = await scim.post('/Users', user('Ada@example.com'));
  const { location } = created.headers;
  const ada = bearing(await tokenFor('ada@EXAMPLE.com'));

  const read = succeeded(t, await scim.get('/Me', ada), 200);
  t.same(read.body, created.body);
  t.equal(read.headers.location, location);
  t.equal((await scim.head('/Me', ada)).headers.location, location);
  t.match(await scim.get('/Me?attributes=userName', ada), {
    body: { userName: 'Ada@example.com', meta: undefined },
  });
  const etag = String(read.headers.etag);
  const unchanged = await scim.get('/Me', { ...ada, headers: { 'if-none-match': etag } });
  t.match([unchanged.status, unchanged.headers.location], [304, location]);

  const put = await scim.put('/Me', user('ada@example.com', { title: 'Countess' }), ada);
  t.match(succeeded(t, put, 200), { body: { title: 'Countess' }, headers: { location } });
  const operations = [{ op: 'replace', path: 'title', value: 'Ms' }];
  const patched = await scim.patch('/Me', { schemas: [PATCH], Operations: operations }, ada);
  t.match(succeeded(t, patched, 200), { body: { title: 'Ms' }, headers: { location } });

  const stale = await scim.delete('/Me', { ...ada, headers: { 'if-match': etag } });
  scimError(t, stale, 412);
  t.equal(stale.headers.location, location, 'in any response');
  const removed = await scim.delete('/Me', ada);
  t.match([removed.status, removed.headers.location], [204, location]);
  t.equal((await scim.get(`/Users/${created.id}`)).status, 404);
  scimError(t, await scim.get('/Me', ada), 404);
});

t.test('POST is 501, and so is everything without a subject', async (t) => {
  const { scim, tokenFor } = await endpoint();
  scimError(t, await scim.post('/Me', user('new'), bearing(await tokenFor('new'))), 501);
  scimError(t, await scim.get('/Me'), 501);
  scimError(t, await scim.patch('/Me', {}), 501);
  t.equal((await scim.get('/Users?count=0')).body['totalResults'], 0);
});

t.test('scopes hold for it as for any resource', async (t) => {
  const { id } = await admin.post('/endpoints', { name: 'me-scopes' });
  const scim = operator.under(`/scim/endpoints/${id}`);
  await scim.post('/Users', user('reader'));
  const fields = { label: 'me', subject: 'reader', scopes: ['scim.read'] };
  const reader = bearing(tokenOf(await newCredential(operator, id, fields)));
  succeeded(t, await scim.get('/Me', reader), 200);
  scimError(t, await scim.delete('/Me', reader), 403);
});

t.test('meAttribute id: the subject is the id', async (t) => {
  const { scim, tokenFor } = await endpoint({ meAttribute: 'id' });
  const { id } = await scim.post('/Users', user('someone'));
  t.equal((await scim.get('/Me', bearing(await tokenFor(id)))).id, id);
  scimError(t, await scim.get('/Me', bearing(await tokenFor('someone'))), 404);
});

t.test('a subject that can be no id is nobody, and gets an answer', async (t) => {
  const { scim, tokenFor } = await endpoint({ meAttribute: 'id' });
  scimError(t, await scim.get('/Me', bearing(await tokenFor('Zoë, of Łódź'))), 404);
});

t.test('meAttribute externalId: exactly, and only when it is one user', async (t) => {
  const { scim, tokenFor } = await endpoint({ meAttribute: 'externalId' });
  const subject = 'quoted "X"\\ é';
  const { id } = await scim.post('/Users', user('one', { externalId: subject }));
  const token = bearing(await tokenFor(subject));
  t.equal((await scim.get('/Me', token)).id, id);
  scimError(t, await scim.get('/Me', bearing(await tokenFor('QUOTED "X"\\ é'))), 404);
  await scim.post('/Users', user('two', { externalId: subject }));
  scimError(t, await scim.get('/Me', token), 404);
});

t.test('a subject is a value, never a filter', async (t) => {
  const { scim, tokenFor } = await endpoint();
  await scim.post('/Users', user('victim'));
  for (const subject of ['x" or userName pr or userName eq "x', '*', '"']) {
    scimError(t, await scim.get('/Me', bearing(await tokenFor(subject))), 404);
  }
});

t.test('meAttribute takes three attributes', async (t) => {
  const answer = await admin.post('/endpoints', { name: 'x', config: { meAttribute: 'emails' } });
  scimError(t, answer, 400, 'invalidValue');
});
