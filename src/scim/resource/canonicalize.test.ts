/** What becomes of a whole body: spelling, readOnly input, required attributes, odd bodies. */
import t from 'tap';
import type { JsonObject, JsonValue } from '../json.ts';
import {
  DEVICE,
  deviceType,
  ENTERPRISE,
  groupType,
  OWNER,
  USER,
  userType,
} from '../schema/test/types.ts';
import { canonicalizeResource } from './canonicalize.ts';
import { DROP, KEEP, parsed, readUser, refused } from './test/reading.ts';

t.test('an Entra user comes out as it went in, without schemas and meta', async (t) => {
  const attributes = {
    externalId: 'mail-u',
    userName: 'u@contoso.example',
    active: true,
    displayName: 'Ünal',
    emails: [{ primary: true, type: 'work', value: 'u@contoso.example' }],
    name: { formatted: 'Given Family', familyName: 'Family', givenName: 'Given' },
    addresses: [{ primary: true, type: 'work', locality: 'Zürich', country: 'CH' }],
    [ENTERPRISE]: { employeeNumber: '7', manager: { value: 'm' } },
  };
  const body = { schemas: [USER, ENTERPRISE], ...attributes, meta: { resourceType: 'User' } };
  const before = JSON.stringify(body);
  t.same(canonicalizeResource(userType, body, DROP), attributes);
  t.equal(JSON.stringify(body), before, 'the body is not changed');
});

t.test('names in any case come out in the spelling of the schema', async (t) => {
  const body = {
    USERNAME: 'u',
    NickName: 'n',
    Name: { GIVENNAME: 'g' },
    Emails: [{ VALUE: 'a@x', Type: 'work' }],
    [ENTERPRISE.toUpperCase()]: { DEPARTMENT: 'd' },
  };
  t.same(canonicalizeResource(userType, body, DROP), {
    userName: 'u',
    nickName: 'n',
    name: { givenName: 'g' },
    emails: [{ value: 'a@x', type: 'work' }],
    [ENTERPRISE]: { department: 'd' },
  });
});

t.test('an attribute twice in different case is refused', async (t) => {
  const twice = (name: string) => `${name} is given twice, in different case; give it once`;
  for (const [text, name] of [
    ['{"userName":"a","USERNAME":"b"}', 'userName'],
    ['{"USERNAME":"a","userName":"b"}', 'userName'],
    ['{"username":"a","USERNAME":"b"}', 'userName'],
    ['{"username":null,"USERNAME":"b"}', 'userName'],
    ['{"userName":"a","name":{"givenName":"a","GivenName":"b"}}', 'name.givenName'],
    [`{"userName":"a","${ENTERPRISE}":{},"${ENTERPRISE.toUpperCase()}":{}}`, ENTERPRISE],
  ] as const) {
    const body = parsed(text);
    refused(t, () => canonicalizeResource(userType, body, DROP), 'invalidSyntax', twice(name));
  }
});

t.test('readOnly attributes are ignored, whatever they hold', async (t) => {
  const ignored = { id: 7, meta: 'x', groups: [], name: { givenName: 'g' } };
  t.same(readUser(ignored), { name: { givenName: 'g' } });
  t.same(readUser({ groups: [{ value: 'g' }], META: null }), {});
  t.same(readUser({ [ENTERPRISE]: { manager: { value: 'm', displayName: 5 } } }), {
    [ENTERPRISE]: { manager: { value: 'm' } },
  });
  t.same(readUser({ [ENTERPRISE]: { manager: { displayName: 'Boss' } } }), {});
});

t.test('a password is read, though never stored', async (t) => {
  t.same(readUser({ password: 'p' }), { password: 'p' });
});

t.test('schemas are checked for their form only', async (t) => {
  for (const schemas of [null, [], [USER], ['urn:unknown'], [ENTERPRISE]]) {
    t.same(readUser({ schemas }), {});
  }
  for (const [schemas, given] of [
    ['urn:x', 'is a string'],
    [{}, 'is an object'],
    [[5], 'holds something else'],
    [[USER, null], 'holds something else'],
    [[[USER]], 'holds something else'],
  ] as const) {
    const detail = `schemas must be an array of strings, but ${given}`;
    refused(
      t,
      () => readUser({ schemas: parsed(JSON.stringify(schemas)) }),
      'invalidSyntax',
      detail,
    );
  }
});

t.test('what is required must be there and hold something', async (t) => {
  for (const body of [{}, { userName: '' }, { userName: null }, { displayName: 'x' }]) {
    refused(
      t,
      () => canonicalizeResource(userType, body, DROP),
      'invalidValue',
      'userName is required: give it a value',
    );
  }
  refused(
    t,
    () => canonicalizeResource(groupType, { members: [] }, DROP),
    'invalidValue',
    'displayName is required: give it a value',
  );
});

t.test('a required extension and its required attribute must be there', async (t) => {
  const read = (body: JsonObject) => canonicalizeResource(deviceType, body, DROP);
  refused(t, () => read({}), 'invalidValue', `${OWNER} is required: give it a value`);
  refused(t, () => read({ [OWNER]: {} }), 'invalidValue', `${OWNER} is required: give it a value`);
  refused(
    t,
    () => read({ [OWNER]: { badge: 'b' } }),
    'invalidValue',
    `${OWNER}:owner is required: give it a value`,
  );
  t.same(read({ [OWNER]: { owner: 'o' } }), { [OWNER]: { owner: 'o' } });
});

t.test('a required sub-attribute must be there when its attribute is', async (t) => {
  const read = (body: JsonObject) =>
    canonicalizeResource(deviceType, { [OWNER]: { owner: 'o' }, ...body }, DROP);
  refused(
    t,
    () => read({ place: { room: 'r' } }),
    'invalidValue',
    'place.site is required: give it a value',
  );
  refused(
    t,
    () => read({ place: { site: '' } }),
    'invalidValue',
    'place.site is required: give it a value',
  );
  t.same(read({ place: { site: 's' } })['place'], { site: 's' });
});

t.test('a body that is no object is refused', async (t) => {
  const bodies: [JsonValue, string][] = [
    [[], 'an array'],
    [[{ userName: 'u' }], 'an array'],
    [null, 'null'],
    ['x', 'a string'],
    [5, 'a number'],
    [true, 'a boolean'],
  ];
  for (const [body, kind] of bodies) {
    const detail = `the body must be a JSON object, but is ${kind}`;
    refused(t, () => canonicalizeResource(userType, body, DROP), 'invalidSyntax', detail);
  }
});

t.test('an extension that is no object is refused, an empty one is none', async (t) => {
  refused(
    t,
    () => readUser({ [ENTERPRISE]: 'x' }),
    'invalidValue',
    `${ENTERPRISE} must be an object, but is a string`,
  );
  for (const empty of [null, [], {}, { department: null }, { manager: '' }]) {
    t.same(readUser({ [ENTERPRISE]: empty }), {});
  }
});

t.test(
  'extension attributes do not count at the top, nor core ones in the extension',
  async (t) => {
    t.same(readUser({ department: 'd', [ENTERPRISE]: { userName: 'x' } }), {});
    t.same(readUser({ department: 'd' }, KEEP), { department: 'd' });
  },
);

t.test('members are ids, known apart from no members at all', async (t) => {
  const read = (members: JsonValue) =>
    canonicalizeResource(groupType, { displayName: 'g', members }, KEEP)['members'];
  const full = { value: 'u', $ref: 5, type: 'Robot', display: {} };
  t.same(read([full, { value: 'u' }, 'v', null]), [{ value: 'u' }, { value: 'v' }]);
  t.same(read({ value: 'u' }), [{ value: 'u' }]);
  t.same(read([]), []);
  t.same(read(null), []);
  t.notOk('members' in canonicalizeResource(groupType, { displayName: 'g' }, DROP));
  for (const nameless of [{}, { value: '' }, { value: null }, { display: 'x' }, '']) {
    refused(
      t,
      () => read([nameless]),
      'invalidValue',
      'members.value is required: give it a value',
    );
  }
  refused(
    t,
    () => read([{ value: 7 }]),
    'invalidValue',
    'members.value must be a string, but is a number',
  );
});

t.test('a schema of an administrator is read by the same rules', async (t) => {
  const body = { schemas: [DEVICE], SERIAL: 's', tags: ['a', 'a', null, 'b'], ports: 80 };
  t.same(canonicalizeResource(deviceType, { ...body, [OWNER]: { owner: 'o' } }, DROP), {
    serial: 's',
    tags: ['a', 'b'],
    ports: [80],
    [OWNER]: { owner: 'o' },
  });
});
