/**
 * Attributes that a schema of the endpoint declares unique (RFC 7643 §7) are so in every verb, under
 * concurrency and across restarts.
 */
import t from 'tap';
import type { JsonObject } from '../../src/scim/json.ts';
import { ScimClient } from '../support/client.ts';
import { ENTERPRISE, patchOp, USER } from '../support/entra.ts';
import { scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

const server = await Server.start(t);
const root = ScimClient.of(t, server);
const NUMBER = `${ENTERPRISE}:employeeNumber`;
const BADGES = 'urn:example:schemas:extension:Badges';

/** The core types, with an employee number that is unique, and unique badges. */
const CONFIG: JsonObject = {
  schemas: [
    {
      id: ENTERPRISE,
      name: 'EnterpriseUser',
      attributes: [{ name: 'employeeNumber', uniqueness: 'server' }, { name: 'department' }],
    },
    {
      id: BADGES,
      name: 'Badges',
      attributes: [
        {
          name: 'badges',
          type: 'complex',
          multiValued: true,
          subAttributes: [{ name: 'value', uniqueness: 'global', caseExact: true }],
        },
      ],
    },
  ],
  resourceTypes: [
    {
      name: 'User',
      endpoint: '/Users',
      schema: USER,
      schemaExtensions: [ENTERPRISE, BADGES].map((schema) => ({ schema, required: false })),
    },
  ],
};
succeeded(
  t,
  await root.under('/scim/admin').post('/endpoints', { name: 'unique', config: CONFIG }),
  201,
);
const scim = root.under('/scim/endpoints/unique');

let users = 0;
function user(employeeNumber: string | null, ...badges: string[]): JsonObject {
  return {
    schemas: [USER, ENTERPRISE],
    userName: `user-${users++}`,
    [ENTERPRISE]: { employeeNumber },
    [BADGES]: { badges: badges.map((value) => ({ value })) },
  };
}

t.test('a taken value is refused in every verb, by its path and value', async (t) => {
  succeeded(t, await scim.post('/Users', user('A-1', 'red', 'green')), 201);
  const other = succeeded(t, await scim.post('/Users', user('A-2', 'RED')), 201);
  const path = `/Users/${other.id}`;
  for (const answer of [
    await scim.post('/Users', user('a-1')),
    await scim.put(path, { ...user('a-1'), userName: other.body['userName'] ?? null }),
    await scim.patch(path, patchOp({ op: 'replace', path: NUMBER, value: 'a-1' })),
    await scim.patch(path, patchOp({ op: 'add', value: { [NUMBER]: 'a-1' } })),
  ]) {
    scimError(t, answer, 409, 'uniqueness', NUMBER, '"a-1"', 'another User', 'without case');
  }
  const badge = patchOp({ op: 'add', path: `${BADGES}:badges`, value: [{ value: 'green' }] });
  const conflict = await scim.patch(path, badge);
  scimError(t, conflict, 409, 'uniqueness', `${BADGES}:badges.value "green"`);
  t.notMatch(conflict.detail, /without case/);
  t.same((await scim.get(path)).body, other.body, 'nothing has changed');
  const bulk = await scim.post('/Bulk', {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
    Operations: ['A-1', 'A-3'].map((number) => {
      return { method: 'POST', path: '/Users', bulkId: number, data: user(number) };
    }),
  });
  t.equal(bulk.at('Operations', 0, 'status'), '409', bulk.text);
  t.equal(bulk.at('Operations', 1, 'status'), '201', bulk.text);
});

t.test('of many that want a value at once, one gets it; when it goes, another may', async (t) => {
  const bodies = Array.from({ length: 20 }, () => user('B-1', 'blue'));
  const answers = await Promise.all(bodies.map((body) => scim.post('/Users', body)));
  const [winner, ...more] = answers.filter(({ status }) => status === 201);
  t.equal(more.length, 0);
  t.equal(answers.filter(({ status }) => status === 409).length, 19);
  succeeded(t, await scim.delete(`/Users/${String(winner?.id)}`), 204);
  succeeded(t, await scim.post('/Users', user('B-1', 'blue')), 201);
});

t.test('types and endpoints are apart: where no schema says so, nothing is unique', async (t) => {
  for (const name of ['ada', 'bob']) {
    const body = { ...user('C-1'), userName: name };
    succeeded(t, await root.post('/Users', body), 201);
  }
  succeeded(t, await scim.post('/Users', user('C-1')), 201);
});

t.test('a restart forgets nothing', async (t) => {
  succeeded(t, await scim.post('/Users', user('D-1')), 201);
  await server.kill();
  await server.startAgain();
  scimError(t, await scim.post('/Users', user('d-1')), 409, 'uniqueness', NUMBER);
});
