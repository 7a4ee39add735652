/** Requests that other servers answer with 500. (The client refuses a 500 in every test.) */
import t from 'tap';
import { ScimClient } from '../support/client.ts';
import { entraGroup, entraUser, patchOp, verbose } from '../support/entra.ts';
import { scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

const server = await Server.start(t);
const scim = ScimClient.of(t, server);
const admin = scim.under('/scim/admin');
const UNKNOWN = '018f2f7e-0000-7000-8000-000000000000';

t.test('a group PUT or PATCHed to a taken name is 409', async (t) => {
  succeeded(t, await scim.post('/Groups', entraGroup('Taken')), 201);
  const { id } = succeeded(t, await scim.post('/Groups', entraGroup('Free')), 201);
  scimError(t, await scim.put(`/Groups/${id}`, entraGroup('TAKEN')), 409, 'uniqueness');
  const rename = patchOp(verbose('Replace', 'displayName', 'taken'));
  scimError(t, await scim.patch(`/Groups/${id}`, rename), 409, 'uniqueness', 'displayName');
  t.equal((await scim.get(`/Groups/${id}`)).body['displayName'], 'Free');
});

t.test(
  'a user PUT or PATCHed to a taken name is 409; its own name in other case is not',
  async (t) => {
    succeeded(t, await scim.post('/Users', entraUser('taken')), 201);
    const { id } = succeeded(t, await scim.post('/Users', entraUser('free')), 201);
    scimError(t, await scim.put(`/Users/${id}`, entraUser('TAKEN')), 409, 'uniqueness', 'userName');
    const rename = patchOp(verbose('Replace', 'userName', 'taken@contoso.example'));
    scimError(t, await scim.patch(`/Users/${id}`, rename), 409, 'uniqueness', 'userName');
    succeeded(t, await scim.put(`/Users/${id}`, entraUser('FREE')), 200);
  },
);

t.test('.search with an attributes array', async (t) => {
  const body = {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
    attributes: ['userName', 'name.familyName'],
    filter: 'userName eq "nobody"',
  };
  const answer = await scim.post('/Users/.search', body);
  t.ok([200, 404, 405, 501].includes(answer.status), `served or refused: ${answer.status}`);
});

t.test('an unknown id in the admin API is 404', async (t) => {
  for (const path of [
    `/endpoints/${UNKNOWN}`,
    `/endpoints/${UNKNOWN}/stats`,
    '/endpoints/by-name/nobody',
    '/endpoints/%00',
    "/endpoints/'%20OR%201=1",
  ]) {
    t.equal((await admin.get(path)).status, 404, path);
  }
  t.equal((await admin.delete(`/endpoints/${UNKNOWN}`)).status, 404);
  t.equal((await admin.patch(`/endpoints/${UNKNOWN}`, { displayName: 'x' })).status, 404);
});

t.test('unknown ids of resources are 404 for every method', async (t) => {
  for (const type of ['Users', 'Groups']) {
    for (const id of [UNKNOWN, 'x', '%00', '..', '%2e%2e', 'a'.repeat(2000), '%F0%9F%98%80']) {
      const path = `/${type}/${id}`;
      const body = type === 'Users' ? entraUser('unknown') : entraGroup('unknown');
      const replace = patchOp(verbose('Replace', 'displayName', 'x'));
      const answers = [
        await scim.get(path),
        await scim.put(path, body),
        await scim.patch(path, replace),
        await scim.delete(path),
      ];
      for (const answer of answers) {
        t.ok([404, 405].includes(answer.status), `${path.slice(0, 60)}: ${answer.status}`);
      }
    }
  }
  t.equal((await scim.get('/Users?count=0')).body['totalResults'], 2, 'PUT creates nothing');
});
