/** Queries of the endpoint's root (RFC 7644 §3.4.2.1) and POST of searches (§3.4.3) over HTTP. */
import t from 'tap';
import { ScimClient } from '../support/client.ts';
import { entraGroup, entraUser } from '../support/entra.ts';
import { listsIds, scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

const server = await Server.start(t);
const scim = ScimClient.of(t, server);
const smith = (await scim.post('/Users', { ...entraUser('jsmith'), displayName: 'Smith, James' }))
  .id;
const jones = (await scim.post('/Users', { ...entraUser('jones'), displayName: 'Jones' })).id;
const group = (
  await scim.post('/Groups', { ...entraGroup('Smith Family'), members: [{ value: smith }] })
).id;

t.test('the example of RFC 7644 §3.4.3 finds a user and a group', async (t) => {
  const answer = await scim.post('/.search', {
    schemas: [SEARCH],
    attributes: ['displayName', 'userName'],
    filter: 'displayName sw "smith"',
    startIndex: 1,
    count: 10,
  });
  listsIds(t, answer, [smith, group]);
  t.match(answer.body, { startIndex: 1, itemsPerPage: 2 });
  t.match(answer.resources, [
    { userName: /jsmith/, displayName: 'Smith, James' },
    { displayName: 'Smith Family' },
  ]);
  t.notOk(answer.resources.some((resource) => 'meta' in resource || 'members' in resource));
});

for (const [filter, ids] of [
  [undefined, [smith, jones, group]],
  ['(meta.resourceType eq "User") or (meta.resourceType eq "Group")', [smith, jones, group]],
  ['meta.resourceType eq "Group"', [group]],
  ['userName eq "JSMITH@contoso.example"', [smith]],
  [`members eq "${smith}"`, [group]],
  [`groups.value eq "${group}"`, [smith]],
  ['not (userName pr)', [group]],
  ['userName pr or members pr', [smith, jones, group]],
  ['displayName co "s" and not (members pr)', [smith, jones]],
  [`id eq "${group}"`, [group]],
  ['userName eq "nobody"', []],
] as const) {
  t.test(`the root, filtered by ${filter ?? 'nothing'}`, async (t) => {
    const query = filter === undefined ? '' : `?filter=${encodeURIComponent(filter)}`;
    const got = succeeded(t, await scim.get(query), 200);
    listsIds(t, got, ids);
    t.same((await scim.get(`/${query}`)).body, got.body, 'with a slash');
    const posted = await scim.post('/.search', filter === undefined ? {} : { filter });
    t.same(posted.body, got.body, 'by POST');
    const head = await scim.head(query);
    t.equal(head.status, 200);
    t.equal(head.headers['content-length'], got.headers['content-length']);
  });
}

t.test('members and groups are shown, unless they are excluded', async (t) => {
  const shown = await scim.get('');
  t.match(shown.resources, [{ groups: [{ value: group }] }, {}, { members: [{ value: smith }] }]);
  const without = await scim.get('?excludedAttributes=members');
  t.match(without.resources[0], { groups: [{ value: group }] });
  t.notOk('members' in (without.resources[2] ?? {}));
});

t.test('pages go on from type to type', async (t) => {
  const seen: unknown[] = [];
  for (const startIndex of [1, 2, 3]) {
    const { body, resources } = await scim.get(`?startIndex=${startIndex}&count=1`);
    t.match(body, { totalResults: 3, startIndex, itemsPerPage: 1 });
    seen.push(...resources.map(({ id }) => id));
  }
  t.same(seen, [smith, jones, group]);
  const sorted = await scim.get('?sortBy=displayName&sortOrder=descending');
  t.same(
    sorted.resources.map(({ id }) => id),
    [smith, group, jones],
  );
});

t.test('what no type knows is refused', async (t) => {
  scimError(t, await scim.get('?filter=nosuch+pr'), 400, 'invalidFilter', 'nosuch');
  scimError(t, await scim.get('?sortBy=nosuch'), 400, 'invalidValue', 'sortBy');
  scimError(
    t,
    await scim.post('/.search', { filter: 'active gt 1' }),
    400,
    'invalidFilter',
    'active',
  );
  scimError(t, await scim.post('/.search', { schemas: [] }), 400, 'invalidSyntax', 'schemas');
  scimError(t, await scim.post('/Nothing/.search', {}), 404);
  scimError(t, await scim.get('', { token: null }), 401);
  const plain = { headers: { 'content-type': 'text/plain' } };
  scimError(t, await scim.post('/.search', {}, plain), 415);
});

t.test('each endpoint lists its own', async (t) => {
  await scim.under('').post('/scim/admin/endpoints', { name: 'empty' });
  listsIds(t, await scim.under('/scim/endpoints/empty').get(''), []);
  listsIds(t, await scim.under('/scim/v2/endpoints/empty').post('/.search', {}), []);
});
