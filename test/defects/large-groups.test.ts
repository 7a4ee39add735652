/**
 * Adding one member to a group of 5,000 answers without the group, and a look-up that excludes
 * members does not carry them. (How fast is a matter of the bench.)
 */
import t from 'tap';
import { ScimClient } from '../support/client.ts';
import { entraFilter, entraGroup, entraUser, patchOp, verbose } from '../support/entra.ts';
import { onlyResource, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

const MEMBERS = 5_000;
const WRITERS = 50;
const server = await Server.start(t);
const scim = ScimClient.of(t, server);

const ids: string[] = [];
let next = 0;
await Promise.all(
  Array.from({ length: WRITERS }, async () => {
    while (next < MEMBERS) ids.push((await scim.post('/Users', entraUser(`user${next++}`))).id);
  }),
);
const group = (await scim.post('/Groups', entraGroup('Everyone'))).id;
const path = `/Groups/${group}`;

t.test('5,000 members in pushes of 1,000', async (t) => {
  for (let start = 0; start < MEMBERS; start += 1_000) {
    const value = ids.slice(start, start + 1_000).map((id) => ({ value: id }));
    succeeded(t, await scim.patch(path, patchOp(verbose('Add', 'members', value))), 204);
  }
  const read = await scim.get(path);
  const members = read.body['members'];
  t.equal(Array.isArray(members) && members.length, MEMBERS, 'none is dropped');
});

t.test('one more member: 204, no body', async (t) => {
  const { id } = await scim.post('/Users', entraUser('one-more'));
  const answer = await scim.patch(path, patchOp(verbose('Add', 'members', [{ value: id }])));
  t.equal(succeeded(t, answer, 204).text, '');
  const slim = await scim.patch(
    `${path}?attributes=displayName`,
    patchOp(verbose('Remove', 'members', [{ value: id }])),
  );
  t.notOk(succeeded(t, slim, 200).text.includes('members'));
});

t.test('a look-up without members is small', async (t) => {
  const query = `excludedAttributes=members&${entraFilter('displayName', 'everyone')}`;
  const answer = await scim.get(`/Groups?${query}`);
  onlyResource(t, answer);
  t.ok(answer.text.length < 1_000, `${answer.text.length} bytes`);
});

t.test('50 connections that list 100 users at a time are all answered', async (t) => {
  const answers = await Promise.all(
    Array.from({ length: WRITERS }, (_, number) =>
      scim.get(`/Users?startIndex=${number * 100 + 1}&count=100`),
    ),
  );
  const seen = new Set<unknown>();
  for (const answer of answers) {
    succeeded(t, answer, 200);
    for (const user of answer.resources) seen.add(user['id']);
  }
  t.equal(seen.size, MEMBERS, 'the pages together hold every user once');
});
