/** The documented roots all work, and a backup that cannot be made never answers success. */
import t from 'tap';
import { ScimClient } from '../support/client.ts';
import { entraUser } from '../support/entra.ts';
import { succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

const server = await Server.start(t);
const scim = ScimClient.of(t, server);
const created = await scim.post('/Users', entraUser('rooted'));

for (const prefix of [
  '/scim/v2',
  '/scim',
  '/scim/endpoints/default',
  '/scim/v2/endpoints/default',
]) {
  t.test(`${prefix}/Users is the endpoint called default`, async (t) => {
    const client = scim.under(prefix);
    const read = succeeded(t, await client.get(`/Users/${created.id}`), 200);
    t.equal(read.body['userName'], 'rooted@contoso.example');
    const location = new URL(read.location);
    t.equal(location.origin, server.origin);
    t.ok(location.pathname.endsWith(`/Users/${created.id}`));
    const followed = await scim.under('').get(location.pathname);
    t.equal(succeeded(t, followed, 200).id, created.id, 'the location can be read');
    succeeded(t, await client.get('/Users?count=1'), 200);
    for (const path of ['/ServiceProviderConfig', '/ResourceTypes', '/Schemas']) {
      succeeded(t, await client.get(path, { token: null }), 200);
    }
  });
}

t.test('the endpoint is reached by its id too', async (t) => {
  const endpoint = await scim.under('/scim/admin').get('/endpoints/by-name/default');
  const client = scim.under(`/scim/endpoints/${endpoint.id}`);
  succeeded(t, await client.get(`/Users/${created.id}`), 200);
});

t.test('a backup trigger does not answer success when nothing is saved', async (t) => {
  for (const path of ['/backup', '/backup/trigger', '/backups']) {
    const answer = await scim.under('/scim/admin').post(path, {});
    t.ok(answer.status >= 400, `${path}: ${answer.status}`);
  }
});
