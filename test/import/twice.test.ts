/** An import is run again: after an interruption, with newer rows, beside changes made here. */
import t from 'tap';
import { patchOp } from '../support/entra.ts';
import { succeeded } from '../support/scim-asserts.ts';
import { TIME } from '../support/scimserver/database.ts';
import { Migration, tally } from './rig.ts';

const EP = 'ep-1';

t.test('what is equal stays, what is new is taken, what differs is told', async (t) => {
  const migration = new Migration(t);
  const database = migration
    .database()
    .endpoint({ id: EP, name: 'contoso' })
    .user({
      endpointId: EP,
      scimId: 'u1',
      userName: 'ada',
      rawPayload: { title: 'a', password: 'p' },
    })
    .user({ endpointId: EP, scimId: 'u2', userName: 'bob', rawPayload: { title: 'b' } })
    .group({ endpointId: EP, scimId: 'g1', displayName: 'G', members: ['u1', 'u2', 'gone'] })
    .group({ endpointId: EP, scimId: 'g2', displayName: 'H', members: ['g3', 'u1'] })
    .group({ endpointId: EP, scimId: 'g3', displayName: 'I', members: ['g2'] });
  t.equal((await migration.run()).code, 0);
  const again = await migration.run();
  t.equal(again.code, 0, again.stderr);
  t.match(again.result().counts, {
    endpoints: tally({ read: 1, unchanged: 1 }),
    users: tally({ read: 2, unchanged: 2 }),
    groups: tally({ read: 3, unchanged: 3 }),
    members: { kept: 5, dropped: 1 },
  });

  const served = await migration.serve();
  const scim = served.at(EP);
  const etag = (await scim.get('/Users/u1')).body['meta'];
  succeeded(
    t,
    await scim.patch('/Users/u2', patchOp({ op: 'replace', path: 'title', value: 'new' })),
    200,
  );
  const leave = { op: 'remove', path: 'members[value eq "u1"]' };
  t.equal((await scim.patch('/Groups/g1', patchOp(leave))).status, 204);
  await served.server.stop();
  database.user({ endpointId: EP, scimId: 'u3', userName: 'eve' });
  database.db.exec(`UPDATE "Endpoint" SET "config" = '{"PatchOpAllowRemoveAllMembers":false}'`);
  const differing = await migration.run();
  t.equal(differing.code, 3);
  const { counts, named } = differing.result();
  t.match(counts, {
    endpoints: tally({ read: 1, differing: 1 }),
    users: tally({ read: 3, unchanged: 1, taken: 1, differing: 1 }),
    groups: tally({ read: 3, unchanged: 2, differing: 1 }),
  });
  t.match(named, [
    { kind: 'differs', type: 'Endpoint', path: 'allowRemoveAllMembers' },
    { kind: 'differs', type: 'User', id: 'u2', path: 'title' },
    { kind: 'differs', type: 'Group', id: 'g1', path: 'members' },
  ]);
  t.match(await titles(migration), { u2: 'new' }, 'what is here stays');

  const overwritten = await migration.run('--overwrite');
  t.equal(overwritten.code, 0, overwritten.stderr);
  t.match(overwritten.result().counts, {
    endpoints: tally({ read: 1, overwritten: 1 }),
    users: tally({ read: 3, unchanged: 2, overwritten: 1 }),
    groups: tally({ read: 3, unchanged: 2, overwritten: 1 }),
  });
  const last = await migration.serve();
  const { body } = await last.at(EP).get('/Users/u2');
  const time = new Date(TIME).toISOString();
  t.match(body, { title: 'b', meta: { created: time, lastModified: time } });
  t.equal(valuesOf((await last.at(EP).get('/Groups/g1')).body['members']), 'u1 u2');
  t.same((await last.at(EP).get('/Users/u1')).body['meta'], {
    ...Object(etag),
    location: locationOf(last),
  });
  database.close();

  function locationOf({ server }: typeof last): string {
    return `${server.origin}/scim/endpoints/${EP}/Users/u1`;
  }
});

t.test('a dry run tells the same and writes nothing, also beside a server', async (t) => {
  const migration = new Migration(t);
  migration
    .database()
    .endpoint({ id: EP, name: 'contoso' })
    .user({ endpointId: EP, scimId: 'u1', userName: 'ada', rawPayload: { password: 'p' } })
    .user({ endpointId: EP, scimId: 'u2', userName: 'Straße' })
    .user({ endpointId: EP, scimId: 'u3', userName: 'STRASSE' })
    .group({ endpointId: EP, scimId: 'g1', displayName: 'G', members: ['u1', 'u3'] })
    .close();
  const fresh = await migration.run('--dry-run');
  t.equal(fresh.code, 3);
  t.match(fresh.result(), {
    dryRun: true,
    counts: { users: tally({ read: 3, taken: 2, refused: 1 }) },
  });
  const { server, at } = await migration.serve();
  const beside = await migration.run('--dry-run');
  t.equal(beside.code, 3, beside.stderr);
  const refused = await migration.run();
  t.equal(refused.code, 1);
  t.match(refused.stderr, /a server runs on .*scimlane\.db: stop it, import, and start it again/);
  t.equal((await at(EP).get('/Users')).status, 404, 'there is no such endpoint');
  await server.stop();
  const real = await migration.run();
  for (const { counts, findings, named } of [fresh.result(), beside.result()]) {
    t.same(counts, real.result().counts);
    t.same([findings, named], [real.result().findings, real.result().named]);
  }
});

t.test('what is here and not in the source is told, and stays', async (t) => {
  const migration = new Migration(t);
  const database = migration.database().endpoint({ id: EP, name: 'contoso' });
  for (const id of ['u1', 'u2']) database.user({ endpointId: EP, scimId: id, userName: id });
  database
    .endpoint({ id: 'ep-2', name: 'other' })
    .user({ endpointId: 'ep-2', scimId: 'u2', userName: 'u2' })
    .user({ endpointId: EP, scimId: 'nameless', userName: null })
    .group({ endpointId: EP, scimId: 'g1', displayName: 'G' });
  t.equal((await migration.run()).result().counts.users.onlyHere, 0);
  database.db.exec(`DELETE FROM "ScimUser" WHERE "scimId" = 'u2' AND "endpointId" = '${EP}'`);
  database.db.exec('DELETE FROM "ScimGroup"; DELETE FROM "ScimUser" WHERE "userName" IS NULL');
  database.close();
  const { code, result } = await migration.run('--overwrite');
  t.equal(code, 3);
  t.match(result().counts, {
    users: tally({ read: 2, unchanged: 2, onlyHere: 1 }),
    groups: tally({ onlyHere: 1 }),
  });
  t.match(result().named, [
    { kind: 'differs', endpoint: 'contoso', type: 'User', id: 'u2', detail: /not in the source/ },
    { kind: 'differs', endpoint: 'contoso', type: 'Group', id: 'g1' },
  ]);
  const { at } = await migration.serve();
  t.equal((await at(EP).get('/Users/u2')).status, 200);
});

t.test('a circle of which one group is gone here is closed again', async (t) => {
  const migration = new Migration(t);
  migration
    .database()
    .endpoint({ id: EP, name: 'contoso' })
    .group({ endpointId: EP, scimId: 'a', displayName: 'A', members: ['b'] })
    .group({ endpointId: EP, scimId: 'b', displayName: 'B', members: ['a'] })
    .close();
  t.equal((await migration.run()).code, 0);
  const { server, at } = await migration.serve();
  t.equal((await at(EP).delete('/Groups/b')).status, 204);
  await server.stop();
  const { code, stderr, result } = await migration.run('--overwrite');
  t.equal(code, 0, stderr);
  t.match(result().counts.groups, tally({ read: 2, taken: 1, overwritten: 1 }));
  const again = await migration.serve();
  t.equal(valuesOf((await again.at(EP).get('/Groups/a')).body['members']), 'b');
});

async function titles(migration: Migration): Promise<Record<string, unknown>> {
  const { server, at } = await migration.serve();
  const { body } = await at(EP).get('/Users/u2');
  await server.stop();
  return { u2: body['title'] };
}

function valuesOf(members: unknown): string {
  return (members as { value: string }[])
    .map(({ value }) => value)
    .sort()
    .join(' ');
}
