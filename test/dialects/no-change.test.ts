/**
 * What is equal to what is there changes neither version nor lastModified, by POST's rules of
 * sameness as by PATCH's; and what is unassigned goes with its URN.
 */
import t from 'tap';
import type { JsonObject } from '../../src/scim/json.ts';
import { ScimClient } from '../support/client.ts';
import { ENTERPRISE, entraUser, patchOp, USER, verbose } from '../support/entra.ts';
import { scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

const server = await Server.start(t);
const scim = ScimClient.of(t, server);

t.test('a repeat changes nothing, in whichever words', async (t) => {
  const sent = {
    ...entraUser('same'),
    emails: [
      { value: 'Same@x.example', type: 'work', primary: true },
      { value: 'same@X.example', type: 'Work' },
      { value: 'same@x.example', type: 'home' },
    ],
  };
  const created = succeeded(t, await scim.post('/Users', sent), 201);
  t.same(created.body['emails'], [sent.emails[0], sent.emails[2]], 'duplicates are merged');
  const path = `/Users/${created.id}`;
  const repeats: readonly JsonObject[] = [
    patchOp({ op: 'add', path: 'emails', value: sent.emails }),
    patchOp({ op: 'add', path: 'emails', value: { value: 'SAME@X.EXAMPLE', type: 'WORK' } }),
    patchOp({ op: 'replace', path: 'emails', value: created.body['emails'] ?? null }),
    patchOp({ op: 'add', path: 'addresses', value: created.body['addresses'] ?? null }),
    patchOp(verbose('Add', 'emails[type eq "work"].primary', 'True')),
    patchOp({ op: 'replace', value: { active: 'True', 'name.givenName': 'Given', id: 'x' } }),
    patchOp({ op: 'remove', path: 'nickName' }, { op: 'remove', path: 'emails[type eq "fax"]' }),
    patchOp({ op: 'add', path: 'schemas', value: [USER, 'urn:unknown'] }),
  ];
  for (const body of repeats) {
    const answer = succeeded(t, await scim.patch(path, body), 200);
    t.same(answer.body, created.body, JSON.stringify(body));
    t.equal(answer.etag, created.etag);
  }
  t.same(succeeded(t, await scim.put(path, sent), 200).body, created.body, 'a PUT of the same');
});

t.test('an extension goes with its last attribute or its URN', async (t) => {
  const [manager, all] = [`${ENTERPRISE}:manager`, `schemas[value eq "${ENTERPRISE}"]`];
  for (const operation of [
    { op: 'remove', path: manager },
    { op: 'replace', path: manager, value: { value: '' } },
    { op: 'replace', value: { [ENTERPRISE]: { manager: null } } },
    { op: 'remove', path: all },
  ]) {
    const body = { schemas: [USER], userName: 'extended', [ENTERPRISE]: { manager: 'm' } };
    const created = succeeded(t, await scim.post('/Users', body), 201);
    t.same(created.body['schemas'], [USER, ENTERPRISE]);
    const left = succeeded(t, await scim.patch(`/Users/${created.id}`, patchOp(operation)), 200);
    t.same(left.body['schemas'], [USER], JSON.stringify(operation));
    t.notOk(ENTERPRISE in left.body);
    await scim.delete(`/Users/${created.id}`);
  }
});

t.test(
  'what the server sets, and a path that is none, is refused and leaves all as it was',
  async (t) => {
    const created = succeeded(t, await scim.post('/Users', entraUser('refused')), 201);
    const cases = [
      ['id', 'x', 'mutability'],
      ['meta.created', '2020-01-01T00:00:00Z', 'mutability'],
      ['groups', [], 'mutability'],
      ['schemas', null, 'mutability'],
      ['userName', null, 'mutability'],
      ['name.', 'x', 'invalidPath'],
      ['emails[]', 'x', 'invalidPath'],
      [' title', 'x', 'invalidPath'],
      ['emails[type eq "work"', 'x', 'invalidFilter'],
    ] as const;
    for (const [path, value, scimType] of cases) {
      const change = patchOp(verbose('Replace', 'title', 'New'), {
        op: 'replace',
        path,
        value: value === null || typeof value === 'string' ? value : [],
      });
      const answer = await scim.patch(`/Users/${created.id}`, change);
      scimError(t, answer, 400, scimType);
    }
    t.same((await scim.get(`/Users/${created.id}`)).body, created.body);
  },
);
