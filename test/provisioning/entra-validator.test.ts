/**
 * The Microsoft Entra SCIM validator, from its recorded traffic: bodies with `schemas` last,
 * filters with `+`, raw quotes and `%40`, roles found by `primary eq "True"`, random words where
 * the schema hints at something better.
 */
import t from 'tap';
import type { JsonObject } from '../../src/scim/json.ts';
import { valuesOf } from '../support/answer.ts';
import { ScimClient } from '../support/client.ts';
import { ENTERPRISE, entraFilter, GROUP, patchOpSchemasLast, USER } from '../support/entra.ts';
import { onlyResource, scimError, succeeded } from '../support/scim-asserts.ts';
import { recordedUser } from '../support/recorded-user.ts';
import { Server } from '../support/server.ts';

const server = await Server.start(t);
const scim = ScimClient.of(t, server);

function validatorUser(name: string): JsonObject {
  return recordedUser(`${name}@fadel.example`, name);
}

t.test('create a user', async (t) => {
  const created = succeeded(t, await scim.post('/Users', validatorUser('dale.mohr')), 201);
  t.equal(created.at('roles', 0, 'primary'), true, '"True" is stored as a boolean');
  t.equal(created.at(ENTERPRISE, 'manager', 'value'), 'PQFWQUWGUFQK');
  t.equal(created.body['locale'], 'HKTVQSTDVWZM');
  t.same((await scim.get(`/Users/${created.id}`)).body, created.body);
});

t.test('create a duplicate user: 409, also in other case', async (t) => {
  for (const name of ['dale.mohr', 'DALE.Mohr']) {
    const answer = await scim.post('/Users', validatorUser(name));
    scimError(t, answer, 409, 'uniqueness', 'userName');
  }
});

t.test('filter for an existing user, a missing one, and in other case', async (t) => {
  const existing = await scim.get(`/Users?${entraFilter('userName', 'dale.mohr@fadel.example')}`);
  t.equal(onlyResource(t, existing)['displayName'], 'XKWLCONOGMVT');
  const other = await scim.get(`/Users?${entraFilter('userName', 'DALE.MOHR@Fadel.Example')}`);
  onlyResource(t, other);
  const missing = await scim.get(`/Users?${entraFilter('userName', 'nobody@fadel.example')}`);
  t.match(succeeded(t, missing, 200).body, { totalResults: 0, itemsPerPage: 0, startIndex: 1 });
});

t.test('replace attributes through paths and without a path', async (t) => {
  const { id } = await scim.post('/Users', validatorUser('replace'));
  const replace = (path: string, value: string | boolean): JsonObject => ({
    op: 'replace',
    path,
    value,
  });
  const answer = await scim.patch(
    `/Users/${id}`,
    patchOpSchemasLast(
      replace('emails[type eq "work"].value', 'tania@stark.example'),
      replace('emails[type eq "work"].primary', true),
      replace('addresses[type eq "work"].country', 'Namibia'),
      replace('phoneNumbers[type eq "mobile"].value', '33-749-9990'),
      replace('roles[primary eq "True"].display', 'WMIIFOEBBTKE'),
      replace('roles[primary eq "True"].value', 'JVQBTZOTYYVB'),
      {
        op: 'replace',
        value: {
          active: true,
          displayName: 'QWUNAMCBRHTB',
          'name.givenName': 'Janessa',
          'name.honorificPrefix': 'Cheyenne',
          [`${ENTERPRISE}:employeeNumber`]: 'PQFWQUWGUFQK',
          [`${ENTERPRISE}:manager`]: 'RANDOMWORD',
        },
      },
    ),
  );
  t.has(succeeded(t, answer, 200).body, {
    displayName: 'QWUNAMCBRHTB',
    name: { givenName: 'Janessa', familyName: 'Nia', honorificPrefix: 'Cheyenne' },
    emails: [{ type: 'work', value: 'tania@stark.example', primary: true }],
    addresses: [{ type: 'work', formatted: 'FQRTEFXTAAZO', country: 'Namibia' }],
    roles: [
      { primary: true, display: 'WMIIFOEBBTKE', value: 'JVQBTZOTYYVB', type: 'QRPQKXXKNVRS' },
    ],
    [ENTERPRISE]: { employeeNumber: 'PQFWQUWGUFQK', manager: { value: 'RANDOMWORD' } },
  });
  t.equal(valuesOf(answer.body['phoneNumbers']).length, 2, 'the mobile number is new');
});

t.test('add attributes to a user that has none of them', async (t) => {
  const bare = { userName: 'bare@fadel.example', schemas: [USER] };
  const { id } = succeeded(t, await scim.post('/Users', bare), 201);
  const add = (path: string, value: string | boolean): JsonObject => ({ op: 'add', path, value });
  const answer = await scim.patch(
    `/Users/${id}`,
    patchOpSchemasLast(
      add('emails[type eq "work"].value', 'bare@stark.example'),
      add('emails[type eq "work"].primary', true),
      add('roles[primary eq "True"].display', 'MSSEWRRJREQY'),
      add('roles[primary eq "True"].value', 'CYDBGQIIERUP'),
      add('roles[primary eq "True"].type', 'QRPQKXXKNVRS'),
      add(`${ENTERPRISE}:department`, 'ZWKPZIITMALV'),
    ),
  );
  t.has(succeeded(t, answer, 200).body, {
    schemas: [USER, ENTERPRISE],
    emails: [{ type: 'work', value: 'bare@stark.example', primary: true }],
    roles: [
      { primary: true, display: 'MSSEWRRJREQY', value: 'CYDBGQIIERUP', type: 'QRPQKXXKNVRS' },
    ],
    [ENTERPRISE]: { department: 'ZWKPZIITMALV' },
  });
  t.equal(valuesOf(answer.body['roles']).length, 1, 'one role, not three');
});

t.test('change the userName, and disable', async (t) => {
  const { id } = await scim.post('/Users', validatorUser('rename'));
  const rename = patchOpSchemasLast({
    op: 'replace',
    path: 'userName',
    value: 'new@fadel.example',
  });
  succeeded(t, await scim.patch(`/Users/${id}`, rename), 200);
  const found = await scim.get(`/Users?${entraFilter('userName', 'new@fadel.example')}`);
  t.equal(onlyResource(t, found)['id'], id);
  const old = await scim.get(`/Users?${entraFilter('userName', 'rename@fadel.example')}`);
  t.equal(old.body['totalResults'], 0);

  const disable = patchOpSchemasLast({ op: 'replace', path: 'active', value: false });
  succeeded(t, await scim.patch(`/Users/${id}`, disable), 200);
  t.equal((await scim.get(`/Users/${id}`)).body['active'], false);
  const still = await scim.get(`/Users?${entraFilter('userName', 'new@fadel.example')}`);
  t.equal(onlyResource(t, still)['active'], false);
});

t.test('several operations on one attribute take effect in order', async (t) => {
  const { id } = await scim.post('/Users', validatorUser('order'));
  const answer = await scim.patch(
    `/Users/${id}`,
    patchOpSchemasLast(
      { op: 'remove', path: 'displayName' },
      { op: 'add', path: 'displayName', value: 'first' },
      { op: 'replace', path: 'displayName', value: 'second' },
      { op: 'add', path: 'displayName', value: 'third' },
    ),
  );
  t.equal(succeeded(t, answer, 200).body['displayName'], 'third');
});

t.test('remove the manager by {"value":""}', async (t) => {
  const { id } = await scim.post('/Users', validatorUser('manager'));
  const path = `${ENTERPRISE}:manager`;
  const body = patchOpSchemasLast({ op: 'replace', path, value: { value: '' } });
  const answer = succeeded(t, await scim.patch(`/Users/${id}`, body), 200);
  t.equal(answer.at(ENTERPRISE, 'manager'), undefined);
  t.equal(answer.at(ENTERPRISE, 'employeeNumber'), 'DVJTEKOQVLLR');
});

t.test('delete a user, and again', async (t) => {
  const { id } = await scim.post('/Users', validatorUser('delete'));
  succeeded(t, await scim.delete(`/Users/${id}`), 204);
  scimError(t, await scim.delete(`/Users/${id}`), 404, undefined, id);
  scimError(t, await scim.get(`/Users/${id}`), 404, undefined, id);
});

t.test('groups: create, duplicate, filter without members, change, delete twice', async (t) => {
  const body = { displayName: 'BYTNTBGLAWHC', externalId: '4d2f', members: [], schemas: [GROUP] };
  const created = succeeded(t, await scim.post('/Groups', body), 201);
  const path = `/Groups/${created.id}`;
  scimError(t, await scim.post('/Groups', body), 409, 'uniqueness', 'displayName');

  const member = (await scim.post('/Users', validatorUser('member'))).id;
  const patch = async (operation: JsonObject): Promise<void> => {
    succeeded(t, await scim.patch(path, patchOpSchemasLast(operation)), 204);
  };
  await patch({ op: 'add', path: 'members', value: [{ value: member }] });
  const query = `excludedAttributes=members&${entraFilter('displayName', 'bytntbglawhc')}`;
  const found = onlyResource(t, await scim.get(`/Groups?${query}`));
  t.equal(found['id'], created.id);
  t.notOk('members' in found);
  t.same(valuesOf((await scim.get(path)).body['members']), [member]);

  await patch({ op: 'replace', value: { externalId: 'b8a1' } });
  await patch({ op: 'replace', value: { displayName: 'EZFLIJDRXOQS' } });
  t.has((await scim.get(path)).body, { externalId: 'b8a1', displayName: 'EZFLIJDRXOQS' });
  await patch({ op: 'replace', path: 'members', value: [{ value: member }] });
  await patch({ op: 'remove', path: `members[value eq "${member}"]` });
  t.same(valuesOf((await scim.get(path)).body['members']), []);

  succeeded(t, await scim.delete(path), 204);
  scimError(t, await scim.delete(path), 404);
});
