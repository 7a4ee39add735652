import t, { type Test } from 'tap';
import type { JsonValue } from '../json.ts';
import { resolveReferences } from './bulk-references.ts';
import type { BulkMessageOperation } from './bulk-request.ts';

const TARGETS = new Map([
  ['u', { position: 4, id: 'id-u' }],
  ['g"x', { position: 7, id: 'id-g' }],
]);
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const post = (data: JsonValue): BulkMessageOperation => ({
  method: 'POST',
  bulkId: 'b',
  path: '/Users',
  endpoint: 'Users',
  data,
});

const patch = (data: JsonValue, id = '1'): BulkMessageOperation => ({
  method: 'PATCH',
  bulkId: undefined,
  path: `/Groups/${id}`,
  endpoint: 'Groups',
  id,
  version: undefined,
  data,
});

function resolvesTo(t: Test, given: JsonValue, expected: JsonValue, needs: number[]): void {
  const { operation, needs: found, unknown } = resolveReferences(post(given), TARGETS);
  t.same(operation, post(expected));
  t.same(found, needs);
  t.equal(unknown, undefined);
}

t.test('anywhere as a string value, each operation needed once', async (t) => {
  resolvesTo(
    t,
    {
      members: [{ value: 'bulkId:u' }, { value: 'other' }, { value: 'bulkId:u' }],
      [ENTERPRISE]: { manager: { value: 'bulkId:g"x' }, employeeNumber: '1' },
      bare: 'bulkId:u',
    },
    {
      members: [{ value: 'id-u' }, { value: 'other' }, { value: 'id-u' }],
      [ENTERPRISE]: { manager: { value: 'id-g' }, employeeNumber: '1' },
      bare: 'id-u',
    },
    [4, 7],
  );
});

t.test('only whole values are references: not keys, not what merely contains one', async (t) => {
  const data = {
    'bulkId:u': 1,
    displayName: 'see bulkId:u',
    lower: 'bulkid:u',
    a: null,
    b: [true, 2, null],
  };
  const { operation, needs } = resolveReferences(post(data), TARGETS);
  t.same(operation, post(data));
  t.same(needs, []);
});

t.test(
  'data without references is handed on as it is, and the request is never changed',
  async (t) => {
    const untouched = { name: { givenName: 'A' } };
    const given = post({ untouched, members: [{ value: 'bulkId:u' }] });
    const before = JSON.stringify(given);
    const { operation } = resolveReferences(given, TARGETS);
    t.equal(JSON.stringify(given), before);
    t.ok(operation.method === 'POST');
    if (operation.method !== 'POST') return;
    t.equal((operation.data as { untouched: unknown }).untouched, untouched);
  },
);

t.test('in the path, in the values of a PATCH and in the filters of its paths', async (t) => {
  const { operation, needs } = resolveReferences(
    patch(
      {
        Operations: [
          { op: 'add', path: 'members', value: [{ value: 'bulkId:u' }] },
          { op: 'remove', PATH: 'members[value eq "bulkId:g\\"x" or value eq "z"]' },
          { op: 'replace', path: 'displayName', value: 'say "bulkId:u"' },
          'no operation',
        ],
      },
      'bulkId:u',
    ),
    TARGETS,
  );
  t.same(operation, {
    ...patch({
      Operations: [
        { op: 'add', path: 'members', value: [{ value: 'id-u' }] },
        { op: 'remove', PATH: 'members[value eq "id-g" or value eq "z"]' },
        { op: 'replace', path: 'displayName', value: 'say "bulkId:u"' },
        'no operation',
      ],
    }),
    path: '/Groups/bulkId:u',
    id: 'id-u',
  });
  t.same(needs, [4, 7]);
  for (const data of ['x', null, { Operations: {} }]) {
    t.same(resolveReferences(patch(data), TARGETS).operation, patch(data));
  }
});

t.test('a filter whose string is no JSON is left to whoever parses the path', async (t) => {
  for (const path of ['members[value eq "bulkId:\\q"]', 'members[value eq "bulkId:u\n"]']) {
    const given = patch({ Operations: [{ op: 'remove', path }] });
    t.same(resolveReferences(given, TARGETS).operation, given);
  }
});

t.test('a DELETE is resolved in its path', async (t) => {
  const remove: BulkMessageOperation = {
    method: 'DELETE',
    bulkId: undefined,
    path: '/Users/bulkId:u',
    endpoint: 'Users',
    id: 'bulkId:u',
    version: undefined,
  };
  t.match(resolveReferences(remove, TARGETS), { operation: { id: 'id-u' }, needs: [4] });
});

t.test('the first reference to nothing is told', async (t) => {
  const { unknown, needs } = resolveReferences(
    post({ a: 'bulkId:u', b: ['bulkId:nobody'], c: 'bulkId:' }),
    TARGETS,
  );
  t.equal(unknown, 'nobody');
  t.same(needs, [4]);
});

t.test('keys that name prototypes stay keys', async (t) => {
  const data = JSON.parse('{"__proto__":{"value":"bulkId:u"},"a":"bulkId:u"}') as JsonValue;
  const { operation } = resolveReferences(post(data), TARGETS);
  t.equal(
    JSON.stringify(operation.method === 'POST' ? operation.data : undefined),
    '{"__proto__":{"value":"id-u"},"a":"id-u"}',
  );
});
