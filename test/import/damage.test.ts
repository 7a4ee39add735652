/** What databases carry in practice: each piece is taken, dropped or refused by name, and the rest goes on. */
import t from 'tap';
import { succeeded } from '../support/scim-asserts.ts';
import { TIME } from '../support/scimserver/database.ts';
import { Migration, tally } from './rig.ts';

const EP = 'ep-1';

t.test('resources: what cannot be taken is named, what can is there', async (t) => {
  const migration = new Migration(t);
  const before = new Date();
  migration
    .database()
    .endpoint({ id: EP, name: 'contoso', config: 'no JSON' })
    .endpoint({ id: 'ep-2', name: 'no such name!' })
    .user({ endpointId: EP, scimId: 'first', userName: 'Straße' })
    .user({ endpointId: EP, scimId: 'same-name', userName: 'STRASSE' })
    .user({ endpointId: EP, scimId: 'nameless', userName: null })
    .user({
      endpointId: EP,
      scimId: 'named-inside',
      userName: null,
      rawPayload: { userName: 'in' },
    })
    .user({ endpointId: EP, scimId: 'no-json', userName: 'no-json', rawPayload: '{"title":' })
    .user({ endpointId: EP, scimId: 'no-payload', userName: 'no-payload', rawPayload: null })
    .user({ endpointId: EP, scimId: null, userName: 'no-id' })
    .user({ endpointId: EP, scimId: 'a/b', userName: 'slash' })
    .user({ endpointId: 'nowhere', scimId: 'lost', userName: 'lost' })
    .user({ endpointId: null, scimId: 'lost2', userName: 'lost2' })
    .user({ endpointId: 'ep-2', scimId: 'refused-with-it', userName: 'r' })
    .user({
      endpointId: EP,
      scimId: 'half',
      userName: 'half',
      rawPayload: { title: 5, nickName: 'n', shoe: 44, emails: 'half@example.com' },
    })
    .user({
      endpointId: EP,
      scimId: 'timeless',
      userName: 't',
      createdAt: null,
      updatedAt: 'never',
    })
    .user({ endpointId: EP, scimId: 'half-timed', userName: 'h', createdAt: null })
    .close();
  const { code, stderr, result } = await migration.run();
  t.equal(code, 3, stderr);
  const { counts, named, groups } = result();
  t.match(counts, {
    endpoints: tally({ read: 2, taken: 1, refused: 1 }),
    users: tally({ read: 14, taken: 7, refused: 7 }),
  });
  const refusals = named.map(({ type, id, path }) => `${type} ${id} ${path}`.trim());
  t.same(refusals.sort(), [
    'Endpoint ep-1 config',
    'Endpoint ep-2 name',
    'User a/b id',
    'User half title',
    'User lost',
    'User lost2',
    'User nameless',
    'User no-json rawPayload',
    'User null id',
    'User refused-with-it',
    'User same-name',
  ]);
  t.match(
    named.find(({ id }) => id === 'same-name')?.detail,
    /userName "STRASSE" belongs to another User \(compared without case\)/,
  );
  t.match(named.find(({ id }) => id === 'nameless')?.detail, /userName is required/);
  const told = groups.map(({ kind, path }) => `${kind} ${path}`);
  t.same(new Set(told), new Set(['dropped shoe', 'changed emails', 'changed meta.created']));

  const { at } = await migration.serve();
  const scim = at(EP);
  const user = async (id: string) => succeeded(t, await scim.get(`/Users/${id}`), 200).body;
  const half = await user('half');
  t.match(half, { nickName: 'n', emails: [{ value: 'half@example.com' }] });
  t.notOk('title' in half || 'shoe' in half);
  t.match(await user('named-inside'), { userName: 'in' });
  const { created } = (await user('timeless'))['meta'] as { created: string };
  t.ok(new Date(created) >= before, 'the time of the import');
  const time = new Date(TIME).toISOString();
  t.match((await user('half-timed'))['meta'], { created: time, lastModified: time });
  t.equal((await scim.get('/Users?count=0')).body['totalResults'], 7);
});

t.test('members: those that name nobody and those that come twice go', async (t) => {
  const migration = new Migration(t);
  const database = migration
    .database()
    .endpoint({ id: EP, name: 'contoso' })
    .endpoint({ id: 'other', name: 'other' })
    .user({ endpointId: EP, scimId: 'u1', userName: 'a' })
    .user({ endpointId: EP, scimId: 'taken', userName: 'A ' })
    .user({ endpointId: EP, scimId: 'refused', userName: null })
    .user({ endpointId: 'other', scimId: 'u9', userName: 'elsewhere' })
    .group({
      endpointId: EP,
      scimId: 'g1',
      displayName: 'Gruß',
      members: ['u1', 'gone', 'u1', 'u9', 'refused'],
    })
    .group({ endpointId: EP, scimId: 'g2', displayName: 'GRUSS', members: ['u1'] })
    .group({ endpointId: EP, scimId: 'g3', displayName: 'above', members: ['g2', 'g1', 'g3'] })
    .group({ endpointId: EP, scimId: 'g4', displayName: 'circle', members: ['g5'] })
    .group({ endpointId: EP, scimId: 'g5', displayName: null, members: ['g4', 'u1'] })
    .group({ endpointId: EP, scimId: 'g6', displayName: 'round', members: ['g7', 'taken'] })
    .group({ endpointId: EP, scimId: 'g7', displayName: 'about', members: ['g6'] })
    .group({ endpointId: EP, scimId: 'g8', displayName: 'ring', members: ['g9', 'u1'] })
    .group({ endpointId: EP, scimId: 'g9', displayName: 'ROUND', members: ['g8'] });
  // A row that knows its user although its value is another's, and rows of no group.
  const key = database.db.prepare(`SELECT id FROM "ScimGroup" WHERE "scimId" = 'g6'`).pluck().get();
  database.db.exec(`UPDATE "GroupMember" SET "value" = 'old' WHERE "value" = 'taken'`);
  database.member('no-group', EP, 'u1');
  database.member(String(key), EP, '');
  database.close();
  const { code, stderr, result } = await migration.run();
  t.equal(code, 3, stderr);
  const { counts, named } = result();
  t.match(counts.groups, tally({ read: 9, taken: 6, refused: 3 }));
  t.equal(counts.members.dropped, 8);
  t.same(named.map(({ id }) => id).sort(), ['g2', 'g5', 'g9', 'refused']);
  const { at } = await migration.serve();
  const membersOf = async (id: string): Promise<string[]> => {
    const { body } = succeeded(t, await at(EP).get(`/Groups/${id}`), 200);
    const members = (body['members'] ?? []) as { value: string }[];
    return members.map(({ value }) => value).sort();
  };
  t.same(await membersOf('g1'), ['u1']);
  t.same(await membersOf('g3'), ['g1', 'g3']);
  t.same(await membersOf('g4'), []);
  t.same(await membersOf('g6'), ['g7', 'taken']);
  t.same(await membersOf('g7'), ['g6']);
  t.same(await membersOf('g8'), ['u1'], 'the others of a circle come without the refused one');
});

t.test('databases of earlier versions have fewer columns', async (t) => {
  for (const version of ['0.9.0', '0.8'] as const) {
    const migration = new Migration(t);
    const database = migration
      .database(version)
      .endpoint({ id: EP, name: 'contoso' })
      .user({ endpointId: EP, scimId: 'u1', userName: 'ada' })
      .group({
        endpointId: EP,
        scimId: 'g1',
        displayName: 'G',
        rawPayload: { externalId: 'x' },
        members: ['u1'],
      });
    if (version === '0.8') {
      database.user({ endpointId: EP, scimId: 'u2', userName: 'ADA' });
      database.db.exec('DROP TABLE "RequestLog"; ALTER TABLE "ScimUser" DROP COLUMN "active"');
    }
    database.close();
    const { code, stderr, result } = await migration.run('--logs');
    t.equal(code, version === '0.8' ? 3 : 0, stderr);
    t.match(result().counts, {
      users: { taken: 1, refused: version === '0.8' ? 1 : 0 },
      groups: { taken: 1 },
      members: { kept: 1 },
    });
    const { at } = await migration.serve();
    t.match((await at(EP).get('/Groups/g1')).body, { externalId: 'x' });
  }
});
