/** Requests as sentences: both dialects of PATCH, bulks, failures, and bodies that are nonsense. */
import fc from 'fast-check';
import t from 'tap';
import type { JsonValue } from '../../../scim/json.ts';
import { sentOf } from './sent.ts';
import { bulkLines, sentenceOf, type Told } from './sentence.ts';

const NAMES = new Map([
  ['u1', 'Ada Lovelace'],
  ['u2', 'Grace Hopper'],
  ['u3', 'Alan Turing'],
  ['g1', 'Engineering'],
]);
const nameOf = (id: string): string | undefined => NAMES.get(id);

const REQUEST: Told = {
  method: 'GET',
  status: 200,
  target: '/scim/v2/Users',
  who: undefined,
  resourceType: undefined,
  resourceId: undefined,
  detail: undefined,
};
const USER = { ...REQUEST, method: 'PATCH', resourceType: 'User', resourceId: 'u1' };
const GROUP = { ...REQUEST, method: 'PATCH', resourceType: 'Group', resourceId: 'g1' };
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

function patch(told: Told, ...Operations: JsonValue[]): string {
  return sentence(told, { Operations });
}

function sentence(told: Told, body?: JsonValue): string {
  return sentenceOf(told, sentOf(told.method, told.target, body), nameOf);
}

function linesOf(body: JsonValue): string[] {
  return bulkLines(sentOf('POST', '/scim/v2/Bulk', body), nameOf);
}

t.test('members of a group', (t) => {
  const add = (...ids: string[]): JsonValue => ({
    op: 'Add',
    path: 'members',
    value: ids.map((value) => ({ value })),
  });
  t.equal(patch(GROUP, add('u1')), 'Ada Lovelace was added to Engineering');
  t.equal(patch(GROUP, add('u1'), add('u1')), 'Ada Lovelace was added to Engineering');
  t.equal(
    patch(GROUP, add('u1'), add('u2')),
    'Ada Lovelace and Grace Hopper were added to Engineering',
  );
  t.equal(
    patch(GROUP, add('u1', 'u2', 'u3', 'x', 'y')),
    'Ada Lovelace, Grace Hopper, Alan Turing and 2 others were added to Engineering',
  );
  t.equal(
    patch(GROUP, add('u1'), { op: 'remove', path: 'members[value eq "u2"]' }),
    'Ada Lovelace was added to Engineering; Grace Hopper was removed from Engineering',
  );
  t.equal(
    patch(GROUP, { op: 'Remove', path: 'members', value: [{ value: 'gone' }] }),
    'gone was removed from Engineering',
  );
  t.equal(
    patch(GROUP, { op: 'remove', path: 'members' }),
    'Everybody was removed from Engineering',
  );
  t.equal(
    patch(GROUP, { op: 'replace', value: { members: [] } }),
    'Everybody was removed from Engineering',
  );
  t.equal(
    patch(GROUP, { op: 'replace', path: 'members', value: [{ value: 'u1' }, { value: 'u2' }] }),
    'Ada Lovelace and Grace Hopper are now the members of Engineering',
  );
  t.end();
});

t.test('names, activity and attributes, in both dialects', (t) => {
  const off = { op: 'replace', value: { active: false } };
  t.equal(patch(USER, off), 'Ada Lovelace was deactivated');
  t.equal(
    patch(USER, { op: 'Replace', path: 'active', value: 'True' }),
    'Ada Lovelace was activated',
  );
  t.equal(
    patch({ ...GROUP, formerName: 'Design' }, { op: 'replace', value: { displayName: 'Product' } }),
    'Group Design was renamed to Product',
  );
  t.equal(
    patch(GROUP, { op: 'Replace', path: 'displayName', value: 'Product' }),
    'A group was renamed to Product',
  );
  t.equal(
    patch(
      USER,
      { op: 'replace', value: { 'name.givenName': 'A', [`${ENTERPRISE}:department`]: 'R' } },
      { op: 'add', path: 'emails[type eq "work"].value', value: 'a@b' },
      { op: 'replace', value: { [ENTERPRISE]: { costCenter: '1' } } },
    ),
    'Ada Lovelace was changed: name.givenName, department, emails[type eq "work"].value and costCenter',
  );
  t.equal(sentence(USER), 'Ada Lovelace was changed', 'no body was kept');
  t.end();
});

t.test('the other verbs', (t) => {
  const told = (fields: Partial<Told>, body?: JsonValue): string =>
    sentence({ ...REQUEST, ...fields }, body);
  const group = { method: 'POST', status: 201, resourceType: 'Group', resourceId: 'g1' };
  t.equal(
    told(group, { members: [{ value: 'u1' }] }),
    'Group Engineering was created with 1 member',
  );
  const user = { resourceType: 'User', resourceId: 'u1' };
  t.equal(told({ ...user, method: 'POST', status: 201 }), 'Ada Lovelace was created');
  t.equal(told({ ...user, method: 'PUT' }, { active: true }), 'Ada Lovelace was updated');
  t.equal(
    told({ ...user, method: 'PUT' }, { active: 'False' }),
    'Ada Lovelace was updated, and is inactive',
  );
  t.equal(
    told({ method: 'DELETE', resourceType: 'User', resourceId: 'x', who: 'ada' }),
    'ada was deleted',
  );
  t.equal(
    told({ method: 'DELETE', resourceType: 'Device', resourceId: 'x' }),
    'Device x was deleted',
  );
  t.equal(told({ resourceType: 'User' }), 'Users were listed');
  t.equal(told({ resourceType: 'User', who: 'ada' }), 'ada was looked for');
  t.equal(
    told({ target: '/scim/v2/ServiceProviderConfig' }),
    'The capabilities of the server were read',
  );
  t.equal(told({ method: 'POST', target: '/scim/v2/.search' }), 'Everything was searched');
  t.equal(
    told({
      target: '/scim/v2/Users?filter=x',
      who: '2b9a0c1e-1111-4222-8333-abcdefabcdef',
      resourceType: 'User',
    }),
    'Entra looked up nobody to keep the connection alive',
  );
  t.end();
});

t.test('failures say why', (t) => {
  const told = (fields: Partial<Told>, body?: JsonValue): string =>
    sentence({ ...REQUEST, ...fields }, body);
  t.equal(
    told(
      { method: 'POST', status: 409, detail: 'it is taken', resourceType: 'User' },
      { userName: 'ada' },
    ),
    'ada could not be created: it is taken (409)',
  );
  t.equal(told({ ...USER, status: 503 }), 'Ada Lovelace could not be changed: 503');
  t.match(told({ status: 401, detail: 'no' }), /^Somebody without a valid token was turned away/);
  t.equal(told({ status: 404, detail: 'gone' }), '/scim/v2/Users could not be read: gone (404)');
  t.end();
});

t.test('however much was sent, a sentence is short', (t) => {
  const names = Array.from({ length: 900 }, (_, at) => `a${String(at)}`);
  const value = Object.fromEntries(names.map((name) => [name, 'x']));
  t.equal(
    patch(USER, { op: 'replace', value }),
    `Ada Lovelace was changed: ${names.slice(0, 20).join(', ')} and 880 more`,
  );
  const long = 'x'.repeat(60_000);
  const each = Array.from({ length: 20 }, (_, at): JsonValue => `${String(at)}${long}`);
  const sent = sentOf('PATCH', '/scim/v2/Groups/g1', {
    Operations: [
      { op: 'add', path: 'members', value: each },
      { op: 'replace', path: 'members', value: each },
      { op: 'replace', value: { displayName: long } },
      ...each.map((path) => ({ op: 'add', path, value: 1 })),
    ],
  });
  t.ok(JSON.stringify(sent).length < 10_000);
  t.ok(sentenceOf(GROUP, sent, () => undefined).length < 5000);
  t.ok(sentence({ ...USER, status: 400, detail: long }).length < 5000);
  t.end();
});

t.test('a bulk is told operation by operation', (t) => {
  const operations: JsonValue = Array.from({ length: 10 }, (_, at) => ({
    method: at === 0 ? 'PATCH' : 'POST',
    path: at === 0 ? '/Groups/g1' : '/Users',
    data:
      at === 0
        ? { Operations: [{ op: 'add', path: 'members', value: [{ value: 'u1' }] }] }
        : { userName: `user${String(at)}` },
  }));
  const bulk = { ...REQUEST, method: 'POST', target: '/scim/v2/Bulk' };
  t.equal(sentence(bulk, { Operations: operations }), 'A bulk of 10 operations was carried out');
  const lines = linesOf({ Operations: operations });
  t.same(lines.slice(0, 2), ['Ada Lovelace was added to Engineering', 'user1 was created']);
  t.equal(lines.at(-1), 'and 2 more');
  t.end();
});

t.test('whatever was sent, something is told', (t) => {
  const name = fc.constantFrom(
    'Operations',
    'op',
    'path',
    'value',
    'members',
    'active',
    '__proto__',
  );
  const body = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(
        null,
        true,
        'add',
        'remove',
        'members',
        'members[value eq "u1"]',
        'active',
        7,
      ),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(name, tie('value'), { maxKeys: 4 }),
    ),
  })).value;
  const method = fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE', 'GET');
  fc.assert(
    fc.property(body, method, fc.constantFrom(200, 400), (sent, verb, status) => {
      const told = { ...GROUP, method: verb, status };
      return sentence(told, sent) !== '' && linesOf(sent).length < 20;
    }),
    { numRuns: 500 },
  );
  t.end();
});
