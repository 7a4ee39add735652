/** Complex and multi-valued values: unassigned forms, bare strings, duplicates, primaries. */
import t from 'tap';
import type { JsonValue } from '../json.ts';
import { ENTERPRISE, userType } from '../schema/test/types.ts';
import { canonicalizeElement, canonicalizeValue } from './canonicalize.ts';
import { DROP, readUser, refused } from './test/reading.ts';

t.test('null, [] and empty objects mean unassigned', async (t) => {
  for (const emails of [null, [], [null], [{}], {}, [{ value: null }]]) {
    t.same(readUser({ emails }), {}, JSON.stringify(emails));
  }
  for (const name of [null, [], {}, { givenName: null }]) {
    t.same(readUser({ name }), {}, JSON.stringify(name));
  }
  t.same(readUser({ title: null, nickName: '' }), { nickName: '' });
});

t.test('a manager may be a bare string, and is unassigned by an empty one', async (t) => {
  const read = (manager: JsonValue) =>
    readUser({ [ENTERPRISE]: { department: 'd', manager } })[ENTERPRISE];
  const managed = { department: 'd', manager: { value: 'm' } };
  t.same(read('m'), managed);
  t.same(read({ value: 'm' }), managed);
  t.same(read({ VALUE: 'm', displayName: 'M' }), managed);
  const ref = { value: 'm', $ref: '../Users/m' };
  t.same(read(ref), { department: 'd', manager: ref });
  for (const none of ['', { value: '' }, null, {}, [], { value: null }]) {
    t.same(read(none), { department: 'd' }, JSON.stringify(none));
  }
});

t.test('a complex value is an object', async (t) => {
  refused(
    t,
    () => readUser({ name: 'Bob' }),
    'invalidValue',
    'name must be an object, but is a string',
  );
  refused(
    t,
    () => readUser({ name: [{ givenName: 'Bob' }] }),
    'invalidValue',
    'name must be an object, but is an array',
  );
  refused(
    t,
    () => readUser({ emails: [5] }),
    'invalidValue',
    'each element of emails must be an object, but is a number',
  );
  refused(
    t,
    () => readUser({ emails: [[{ value: 'a' }]] }),
    'invalidValue',
    'each element of emails must be an object, but is an array',
  );
  refused(
    t,
    () => readUser({ addresses: ['Main Street'] }),
    'invalidValue',
    'each element of addresses must be an object, but is a string',
  );
});

t.test('one element may come without its array, and as a bare string', async (t) => {
  const emails = [{ value: 'a@x' }];
  t.same(readUser({ emails: { value: 'a@x' } }), { emails });
  t.same(readUser({ emails: 'a@x' }), { emails });
  t.same(readUser({ emails: ['a@x', { value: 'b@x' }] }), {
    emails: [...emails, { value: 'b@x' }],
  });
});

t.test('elements of one type and value become one, in which the later word counts', async (t) => {
  const emails = [
    { type: 'work', value: 'a@x' },
    { type: 'home', value: 'a@x' },
    { type: 'work', value: 'a@x', primary: true, display: 'A' },
    { value: 'a@x' },
    { value: 'a@x', display: 'B' },
    { type: 'work', value: 'a@x', display: 'C' },
  ];
  t.same(readUser({ emails }), {
    emails: [
      { type: 'work', value: 'a@x', primary: true, display: 'C' },
      { type: 'home', value: 'a@x' },
      { value: 'a@x', display: 'B' },
    ],
  });
});

t.test('elements without a value are the same when they say the same', async (t) => {
  const addresses = [
    { type: 'work', locality: 'Bern' },
    { type: 'work', locality: 'Basel' },
    { type: 'work', value: '', locality: 'Bern' },
  ];
  t.same(readUser({ addresses: [...addresses, { locality: 'bern', type: 'WORK' }] }), {
    addresses: addresses.map(({ type, locality }) => ({ type, locality })).slice(0, 2),
  });
});

t.test('elements differ when type and value do, however they are cut', async (t) => {
  const emails = [
    { type: 'a', value: 'bc' },
    { type: 'ab', value: 'c' },
    { type: 'ab', value: '1:bc' },
    { value: '1:abc' },
    { value: 'abc' },
  ];
  t.same(readUser({ emails }), { emails });
});

t.test('of several primaries the first stays', async (t) => {
  const roles = [
    { value: 'a', primary: 'False' },
    { value: 'b', primary: 'True' },
    { value: 'c', primary: true },
  ];
  t.same(readUser({ roles }), {
    roles: [
      { value: 'a', primary: false },
      { value: 'b', primary: true },
      { value: 'c', primary: false },
    ],
  });
});

t.test('canonical values are hints', async (t) => {
  const emails = [{ type: 'spaceship', value: 'a@x' }];
  t.same(readUser({ emails }), { emails });
});

t.test('PATCH reads single values and elements by the same rules', async (t) => {
  const emails = userType.attributes.get('emails');
  const active = userType.attributes.get('active');
  if (emails === undefined || active === undefined) throw new Error('no such attributes');
  t.equal(canonicalizeValue(active, 'False', DROP), false);
  t.equal(canonicalizeValue(active, null, DROP), undefined);
  t.same(canonicalizeValue(emails, 'a@x', DROP), [{ value: 'a@x' }]);
  t.equal(canonicalizeValue(emails, [], DROP), undefined);
  t.same(canonicalizeElement(emails, 'a@x', DROP), { value: 'a@x' });
  t.same(canonicalizeElement(emails, { PRIMARY: 'True' }, DROP), { primary: true });
  t.equal(canonicalizeElement(emails, {}, DROP), undefined);
});
