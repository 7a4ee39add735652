/** Scopes: what a token that may only read, only write, or nothing, may do with its own endpoint. */
import t from 'tap';
import type { JsonObject } from '../../src/scim/json.ts';
import { ScimClient } from '../support/client.ts';
import { entraUser } from '../support/entra.ts';
import { scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';
import { bearing, newCredential, newTenant, tokenOf } from './tenants.ts';

const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

const server = await Server.start(t);
const operator = ScimClient.of(t, server);
const { id, scim, userId } = await newTenant(operator, 'scopes');

async function tokenWith(...scopes: string[]): Promise<{ readonly token: string }> {
  return { token: tokenOf(await newCredential(operator, id, { label: 'x', scopes })) };
}

const search: JsonObject = { schemas: [SEARCH] };
const bulk: JsonObject = {
  schemas: [BULK],
  Operations: [{ method: 'DELETE', path: `/Users/${userId}` }],
};

t.test('scim.read opens reads and searches alone', async (t) => {
  const reader = await tokenWith('scim.read');
  for (const path of ['', '/Users', `/Users/${userId}`]) {
    succeeded(t, await scim.get(path, reader), 200);
    t.equal((await scim.head(path, reader)).status, 200);
  }
  for (const path of ['/.search', '/Users/.search']) {
    succeeded(t, await scim.post(path, search, reader), 200);
  }
  const refused = [
    await scim.post('/Users', entraUser('new'), reader),
    await scim.put(`/Users/${userId}`, entraUser('new'), reader),
    await scim.patch(`/Users/${userId}`, {}, reader),
    await scim.delete(`/Users/${userId}`, reader),
    await scim.post('/Bulk', bulk, reader),
  ];
  for (const answer of refused) {
    scimError(t, answer, 403);
    t.match(answer.headers['www-authenticate'], /error="insufficient_scope", scope="scim.write"/);
  }
  succeeded(t, await scim.get(`/Users/${userId}`), 200);
});

t.test('scim.write opens no read', async (t) => {
  const writer = await tokenWith('scim.write');
  for (const answer of [
    await scim.get('/Users', writer),
    await scim.get(`/Users/${userId}`, writer),
    await scim.post('/.search', search, writer),
  ]) {
    scimError(t, answer, 403);
    t.match(answer.headers['www-authenticate'], /scope="scim.read"/);
  }
  succeeded(t, await scim.post('/Users', entraUser('written'), writer), 201);
});

t.test('scim.manage, or no scope at all, opens neither', async (t) => {
  for (const token of [await tokenWith('scim.manage'), await tokenWith()]) {
    scimError(t, await scim.get('/Users', token), 403);
    scimError(t, await scim.post('/Users', entraUser('refused'), token), 403);
    succeeded(t, await scim.get('/ServiceProviderConfig', token), 200);
  }
});

t.test('unless it says otherwise a credential may read and write', async (t) => {
  const token = bearing(tokenOf(await newCredential(operator, id, { label: 'x' })));
  succeeded(t, await scim.get('/Users', token), 200);
  succeeded(t, await scim.post('/Bulk', bulk, token), 200);
});
