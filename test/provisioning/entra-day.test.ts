/**
 * A provisioning day of Microsoft Entra ID, as it comes over the wire: 50 users and a group through
 * every change the job makes, in both PATCH dialects. The server is killed with -9 in the middle of
 * a create and again in the middle of the group's changes; the job goes on where it was.
 */
import t from 'tap';
import type { JsonObject } from '../../src/scim/json.ts';
import { idOf, valueAt, valuesOf } from '../support/answer.ts';
import { ScimClient } from '../support/client.ts';
import {
  ENTERPRISE,
  entraFilter,
  entraGroup,
  entraUser,
  patchOp,
  verbose,
} from '../support/entra.ts';
import { onlyResource, scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';
import { REPLACED_PHONES, REPLACED_USER, VERBOSE_REPLACES } from './verbose-replaces.ts';

const USERS = 50;
const server = await Server.start(t);
const scim = ScimClient.of(t, server);
const ids: string[] = [];

/** The job's own loop: look the user up, create it when it is missing. */
async function provision(name: string): Promise<string> {
  const found = await scim.get(`/Users?${entraFilter('userName', `${name}@contoso.example`)}`);
  const [user] = found.resources;
  if (user !== undefined) return idOf(user);
  return (await scim.post('/Users', entraUser(name))).id;
}

t.test('the connection test finds nothing, with 200', async (t) => {
  const probe = entraFilter('userName', '2e2a9a60-8d5c-4c0e-9f5a-3d1cde7ba0c5');
  const answer = succeeded(t, await scim.get(`/Users?${probe}`), 200);
  t.equal(answer.body['totalResults'], 0);
  t.equal(answer.body['startIndex'], 1);
  t.equal(answer.body['itemsPerPage'], 0);
});

t.test('50 users are created, with a kill -9 under one of them', async (t) => {
  for (let number = 0; number < USERS; number++) {
    if (number === USERS / 2) {
      const caught = scim.post('/Users', entraUser(`user${number}`)).catch(() => undefined);
      await server.kill();
      await caught;
      await server.startAgain();
    }
    ids.push(await provision(`user${number}`));
  }
  t.equal(new Set(ids).size, USERS, 'each user has its own id');
  const all = succeeded(t, await scim.get('/Users?count=0'), 200);
  t.equal(all.body['totalResults'], USERS, 'none is lost, none is there twice');
});

t.test('each is found by a filter in other case', async (t) => {
  for (const [number, id] of ids.entries()) {
    const query = entraFilter('userName', `USER${number}@Contoso.EXAMPLE`);
    t.equal(onlyResource(t, await scim.get(`/Users?${query}`))['id'], id);
  }
});

t.test('externalId is found as it was written, and in no other case', async (t) => {
  const found = await scim.get(`/Users?${entraFilter('externalId', 'mail-user7')}`);
  t.equal(onlyResource(t, found)['id'], ids[7]);
  const other = await scim.get(`/Users?${entraFilter('externalId', 'MAIL-user7')}`);
  t.equal(other.body['totalResults'], 0);
});

t.test('the verbose replace of 36 paths', async (t) => {
  t.equal(VERBOSE_REPLACES.length, 36);
  const answer = await scim.patch(`/Users/${ids[0]}`, patchOp(...VERBOSE_REPLACES));
  t.has(succeeded(t, answer, 200).body, REPLACED_USER);
  const read = await scim.get(`/Users/${ids[0]}`);
  t.has(read.body, REPLACED_USER);
  const phones = [...(Array.isArray(read.body['phoneNumbers']) ? read.body['phoneNumbers'] : [])];
  phones.sort((a, b) =>
    JSON.stringify(valueAt(a, 'type')) < JSON.stringify(valueAt(b, 'type')) ? -1 : 1,
  );
  t.same(phones, REPLACED_PHONES);
  t.same(answer.body, read.body, 'the answer to PATCH is what a read finds');
});

t.test('the same again changes nothing, and not the version', async (t) => {
  const before = await scim.get(`/Users/${ids[0]}`);
  const answer = await scim.patch(`/Users/${ids[0]}`, patchOp(...VERBOSE_REPLACES));
  t.equal(succeeded(t, answer, 200).version, before.version);
  t.equal(answer.at('meta', 'lastModified'), before.at('meta', 'lastModified'));
});

t.test('the path-less replace of aadOptscim062020, with dotted and URN keys', async (t) => {
  const value = {
    displayName: 'Grace Hopper',
    active: true,
    'name.givenName': 'Grace',
    'name.familyName': 'Hopper',
    [`${ENTERPRISE}:department`]: 'Navy',
    [`${ENTERPRISE}:division`]: 'Compilers',
  };
  const answer = await scim.patch(`/Users/${ids[1]}`, patchOp({ op: 'replace', value }));
  t.has(succeeded(t, answer, 200).body, {
    displayName: 'Grace Hopper',
    active: true,
    name: { givenName: 'Grace', familyName: 'Hopper', formatted: 'Given Family user1' },
    [ENTERPRISE]: { department: 'Navy', division: 'Compilers', employeeNumber: 'E-user1' },
  });
  t.notOk(Object.keys(answer.body).some((name) => name.includes('.givenName')));
});

t.test('a user is disabled and still found', async (t) => {
  for (const [number, active] of [
    [2, 'False'],
    [3, false],
  ] as const) {
    const body = patchOp(verbose('Replace', 'active', active));
    t.equal(
      succeeded(t, await scim.patch(`/Users/${ids[number]}`, body), 200).body['active'],
      false,
    );
    const query = entraFilter('userName', `user${number}@contoso.example`);
    t.equal(onlyResource(t, await scim.get(`/Users?${query}`))['active'], false);
  }
});

t.test('a manager is set, replaced and removed', async (t) => {
  const path = `${ENTERPRISE}:manager`;
  const manager = async (operation: JsonObject): Promise<unknown> => {
    const answer = await scim.patch(`/Users/${ids[4]}`, patchOp(operation));
    return succeeded(t, answer, 200).at(ENTERPRISE, 'manager', 'value');
  };
  t.equal(await manager(verbose('Add', path, ids[5] ?? '')), ids[5], 'as a bare string');
  t.equal(await manager({ op: 'replace', path, value: { value: ids[6] ?? '' } }), ids[6]);
  t.equal(await manager({ op: 'replace', path: `${path}.value`, value: ids[7] ?? '' }), ids[7]);
  t.equal(await manager(verbose('Replace', path, '')), undefined, 'removed by an empty string');
  t.equal(await manager(verbose('Add', path, 'HXLQWDKNPBRT')), 'HXLQWDKNPBRT', 'any word');
  t.equal(await manager({ op: 'replace', path, value: { value: '' } }), undefined, 'by {value:""}');
  t.equal(await manager(verbose('Add', path, ids[5] ?? '')), ids[5]);
  t.equal(await manager({ op: 'replace', path, value: null }), undefined, 'by null');
  t.equal(await manager(verbose('Add', path, ids[5] ?? '')), ids[5]);
  t.equal(await manager(verbose('Remove', path)), undefined, 'by Remove');
});

t.test('a group is created, filled and emptied in both dialects, under a kill -9', async (t) => {
  const group = succeeded(t, await scim.post('/Groups', entraGroup('Staff of Zürich')), 201).id;
  const [a, b, c, d] = [ids[10] ?? '', ids[11] ?? '', ids[12] ?? '', ids[13] ?? ''];
  const change = async (operation: JsonObject): Promise<void> => {
    const answer = await scim.patch(`/Groups/${group}`, patchOp(operation));
    succeeded(t, answer, 204);
  };
  const members = async (): Promise<unknown> =>
    valuesOf((await scim.get(`/Groups/${group}`)).body['members']);

  await change(verbose('Add', 'members', [{ value: a }, { value: b }]));
  await change({ op: 'add', path: 'members', value: [{ value: c }] });
  await change({ op: 'add', value: { members: [{ value: d }] } });
  t.same(
    new Set(valuesOf((await scim.get(`/Groups/${group}`)).body['members'])),
    new Set([a, b, c, d]),
  );

  const late = scim
    .patch(`/Groups/${group}`, patchOp(verbose('Remove', 'members', [{ value: a }])))
    .catch(() => undefined);
  await server.kill();
  await late;
  await server.startAgain();

  await change(verbose('Remove', 'members', [{ value: a }]));
  t.same(
    new Set(valuesOf((await scim.get(`/Groups/${group}`)).body['members'])),
    new Set([b, c, d]),
  );
  await change({ op: 'remove', path: `members[value eq "${b}"]` });
  await change(verbose('Remove', 'members', [{ value: c }]));
  t.same(await members(), [d], 'only those listed are removed');

  const user = await scim.get(`/Users/${d}`);
  t.same(valuesOf(user.body['groups']), [group], 'the user shows the group');
  const probe = await scim.get(`/Groups?filter=id+eq+"${group}"+and+members+eq+"${d}"`);
  t.equal(onlyResource(t, probe)['id'], group);
  const absent = await scim.get(`/Groups?filter=id+eq+"${group}"+and+members+eq+"${a}"`);
  t.equal(absent.body['totalResults'], 0);
});

t.test('a group is renamed and found in other case without its members', async (t) => {
  const query = entraFilter('displayName', 'STAFF of zÜRICH');
  const found = onlyResource(t, await scim.get(`/Groups?excludedAttributes=members&${query}`));
  t.notOk('members' in found);
  const path = `/Groups/${idOf(found)}`;
  succeeded(t, await scim.patch(path, patchOp(verbose('Replace', 'displayName', 'Crew'))), 204);
  const renamed = await scim.get(`${path}?excludedAttributes=members`);
  t.equal(renamed.body['displayName'], 'Crew');
  t.notOk('members' in renamed.body);
  t.equal(valuesOf((await scim.get(path)).body['members']).length, 1, 'members stay');
  t.equal((await scim.get(`/Groups?${query}`)).body['totalResults'], 0, 'the old name is free');
});

t.test('a deleted user is gone from its groups; deleting again is 404', async (t) => {
  const id = ids[13] ?? '';
  succeeded(t, await scim.delete(`/Users/${id}`), 204);
  scimError(t, await scim.delete(`/Users/${id}`), 404);
  scimError(t, await scim.get(`/Users/${id}`), 404);
  const crew = onlyResource(t, await scim.get(`/Groups?${entraFilter('displayName', 'crew')}`));
  t.same(valuesOf(crew['members']), []);
  const path = `/Groups/${idOf(crew)}`;
  succeeded(t, await scim.delete(path), 204);
  scimError(t, await scim.delete(path), 404);
});

t.test('all of it is there after a clean stop and start', async (t) => {
  t.equal((await server.stop()).code, 0);
  await server.startAgain();
  const all = await scim.get('/Users?count=0');
  t.equal(all.body['totalResults'], USERS - 1);
  t.has((await scim.get(`/Users/${ids[0]}`)).body, REPLACED_USER);
});
