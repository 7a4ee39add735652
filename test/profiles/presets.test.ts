/** What an endpoint starts from, by what an administrator and a client see. */
import t from 'tap';
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import { isObject } from '../../src/scim/json.ts';
import { ScimClient } from '../support/client.ts';
import {
  entraGroup,
  entraUser,
  ENTERPRISE,
  GROUP,
  patchOp,
  USER,
  verbose,
} from '../support/entra.ts';
import { scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

const NAMES = ['default', 'entra-id', 'okta', 'rfc-strict', 'users-only'];
const NOBODY = '018f2f7e-0000-7000-8000-000000000000';
const server = await Server.start(t);
const root = ScimClient.of(t, server);
const admin = root.under('/scim/admin');

async function endpointOf(preset: string, config?: JsonObject): Promise<ScimClient> {
  const name = `${preset}-${Math.floor(performance.now() * 1000)}`;
  const body = { name, preset, ...(config === undefined ? {} : { config }) };
  succeeded(t, await admin.post('/endpoints', body), 201);
  return root.under(`/scim/endpoints/${name}`);
}

function namesOf(list: JsonValue | undefined, member: string): JsonValue[] {
  return (Array.isArray(list) ? list : []).map((each) =>
    isObject(each) ? (each[member] ?? null) : null,
  );
}

t.test('presets are shown, all and one by one', async (t) => {
  const list = succeeded(t, await admin.get('/presets'), 200).json;
  t.same(namesOf(list, 'name'), NAMES);
  for (const [position, name] of NAMES.entries()) {
    const { body } = succeeded(t, await admin.get(`/presets/${name}`), 200);
    t.same(body, Array.isArray(list) && list[position]);
    t.same(Object.keys(body).sort(), [
      'description',
      'name',
      'resourceTypes',
      'schemas',
      'settings',
    ]);
  }
  const users = await admin.get('/presets/users-only');
  t.same(namesOf(users.body['resourceTypes'], 'name'), ['User']);
  t.same(namesOf(users.body['schemas'], 'id'), [USER, ENTERPRISE]);
  const strict = await admin.get('/presets/rfc-strict');
  t.match(strict.at('settings'), { unknownAttributes: 'refuse', textBooleans: false });
  scimError(t, await admin.get('/presets/nope'), 404, undefined, ...NAMES);
  t.equal((await admin.get('/presets/default/x')).status, 404);
  t.equal((await admin.post('/presets', {})).status, 405);
  t.equal((await admin.get('/presets', { token: null })).status, 401);
});

t.test('a minimal user is accepted by each', async (t) => {
  for (const preset of NAMES) {
    const scim = await endpointOf(preset);
    const body = { schemas: [USER], userName: 'minimal' };
    const created = succeeded(t, await scim.post('/Users', body), 201);
    t.match(created.body, body, preset);
    if (preset !== 'rfc-strict') succeeded(t, await scim.post('/Users', { userName: 'bare' }), 201);
  }
});

t.test('the config says which preset it is, and later configs keep it', async (t) => {
  const created = await admin.post('/endpoints', {
    name: 'kept',
    preset: 'rfc-strict',
    config: { requireIfMatch: true },
  });
  t.same(succeeded(t, created, 201).body['config'], { preset: 'rfc-strict', requireIfMatch: true });
  const path = `/endpoints/${created.id}`;
  const renamed = await admin.patch(path, { displayName: 'Kept' });
  t.same(renamed.body['config'], { preset: 'rfc-strict', requireIfMatch: true });
  const changed = await admin.patch(path, { config: { externalIdUnique: true } });
  t.same(succeeded(t, changed, 200).body['config'], {
    preset: 'rfc-strict',
    externalIdUnique: true,
  });
  const scim = root.under('/scim/endpoints/kept');
  const odd = { schemas: [USER], userName: 'u', active: 'True' };
  scimError(t, await scim.post('/Users', odd), 400, 'invalidValue', 'active');
  const other = await admin.patch(path, { config: { preset: 'okta' } });
  t.same(succeeded(t, other, 200).body['config'], { preset: 'okta' });
  succeeded(t, await scim.post('/Users', odd), 201);
  t.same((await admin.patch(path, { config: {} })).body['config'], { preset: 'okta' });
});

t.test('settings win over those of the preset', async (t) => {
  const body = { schemas: [USER], userName: 'u', active: 'True', favouriteColour: 'green' };
  const strict = await endpointOf('rfc-strict');
  t.equal((await strict.post('/Users', body)).status, 400);
  const softer = await endpointOf('rfc-strict', { textBooleans: true, unknownAttributes: 'drop' });
  t.equal(succeeded(t, await softer.post('/Users', body), 201).body['active'], true);
});

t.test('rfc-strict goes by the letter', async (t) => {
  const scim = await endpointOf('rfc-strict');
  const user = succeeded(t, await scim.post('/Users', { schemas: [USER], userName: 'u' }), 201);
  const path = `/Users/${user.id}`;
  for (const [operation, scimType] of [
    [{ op: 'replace', path: 'phoneNumbers[type eq "fax"].value', value: '1' }, 'noTarget'],
    [verbose('Replace', 'title', 'x'), 'invalidSyntax'],
    [{ op: 'replace', value: { 'name.givenName': 'x' } }, 'invalidSyntax'],
    [{ op: 'replace', path: 'active', value: 'False' }, 'invalidValue'],
  ] as const) {
    scimError(t, await scim.patch(path, patchOp(operation)), 400, scimType);
  }
  t.same((await scim.get(path)).body, user.body);
  succeeded(t, await scim.patch(path, patchOp({ op: 'add', path: 'title', value: 'x' })), 200);
  const suffixed = 'emails[type eq "work"].value eq "x"';
  scimError(
    t,
    await scim.get(`/Users?filter=${encodeURIComponent(suffixed)}`),
    400,
    'invalidFilter',
  );
  const unknown = { schemas: [USER, 'urn:example:unknown'], userName: 'v' };
  t.equal((await scim.post('/Users', unknown)).status, 400);
});

t.test('entra-id and okta take the dialects, and leave unknown members out', async (t) => {
  for (const preset of ['entra-id', 'okta']) {
    const scim = await endpointOf(preset);
    const user = succeeded(t, await scim.post('/Users', entraUser('e')), 201);
    const group = succeeded(t, await scim.post('/Groups', entraGroup('G')), 201);
    const add = patchOp(verbose('Add', 'members', [{ value: user.id }, { value: NOBODY }]));
    succeeded(t, await scim.patch(`/Groups/${group.id}`, add), 204);
    t.same(namesOf((await scim.get(`/Groups/${group.id}`)).body['members'], 'value'), [user.id]);
    const fax = patchOp(verbose('Replace', 'phoneNumbers[type eq "fax"].value', '1'));
    succeeded(t, await scim.patch(`/Users/${user.id}`, fax), 200);
    const echo = { ...user.body, groups: [], active: false };
    t.equal(succeeded(t, await scim.put(`/Users/${user.id}`, echo), 200).body['active'], false);
  }
});

t.test('users-only has no groups, not even in discovery', async (t) => {
  const scim = await endpointOf('users-only');
  scimError(t, await scim.get('/Groups'), 404, undefined, 'Users');
  scimError(t, await scim.post('/Groups', { displayName: 'G' }), 404);
  t.same(namesOf((await scim.get('/ResourceTypes')).resources, 'name'), ['User']);
  t.same(namesOf((await scim.get('/Schemas')).resources, 'id'), [USER, ENTERPRISE]);
  scimError(t, await scim.get(`/Schemas/${GROUP}`), 404);
});

t.test('what is no preset is refused with those there are', async (t) => {
  for (const body of [
    { name: 'x', preset: 'nope' },
    { name: 'x', preset: 'Okta' },
    { name: 'x', config: { preset: 'nope' } },
    { name: 'x', config: { preset: 7 } },
  ]) {
    scimError(t, await admin.post('/endpoints', body), 400, 'invalidValue', 'preset', ...NAMES);
  }
  const two = { name: 'x', preset: 'okta', config: { preset: 'default' } };
  scimError(t, await admin.post('/endpoints', two), 400, 'invalidValue', 'two presets');
  scimError(t, await admin.post('/endpoints', { name: 'x', preset: 7 }), 400, 'invalidValue');
  t.equal((await admin.get('/endpoints/by-name/x')).status, 404, 'nothing was made');
  const { id } = await admin.post('/endpoints', { name: 'late' });
  scimError(
    t,
    await admin.patch(`/endpoints/${id}`, { preset: 'okta' }),
    400,
    'invalidValue',
    'config',
  );
  const wrong = { config: { preset: 'nope' } };
  scimError(t, await admin.patch(`/endpoints/${id}`, wrong), 400, 'invalidValue', ...NAMES);
});
