/** Flat keys of a body go where the schema has their attributes. */
import t from 'tap';
import { ENTERPRISE, USER, userType } from '../schema/test/types.ts';
import { canonicalizeResource } from './canonicalize.ts';
import { DROP, KEEP, parsed, readUser, refused } from './test/reading.ts';

t.test('dotted and URN keys are put in their places', async (t) => {
  const flat = {
    'name.givenName': 'g',
    'NAME.familyname': 'f',
    [`${USER}:title`]: 't',
    [`${USER}:name.middleName`]: 'm',
    [`${ENTERPRISE}:department`]: 'd',
    [`${ENTERPRISE}:manager.value`]: 'b',
    [`${ENTERPRISE.toUpperCase()}:COSTCENTER`]: 'c',
  };
  t.same(readUser(flat), {
    title: 't',
    name: { givenName: 'g', familyName: 'f', middleName: 'm' },
    [ENTERPRISE]: { department: 'd', manager: { value: 'b' }, costCenter: 'c' },
  });
  t.same(canonicalizeResource(userType, { [`${USER}:userName`]: 'u' }, DROP), { userName: 'u' });
});

t.test('the URN of the core schema with an object is its attributes', async (t) => {
  const core = { title: 't', 'name.givenName': 'g', nope: 1 };
  const [given, read] = [{ [USER.toUpperCase()]: core }, { title: 't', name: { givenName: 'g' } }];
  t.same(readUser(given), read);
  t.same(readUser(given, KEEP), { ...read, nope: 1 });
  t.same(readUser({ [USER]: null }), {});
  refused(
    t,
    () => readUser({ [USER]: 'x' }),
    'invalidValue',
    `${USER} must be an object, but is a string`,
  );
});

t.test('where they are not taken they are unknown, but never kept', async (t) => {
  const options = { ...DROP, flatKeys: false };
  const paths = [
    'name.givenName',
    `${USER}:title`,
    `${ENTERPRISE}:manager`,
    USER,
    `${USER}:password`,
  ];
  for (const key of paths) {
    t.same(readUser({ [key]: 'x' }, options), {}, key);
    for (const unknownAttributes of ['keep', 'refuse'] as const) {
      refused(
        t,
        () => readUser({ [key]: 'x' }, { ...options, unknownAttributes }),
        'invalidSyntax',
        `${JSON.stringify(key)} is a path, which this endpoint does not take as a key (flatKeys is false): nest the attribute`,
      );
    }
  }
  const kept = { 'urn:other:title': 't', 'foo.bar': 1 };
  t.same(readUser(kept, { ...options, unknownAttributes: 'keep' }), kept);
});

t.test('they join the nested form, before or after it', async (t) => {
  const joined = { name: { givenName: 'g', familyName: 'f' } };
  t.same(readUser({ 'name.givenName': 'g', name: { familyName: 'f' } }), joined);
  t.same(readUser({ name: { familyName: 'f' }, 'name.givenName': 'g' }), joined);
});

t.test('they are read by the schema like any value', async (t) => {
  t.same(readUser({ [`${USER}:active`]: 'False' }), { active: false });
  t.same(readUser({ [`${ENTERPRISE}:manager`]: 'b' }), {
    [ENTERPRISE]: { manager: { value: 'b' } },
  });
  refused(
    t,
    () => readUser({ 'name.givenName': 5 }),
    'invalidValue',
    'name.givenName must be a string, but is a number',
  );
});

t.test('unassigned and readOnly ones leave nothing behind', async (t) => {
  t.same(
    readUser({
      'name.givenName': null,
      [`${ENTERPRISE}:department`]: null,
      [`${ENTERPRISE}:manager`]: '',
      [`${ENTERPRISE}:manager.value`]: '',
      [`${ENTERPRISE}:manager.displayName`]: 'Boss',
      'meta.version': 'x',
      'groups.value': 'g',
      [`${USER}:id`]: 'mine',
    }),
    {},
  );
});

t.test('an attribute given in both forms is refused', async (t) => {
  for (const [text, path, key] of [
    ['"name":{"givenName":"a"},"name.givenName":"b"', 'name.givenName', 'name.givenName'],
    ['"name.givenName":"a","NAME.GIVENNAME":"b"', 'name.givenName', 'NAME.GIVENNAME'],
    [`"title":"a","${USER}:title":"b"`, 'title', `${USER}:title`],
  ] as const) {
    const body = parsed(`{"userName":"u",${text}}`);
    refused(
      t,
      () => canonicalizeResource(userType, body, DROP),
      'invalidSyntax',
      `${path} is given twice, once as ${JSON.stringify(key)}; give it once`,
    );
  }
});

t.test('what names no place is unknown', async (t) => {
  const unknown = {
    'emails.value': 'a@x',
    'emails[type eq "work"].value': 'a@x',
    'urn:other:title': 't',
    'foo.bar': 1,
  };
  t.same(readUser(unknown), {});
  t.same(readUser(unknown, KEEP), unknown);
  const hostile = parsed(
    '{"userName":"u","__proto__.x":1,"name.__proto__":1,"constructor.name":1}',
  );
  t.same(canonicalizeResource(userType, hostile, DROP), { userName: 'u' });
});
