/** Bodies as Entra ID sends them without `aadOptscim062020`, and as its validator was recorded. */
import t from 'tap';
import type { JsonValue } from '../json.ts';
import {
  at,
  ENTERPRISE,
  GROUP,
  Members,
  PATCH_OP,
  patchUser,
  patchWith,
  user,
  USER,
} from './test/patch.ts';
import { VERBOSE, VERBOSE_RESULT } from './test/entra-verbose.ts';

t.test('a user is disabled by a capitalised operation and a boolean in a string', (t) => {
  const message = {
    schemas: [PATCH_OP],
    Operations: [{ op: 'Replace', path: 'active', value: 'False' }],
  };
  t.strictSame(patchWith(USER, user(), message).document, user({ active: false }));
  t.end();
});

t.test('strings stay strings where the schema says so', (t) => {
  const after = patchUser(user(), { op: 'Replace', path: 'displayName', value: 'True' });
  t.equal(after['displayName'], 'True');
  t.end();
});

t.test('a manager is set as a string, replaced, and removed in every way', (t) => {
  const path = `${ENTERPRISE}:manager`;
  const managed = patchUser(user(), { op: 'Add', path, value: 'm1' });
  t.strictSame(managed[ENTERPRISE], { manager: { value: 'm1' } });
  const other = patchUser(managed, { op: 'Replace', path, value: { value: 'm2' } });
  t.strictSame(at(other, ENTERPRISE, 'manager'), { value: 'm2' });
  const removals: readonly JsonValue[] = [
    { op: 'Remove', path },
    { op: 'Remove', path, value: 'm1' },
    { op: 'Remove', path: `${path}.value` },
    { op: 'Replace', path, value: '' },
    { op: 'Replace', path, value: null },
    { op: 'Replace', path, value: [] },
    { op: 'Replace', path, value: { value: '' } },
    { op: 'Replace', path: `${path}.value`, value: '' },
    { op: 'Replace', value: { [path]: { value: '' } } },
    { op: 'Replace', value: { [ENTERPRISE]: { manager: '' } } },
  ];
  for (const removal of removals) {
    t.strictSame(patchUser(managed, removal), user(), JSON.stringify(removal));
    t.strictSame(patchUser(user(), removal), user(), `${JSON.stringify(removal)} repeated`);
  }
  t.end();
});

t.test('an element that is not there yet is made by a filter path', (t) => {
  const after = patchUser(
    user(),
    { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+47 1' },
    { op: 'Add', path: 'addresses[type eq "work"].formatted', value: 'Oslo' },
    { op: 'Add', path: 'addresses[type eq "work"].country', value: 'NO' },
  );
  t.strictSame(after['phoneNumbers'], [{ type: 'mobile', value: '+47 1' }]);
  t.strictSame(after['addresses'], [{ type: 'work', formatted: 'Oslo', country: 'NO' }]);
  t.end();
});

t.test('remove of members with a list removes only those listed', (t) => {
  const members = new Members('a', 'b', 'c');
  const message = {
    schemas: [PATCH_OP],
    Operations: [{ op: 'Remove', path: 'members', value: [{ value: 'b' }, { value: 'gone' }] }],
  };
  const group = { id: 'g', displayName: 'G' };
  t.ok(patchWith(GROUP, group, message, {}, members).membershipChanged);
  t.strictSame([...members.ids], ['a', 'c']);
  t.notOk(patchWith(GROUP, group, message, {}, members).membershipChanged, 'a repeat');
  t.end();
});

t.test('the same attribute several times in one request: the last one holds', (t) => {
  const after = patchUser(
    user(),
    { op: 'Replace', path: 'displayName', value: 'one' },
    { op: 'Remove', path: 'displayName' },
    { op: 'Add', path: 'displayName', value: 'two' },
    { op: 'Replace', path: 'displayName', value: 'three' },
  );
  t.equal(after['displayName'], 'three');
  t.end();
});

t.test('the verbose replace of all mapped attributes, one path each', (t) => {
  const once = patchWith(USER, user(), VERBOSE).document;
  t.strictSame(once, VERBOSE_RESULT);
  t.equal(patchWith(USER, once, VERBOSE).document, once, 'the next cycle changes nothing');
  t.end();
});
