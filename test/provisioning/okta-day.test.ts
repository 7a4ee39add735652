/**
 * A provisioning day of Okta: connection test, import in pages, create, PUT with the echo of what
 * it read, path-less deactivation, group push. The server is killed with -9 in the middle.
 */
import t from 'tap';
import { valueAt, valuesOf } from '../support/answer.ts';
import { ScimClient } from '../support/client.ts';
import {
  OKTA_PASSWORD,
  oktaGroup,
  oktaUser,
  replaceMembers,
  replaceValue,
} from '../support/okta.ts';
import { onlyResource, scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

const USERS = 120;
/** To hash a password takes 150 ms of a core: a few show what all would. */
const USERS_WITH_PASSWORD = 10;
const server = await Server.start(t);
const scim = ScimClient.of(t, server);
const ids: string[] = [];

t.test('the connection test on an empty server', async (t) => {
  const users = succeeded(t, await scim.get('/Users?startIndex=1&count=2'), 200);
  t.match(users.body, { totalResults: 0, startIndex: 1, itemsPerPage: 0 });
  t.same(users.resources, []);
  succeeded(t, await scim.get('/Groups?startIndex=1&count=100'), 200);
  scimError(t, await scim.get('/Users?startIndex=1&count=2', { token: 'wrong' }), 401);
});

t.test('users are looked up and created; no password comes back', async (t) => {
  for (let number = 0; number < USERS; number++) {
    const name = `user${String(number).padStart(3, '0')}`;
    const filter = encodeURIComponent(`userName eq "${name}@okta.example"`);
    const found = await scim.get(`/Users?filter=${filter}&startIndex=1&count=100`);
    t.equal(found.body['totalResults'], 0);
    const password = number < USERS_WITH_PASSWORD ? OKTA_PASSWORD : undefined;
    const created = succeeded(t, await scim.post('/Users', oktaUser(name, password)), 201);
    t.notOk(created.text.includes(OKTA_PASSWORD), 'no password');
    t.notOk('groups' in created.body, 'groups: [] is nothing');
    ids.push(created.id);
  }
  scimError(
    t,
    await scim.post('/Users', oktaUser('USER000', OKTA_PASSWORD)),
    409,
    'uniqueness',
    'userName',
  );
});

t.test('the import reads pages of 100: each user once, in one order', async (t) => {
  const read = async (): Promise<unknown[]> => {
    const seen: unknown[] = [];
    for (let startIndex = 1, total = 1; seen.length < total; startIndex += 100) {
      const page = await scim.get(`/Users?startIndex=${startIndex}&count=100`);
      total = Number(page.body['totalResults']);
      t.equal(page.body['startIndex'], startIndex);
      t.equal(page.body['itemsPerPage'], page.resources.length);
      t.ok(page.resources.length > 0, 'a page before the end is not empty');
      seen.push(...page.resources.map((user) => user['id']));
    }
    return seen;
  };
  const first = await read();
  t.same(new Set(first), new Set(ids));
  t.equal(first.length, USERS);
  t.same(await read(), first);
});

t.test('PUT with the echo of what was read, and groups: []', async (t) => {
  const read = await scim.get(`/Users/${ids[0]}`);
  const body = { ...read.body, groups: [], displayName: 'Changed by Okta', nickName: 'Nick' };
  const answer = succeeded(t, await scim.put(`/Users/${ids[0]}`, body), 200);
  t.match(answer.body, { id: ids[0], displayName: 'Changed by Okta', nickName: 'Nick' });
  t.not(answer.version, read.version);
  t.equal(answer.at('meta', 'created'), read.at('meta', 'created'));
});

t.test('PUT takes away what it does not name', async (t) => {
  const read = await scim.get(`/Users/${ids[0]}`);
  const { nickName, ...rest } = read.body;
  t.equal(nickName, 'Nick');
  const answer = succeeded(t, await scim.put(`/Users/${ids[0]}`, rest), 200);
  t.notOk('nickName' in answer.body);
});

t.test('a path-less deactivation, a kill -9, and reactivation', async (t) => {
  const path = `/Users/${ids[1]}`;
  const off = succeeded(t, await scim.patch(path, replaceValue({ active: false })), 200);
  t.equal(off.body['active'], false);
  await server.kill();
  await server.startAgain();
  t.equal((await scim.get(path)).body['active'], false, 'what was acknowledged is there');
  const on = succeeded(t, await scim.patch(path, replaceValue({ active: true })), 200);
  t.equal(on.body['active'], true);
});

t.test('group push: create, replace the members, empty them, rename', async (t) => {
  const created = succeeded(
    t,
    await scim.post('/Groups', oktaGroup('Pushed', ids.slice(0, 2))),
    201,
  );
  const path = `/Groups/${created.id}`;
  const members = async (): Promise<Set<unknown>> =>
    new Set(valuesOf((await scim.get(path)).body['members']));
  t.same(await members(), new Set(ids.slice(0, 2)));

  succeeded(t, await scim.patch(path, replaceMembers(ids.slice(1, 101))), 204);
  t.same(await members(), new Set(ids.slice(1, 101)));

  succeeded(t, await scim.patch(path, replaceMembers([])), 204);
  t.same(await members(), new Set());
  const user = await scim.get(`/Users/${ids[1]}`);
  t.notOk('groups' in user.body, 'the member knows that it left');

  const rename = replaceValue({ id: created.id, displayName: 'Renamed' });
  succeeded(t, await scim.patch(path, rename), 204);
  const filter = encodeURIComponent('displayName eq "renamed"');
  t.equal(valueAt(onlyResource(t, await scim.get(`/Groups?filter=${filter}`)), 'id'), created.id);
});

t.test('group push by PUT', async (t) => {
  const created = succeeded(
    t,
    await scim.post('/Groups', oktaGroup('By PUT', ids.slice(0, 3))),
    201,
  );
  const body = { ...oktaGroup('By PUT', ids.slice(2, 5)), id: created.id };
  const answer = succeeded(t, await scim.put(`/Groups/${created.id}`, body), 200);
  t.same(new Set(valuesOf(answer.body['members'])), new Set(ids.slice(2, 5)));
  succeeded(t, await scim.delete(`/Groups/${created.id}`), 204);
});
