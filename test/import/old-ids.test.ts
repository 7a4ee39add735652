/** Clients remember ids: after an import they are answered under them, with the times of then. */
import t from 'tap';
import { ScimClient } from '../support/client.ts';
import { ENTERPRISE, patchOp } from '../support/entra.ts';
import { onlyResource, succeeded } from '../support/scim-asserts.ts';
import { TIME } from '../support/scimserver/database.ts';
import { Migration, tally } from './rig.ts';

const ADA = '6e9f3c1a-0000-4000-8000-000000000001';
const BOB = 'abcdef12-0000-4000-8000-000000000002';
const STAFF = '11111111-0000-4000-8000-000000000003';
const ALL = '00000000-0000-4000-8000-000000000004';

t.test('endpoints, users, groups and members are there under their ids', async (t) => {
  const migration = new Migration(t);
  migration
    .database()
    .endpoint({
      id: 'ep-1',
      name: 'contoso',
      displayName: 'Contoso',
      description: 'the first',
      config: '{"PatchOpAllowRemoveAllMembers":"False","VerbosePatchSupported":true}',
      createdAt: TIME,
      updatedAt: '2025-05-01T00:00:00.000Z',
    })
    .endpoint({ id: 'ep-2', name: 'Contoso', active: 0 })
    .user({
      endpointId: 'ep-1',
      scimId: ADA,
      userName: 'Ada@example.com',
      externalId: 'x-ada',
      active: 0,
      rawPayload: {
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
        displayName: 'Ada',
        'name.givenName': 'Ada',
        name: { familyName: 'Lovelace' },
        emails: [{ type: 'work', value: 'ada@example.com', primary: 'True' }],
        [`${ENTERPRISE}:department`]: 'Mathematics',
      },
      createdAt: TIME,
      updatedAt: '2025-06-07T08:09:10.111Z',
    })
    .user({ endpointId: 'ep-1', scimId: BOB, userName: 'bob', createdAt: '2025-01-01 00:00:00' })
    .group({
      endpointId: 'ep-1',
      scimId: ALL,
      displayName: 'Everybody',
      externalId: 'g',
      members: [STAFF, BOB],
    })
    .group({ endpointId: 'ep-1', scimId: STAFF, displayName: 'Staff', members: [ADA, BOB] })
    .close();
  const { code, stderr, result } = await migration.run();
  t.equal(code, 0, stderr);
  t.equal(stderr, '', 'no terminal, no progress');
  t.match(result().counts, {
    endpoints: tally({ read: 2, taken: 2 }),
    users: tally({ read: 2, taken: 2 }),
    groups: tally({ read: 2, taken: 2 }),
    members: { kept: 4, dropped: 0 },
  });

  const { server, at } = await migration.serve();
  const scim = at('ep-1');
  const ada = succeeded(t, await scim.get(`/Users/${ADA}`), 200).body;
  t.match(ada, {
    id: ADA,
    userName: 'Ada@example.com',
    externalId: 'x-ada',
    active: false,
    name: { givenName: 'Ada', familyName: 'Lovelace' },
    emails: [{ type: 'work', value: 'ada@example.com', primary: true }],
    [ENTERPRISE]: { department: 'Mathematics' },
    groups: [{ value: STAFF }],
    meta: { created: new Date(TIME).toISOString(), lastModified: '2025-06-07T08:09:10.111Z' },
  });
  t.match((await scim.get(`/Users/${BOB}`)).body['meta'], { created: '2025-01-01T00:00:00.000Z' });
  const groups = succeeded(t, await scim.get(`/Groups/${ALL}`), 200).body;
  t.same(
    new Set((groups['members'] as { value: string }[]).map(({ value }) => value)),
    new Set([STAFF, BOB]),
  );
  t.match(groups, { externalId: 'g', meta: { lastModified: new Date(TIME).toISOString() } });

  const found = await scim.get('/Users?filter=userName%20eq%20%22ADA@EXAMPLE.COM%22');
  t.match(onlyResource(t, found), { id: ADA });
  const byMail = await scim.get('/Users?filter=emails.value%20eq%20%22Ada@example.com%22');
  t.match(onlyResource(t, byMail), { id: ADA });
  const later = await scim.get('/Users?filter=meta.lastModified%20gt%20%222025-06-01T00:00:00Z%22');
  t.match(onlyResource(t, later), { id: ADA });
  const emptied = await scim.patch(`/Groups/${STAFF}`, patchOp({ op: 'remove', path: 'members' }));
  t.equal(emptied.status, 400, 'the flag has become a setting');

  const admin = at('ep-1').under('/scim/admin/endpoints');
  t.match((await admin.get('/ep-1')).body, {
    name: 'contoso',
    displayName: 'Contoso',
    description: 'the first',
    config: { allowRemoveAllMembers: false },
    active: true,
    createdAt: new Date(TIME).toISOString(),
    updatedAt: '2025-05-01T00:00:00.000Z',
  });
  t.match((await admin.get('/ep-2')).body, { name: 'Contoso', active: false });
  t.equal((await server.stop()).code, 0);
});

t.test('the endpoint default of a first start gives way, as long as it is untouched', async (t) => {
  const migration = new Migration(t);
  const { server } = await migration.serve();
  await server.stop();
  migration
    .database()
    .endpoint({ id: 'theirs', name: 'default' })
    .user({ endpointId: 'theirs', scimId: ADA, userName: 'ada' })
    .close();
  const { code, stderr } = await migration.run();
  t.equal(code, 0, stderr);
  await server.startAgain();
  const client = ScimClient.of(t, server);
  t.match((await client.get(`/Users/${ADA}`)).body, { id: ADA });
  t.match((await client.under('/scim/endpoints/theirs').get(`/Users/${ADA}`)).body, { id: ADA });
});

t.test(
  "an endpoint default that is in use keeps its name, and the source's is refused",
  async (t) => {
    const migration = new Migration(t);
    const { server } = await migration.serve();
    const client = ScimClient.of(t, server);
    succeeded(t, await client.post('/Users', { userName: 'ours' }), 201);
    await server.stop();
    migration
      .database()
      .endpoint({ id: 'theirs', name: 'default' })
      .endpoint({ id: 'ep-1', name: 'contoso' })
      .user({ endpointId: 'theirs', scimId: ADA, userName: 'ada' })
      .user({ endpointId: 'ep-1', scimId: BOB, userName: 'bob', rawPayload: { shoe: 44 } })
      .close();
    const { code, result } = await migration.run('--keep-unknown');
    t.equal(code, 3);
    t.match(result(), {
      counts: { endpoints: { taken: 1, refused: 1 }, users: { taken: 1, refused: 1 } },
      named: [
        { type: 'Endpoint', id: 'theirs', path: 'name', detail: /is here already/ },
        { type: 'User', id: ADA, detail: /its endpoint is not there, or was refused/ },
      ],
      groups: { length: 0 },
    });
    await server.startAgain();
    t.equal((await client.get('/Users?count=0')).body['totalResults'], 1);
    const kept = await client.under('/scim/endpoints/ep-1').get(`/Users/${BOB}`);
    t.match(kept.body, { shoe: 44 }, 'what no schema knows is kept where that was asked for');
  },
);
