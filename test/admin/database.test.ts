/** Users and groups across endpoints, as an administrator browses them. */
import t from 'tap';
import { isObject, type JsonObject } from '../../src/scim/json.ts';
import type { Answer } from '../support/answer.ts';
import { ScimClient } from '../support/client.ts';
import { entraGroup, entraUser } from '../support/entra.ts';
import { scimError } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

const server = await Server.start(t);
const scim = ScimClient.of(t, server);
const admin = scim.under('/scim/admin');
const NOBODY = '018f2f7e-0000-7000-8000-000000000000';
const names: string[] = [];

for (const endpoint of ['one', 'two', 'three']) {
  const config = endpoint === 'two' ? { preset: 'users-only' } : {};
  const made = await admin.post('/endpoints', { name: endpoint, config });
  if (made.status !== 201) throw new Error(made.text);
  for (let n = 0; n < 5; n += 1) {
    const userName = `${endpoint}-${n}`;
    names.push(`${userName}@contoso.example`);
    await scim.under(`/scim/endpoints/${endpoint}`).post('/Users', entraUser(userName));
  }
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new Error('a text is there');
  return value;
}

function listed(answer: Answer, name = 'users'): JsonObject[] {
  const list = answer.body[name];
  if (!Array.isArray(list)) throw new Error(answer.text);
  return list.filter(isObject);
}

t.test('pages go through all endpoints, each user once', async (t) => {
  for (const limit of [1, 4, 5, 7, 15, 50]) {
    const found: unknown[] = [];
    for (let page = 1; page <= Math.ceil(15 / limit); page += 1) {
      const answer = await admin.get(`/database/users?page=${page}&limit=${limit}`);
      t.equal(answer.status, 200);
      const users = listed(answer);
      t.ok(users.length <= limit);
      found.push(...users.map(({ userName }) => userName));
      const pages = Math.ceil(15 / limit);
      t.same(answer.body['pagination'], { page, limit, total: 15, pages });
    }
    t.same(found, names, `${limit} a page`);
  }
  const beyond = await admin.get('/database/users?page=9');
  t.same(listed(beyond), []);
  t.equal(beyond.at('pagination', 'total'), 15);
});

t.test('of one endpoint, and one by one with its endpoint', async (t) => {
  const [two] = listed(await admin.get('/database/users?page=6&limit=1'));
  t.match(two, { endpointName: 'two', userName: 'two-0@contoso.example' });
  const endpointId = textOf(two?.['endpointId']);
  const own = await admin.get(`/database/users?endpointId=${endpointId}`);
  t.same(
    listed(own).map(({ endpointName }) => endpointName),
    ['two', 'two', 'two', 'two', 'two'],
  );
  const one = await admin.get(`/database/users/${textOf(two?.['id'])}`);
  t.equal(one.status, 200);
  t.match(one.body, { ...two, groups: [] });
});

t.test('a group with its members, a user with its groups', async (t) => {
  const three = scim.under('/scim/endpoints/three');
  const { id: user } = await three.post('/Users', entraUser('member'));
  const group = { ...entraGroup('G'), members: [{ value: user }] };
  const { id } = await three.post('/Groups', group);
  const groups = listed(await admin.get('/database/groups'), 'groups');
  t.match(groups, [{ id, endpointName: 'three', displayName: 'G' }]);
  t.equal(groups.length, 1);
  t.match((await admin.get(`/database/groups/${id}`)).body, { members: [{ value: user }] });
  t.match((await admin.get(`/database/users/${user}`)).body, { groups: [{ value: id }] });
  t.equal((await three.delete(`/Users/${user}`)).status, 204);
});

t.test('what is not there is 404, what is not taken 400', async (t) => {
  for (const path of [`/users/${NOBODY}`, `/groups/${NOBODY}`, `/users?endpointId=${NOBODY}`]) {
    scimError(t, await admin.get(`/database${path}`), 404);
  }
  const [user] = listed(await admin.get('/database/users?limit=1'));
  scimError(t, await admin.get(`/database/groups/${textOf(user?.['id'])}`), 404);
  scimError(t, await admin.get('/database/devices'), 404);
  for (const query of ['page=0', 'page=x', 'limit=0', 'limit=201', 'search=ada']) {
    scimError(t, await admin.get(`/database/users?${query}`), 400, 'invalidValue');
  }
});
