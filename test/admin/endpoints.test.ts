/** The admin API of endpoints: its shapes, its errors, and what it does to the endpoints' data. */
import t from 'tap';
import type { JsonObject } from '../../src/scim/json.ts';
import { ScimClient } from '../support/client.ts';
import { entraGroup, entraUser, GROUP } from '../support/entra.ts';
import { scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

const FIELDS = [
  'active',
  'config',
  'createdAt',
  'description',
  'displayName',
  'id',
  'name',
  'scimEndpoint',
  'updatedAt',
];
const UNKNOWN = '018f2f7e-0000-7000-8000-000000000000';
const server = await Server.start(t);
const scim = ScimClient.of(t, server);
const admin = scim.under('/scim/admin');

async function create(name: string, more: JsonObject = {}): Promise<string> {
  return (await admin.post('/endpoints', { name, ...more })).id;
}

t.test('a first start has the endpoint called default', async (t) => {
  const list = succeeded(t, await admin.get('/endpoints'), 200).json;
  t.match(list, [{ name: 'default', active: true, config: {} }]);
  t.equal(Array.isArray(list) && list.length, 1, 'a bare array');
});

t.test('create, read, by name, list', async (t) => {
  const body = {
    name: 'contoso-prod_1',
    displayName: 'Contoso',
    description: 'Production, å€😀',
    config: { requireIfMatch: 'False' },
  };
  const created = succeeded(t, await admin.post('/endpoints', body), 201);
  t.same(Object.keys(created.body).sort(), FIELDS);
  t.match(created.body, {
    ...body,
    config: Object,
    active: true,
    scimEndpoint: `/scim/endpoints/${created.id}`,
    createdAt: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  });
  t.same((await admin.get(`/endpoints/${created.id}`)).body, created.body);
  t.same((await admin.get('/endpoints/by-name/contoso-prod_1')).body, created.body);
  const list = (await admin.get('/endpoints')).json;
  t.same(Array.isArray(list) && list[1], created.body);
});

t.test('PATCH changes what it names', async (t) => {
  const id = await create('patched', { displayName: 'Before', description: 'Stays' });
  const answer = await admin.patch(`/endpoints/${id}`, { displayName: 'After', active: false });
  t.match(succeeded(t, answer, 200).body, {
    name: 'patched',
    displayName: 'After',
    description: 'Stays',
    active: false,
  });
  t.same((await admin.get(`/endpoints/${id}`)).body, answer.body);
});

t.test('bad input is 400 and names what is wrong', async (t) => {
  const bodies: readonly (readonly [JsonObject, RegExp])[] = [
    [{}, /name/],
    [{ name: '' }, /name/],
    [{ name: 'has space' }, /name/],
    [{ name: 'ünder' }, /name/],
    [{ name: 'a/b' }, /name/],
    [{ name: '../up' }, /name/],
    [{ name: 7 }, /name/],
    [{ name: 'ok', active: 'maybe' }, /active/],
    [{ name: 'ok', config: 'x' }, /config/],
    [{ name: 'ok', config: { requireIfMach: true } }, /requireIfMach.*requireIfMatch/],
    [{ name: 'ok', config: { requireIfMatch: 'maybe' } }, /requireIfMatch/],
    [{ name: 'ok', config: { unknownMember: 'explode' } }, /unknownMember/],
    [{ name: 'ok', displayName: 7 }, /displayName/],
  ];
  for (const [body, names] of bodies) {
    const answer = await admin.post('/endpoints', body);
    t.equal(answer.status, 400, JSON.stringify(body));
    t.match(answer.text, names);
  }
  t.equal((await admin.post('/endpoints', Buffer.from('{'))).status, 400);
  t.equal((await admin.get('/endpoints/by-name/ok')).status, 404, 'nothing was created');
  const taken = await admin.post('/endpoints', { name: 'default' });
  t.ok([400, 409].includes(taken.status), `a taken name: ${taken.status}`);
});

t.test('an unknown endpoint is 404', async (t) => {
  t.equal((await admin.get(`/endpoints/${UNKNOWN}`)).status, 404);
  scimError(t, await scim.under(`/scim/endpoints/${UNKNOWN}`).get('/Users'), 404);
  scimError(t, await scim.under('/scim/endpoints/nobody').post('/Users', entraUser('x')), 404);
});

t.test('an inactive endpoint answers 403 until it is active again', async (t) => {
  const id = await create('sleepy');
  const client = scim.under('/scim/endpoints/sleepy');
  const { id: user } = succeeded(t, await client.post('/Users', entraUser('asleep')), 201);
  succeeded(t, await admin.patch(`/endpoints/${id}`, { active: false }), 200);
  scimError(t, await client.get(`/Users/${user}`), 403);
  scimError(t, await client.post('/Users', entraUser('more')), 403);
  scimError(t, await scim.under(`/scim/endpoints/${id}`).delete(`/Users/${user}`), 403);
  succeeded(t, await admin.patch(`/endpoints/${id}`, { active: true }), 200);
  succeeded(t, await client.get(`/Users/${user}`), 200);
});

t.test('endpoints do not see each other', async (t) => {
  await create('north');
  await create('south');
  const north = scim.under('/scim/endpoints/north');
  const south = scim.under('/scim/endpoints/south');
  const { id } = succeeded(t, await north.post('/Users', entraUser('same')), 201);
  const twin = succeeded(t, await south.post('/Users', entraUser('same')), 201);
  t.not(twin.id, id);
  scimError(t, await south.get(`/Users/${id}`), 404);
  scimError(t, await south.delete(`/Users/${id}`), 404);
  t.equal((await south.get(`/Users?filter=id+eq+"${id}"`)).body['totalResults'], 0);
  const foreign = { schemas: [GROUP], displayName: 'Foreign', members: [{ value: id }] };
  scimError(t, await south.post('/Groups', foreign), 400, 'invalidValue', id);
  t.equal((await scim.get('/Users?count=0')).body['totalResults'], 0, 'default has none of them');
});

t.test('stats count, and a delete takes the resources with it', async (t) => {
  const id = await create('short-lived');
  const client = scim.under('/scim/endpoints/short-lived');
  const { id: user } = await client.post('/Users', entraUser('one'));
  await client.post('/Users', entraUser('two'));
  await client.post('/Groups', { ...entraGroup('G'), members: [{ value: user }] });
  const stats = succeeded(t, await admin.get(`/endpoints/${id}/stats`), 200);
  t.match(stats.body, { totalUsers: 2, totalGroups: 1, totalGroupMembers: 1 });

  succeeded(t, await admin.delete(`/endpoints/${id}`), 204);
  t.equal((await admin.get(`/endpoints/${id}`)).status, 404);
  t.equal((await admin.delete(`/endpoints/${id}`)).status, 404);
  scimError(t, await client.get(`/Users/${user}`), 404);
  const again = await create('short-lived');
  t.not(again, id);
  t.equal((await client.get('/Users?count=0')).body['totalResults'], 0, 'the name starts empty');
  succeeded(t, await client.post('/Users', entraUser('one')), 201);
});

t.test('endpoints survive a restart', async (t) => {
  const before = (await admin.get('/endpoints')).json;
  await server.kill();
  await server.startAgain();
  t.same((await admin.get('/endpoints')).json, before);
});
