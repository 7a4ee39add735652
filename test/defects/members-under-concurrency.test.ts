/** 50 concurrent PATCHes that each add one member leave 50 members. */
import t from 'tap';
import { valuesOf } from '../support/answer.ts';
import { ScimClient } from '../support/client.ts';
import { entraGroup, entraUser, patchOp, verbose } from '../support/entra.ts';
import { succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

const COUNT = 50;
const server = await Server.start(t);
const scim = ScimClient.of(t, server);

const users = await Promise.all(
  Array.from({ length: COUNT }, (_, number) => scim.post('/Users', entraUser(`user${number}`))),
);
const ids = users.map((answer) => answer.id);
const group = (await scim.post('/Groups', entraGroup('Crowd'))).id;

async function members(): Promise<Set<unknown>> {
  return new Set(valuesOf((await scim.get(`/Groups/${group}`)).body['members']));
}

t.test('adds are all kept', async (t) => {
  const answers = await Promise.all(
    ids.map((value) =>
      scim.patch(`/Groups/${group}`, patchOp(verbose('Add', 'members', [{ value }]))),
    ),
  );
  for (const answer of answers) succeeded(t, answer, 204);
  t.same(await members(), new Set(ids));
});

t.test('so are removes', async (t) => {
  const leavers = ids.slice(0, COUNT / 2);
  const answers = await Promise.all(
    leavers.map((id) =>
      scim.patch(`/Groups/${group}`, patchOp({ op: 'remove', path: `members[value eq "${id}"]` })),
    ),
  );
  for (const answer of answers) succeeded(t, answer, 204);
  t.same(await members(), new Set(ids.slice(COUNT / 2)));
});

t.test('of 20 concurrent creates of one userName, one is 201 and 19 are 409', async (t) => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => scim.post('/Users', entraUser('same'))),
  );
  const statuses = answers.map((answer) => answer.status);
  t.equal(statuses.filter((status) => status === 201).length, 1);
  t.equal(statuses.filter((status) => status === 409).length, 19);
});
