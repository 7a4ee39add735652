/** Each lenience towards bodies: what is taken with it, and what is said without it. */
import t from 'tap';
import { LENIENT, STRICT, type Dialect } from '../dialect.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import {
  DEVICE,
  deviceType,
  ENTERPRISE,
  GROUP,
  groupType,
  OWNER,
  USER,
  userType,
} from '../schema/test/types.ts';
import { canonicalizeResource } from './canonicalize.ts';
import { LETTER, refused } from './test/reading.ts';

const HEAD = { schemas: [USER], userName: 'u' };

/** One setting strict, the others lenient. */
function without(name: keyof Dialect) {
  return { ...LENIENT, [name]: STRICT[name], unknownAttributes: 'refuse' } as const;
}

const LOOSE: readonly (readonly [keyof Dialect, JsonObject, string, string])[] = [
  [
    'textBooleans',
    { active: 'True' },
    'invalidValue',
    'active must be true or false, but is "True"',
  ],
  [
    'textBooleans',
    { emails: [{ value: 'a', primary: 'false' }] },
    'invalidValue',
    'emails.primary must be true or false, but is "false"',
  ],
  ['bareValues', { emails: 'a@x' }, 'invalidValue', 'emails must be an array, but is "a@x"'],
  [
    'bareValues',
    { emails: { value: 'a@x' } },
    'invalidValue',
    'emails must be an array, but is an object',
  ],
  [
    'bareValues',
    { emails: ['a@x'] },
    'invalidValue',
    'each element of emails must be an object, but is a string',
  ],
  [
    'bareValues',
    { [ENTERPRISE]: { manager: 'm' } },
    'invalidValue',
    `${ENTERPRISE}:manager must be an object, but is a string`,
  ],
  ['bareValues', { name: [] }, 'invalidValue', 'name must be an object, but is an array'],
  [
    'severalPrimaries',
    { roles: [{ value: 'a', primary: true }, { value: 'b' }, { value: 'c', primary: true }] },
    'invalidValue',
    'roles: one element may be primary, not several; set roles.primary to true in one of them',
  ],
  [
    'unknownSchemas',
    { schemas: [USER, 'urn:x'] },
    'invalidValue',
    `schemas: User has no schema "urn:x"; it has ${USER}, ${ENTERPRISE}`,
  ],
  ['unknownSchemas', { schemas: [] }, 'invalidValue', `schemas must hold "${USER}"`],
  ['unknownSchemas', { schemas: null }, 'invalidValue', `schemas must hold "${USER}"`],
  ['unknownSchemas', { schemas: [ENTERPRISE] }, 'invalidValue', `schemas must hold "${USER}"`],
  [
    'unknownSchemas',
    { schemas: [USER, USER.toUpperCase()] },
    'invalidValue',
    `schemas holds "${USER.toUpperCase()}" twice; list it once`,
  ],
  [
    'flatKeys',
    { 'name.givenName': 'g' },
    'invalidSyntax',
    '"name.givenName" is a path, which this endpoint does not take as a key (flatKeys is false): nest the attribute',
  ],
];

t.test('each loose form is taken until its setting says otherwise', async (t) => {
  for (const [name, attributes, scimType, detail] of LOOSE) {
    const body = { ...HEAD, ...attributes };
    const lenient = { ...LENIENT, unknownAttributes: 'refuse' } as const;
    t.ok(canonicalizeResource(userType, body, lenient), `${name} ${JSON.stringify(attributes)}`);
    const others = { ...STRICT, [name]: LENIENT[name], unknownAttributes: 'refuse' } as const;
    t.ok(canonicalizeResource(userType, body, others), `${name} alone allows it`);
    refused(t, () => canonicalizeResource(userType, body, without(name)), scimType, detail);
  }
});

t.test('a dateTime by the letter has an offset and is in the calendar', async (t) => {
  const read = (boughtAt: JsonValue, strict: boolean) =>
    canonicalizeResource(
      deviceType,
      { boughtAt, [OWNER]: { owner: 'o' } },
      strict ? without('looseDateTimes') : without('textBooleans'),
    )['boughtAt'];
  for (const text of [
    '2026-01-31T08:00:00Z',
    '2026-01-31T08:00:00.1234567+01:00',
    '2024-02-29T23:59:59-11:30',
  ]) {
    t.equal(read(text, true), text);
    t.equal(read(text, false), text);
  }
  for (const text of ['2026-01-31T08:00:00', '2026-02-30T08:00:00Z', '2026-01-31T24:00:00Z']) {
    t.equal(read(text, false), text);
    refused(
      t,
      () => read(text, true),
      'invalidValue',
      `boughtAt must be a date and time such as "2026-01-31T08:00:00Z", but is "${text}"`,
    );
  }
  t.throws(() => read('2026-01-31T23:59:60Z', true), 'a leap second, which xsd does not have');
  for (const text of ['2026-01-31', '2026-01-31 08:00:00Z', '01/31/2026', '2026-13-01T00:00:00Z']) {
    t.throws(() => read(text, false), text);
  }
});

t.test('what the RFCs show is taken by the letter', async (t) => {
  const user = {
    schemas: [ENTERPRISE, USER],
    id: 'ignored',
    externalId: 'e',
    userName: 'u',
    name: { formatted: 'f', familyName: null },
    active: true,
    emails: [
      { value: 'a@x', type: 'work', primary: true },
      { value: 'b@x', type: 'home', primary: false },
    ],
    phoneNumbers: [],
    roles: null,
    [ENTERPRISE]: { manager: { value: 'm', $ref: '../Users/m', displayName: 'ignored' } },
    meta: { resourceType: 'User' },
  };
  t.same(canonicalizeResource(userType, user, LETTER), {
    externalId: 'e',
    userName: 'u',
    name: { formatted: 'f' },
    active: true,
    emails: user.emails,
    [ENTERPRISE]: { manager: { value: 'm', $ref: '../Users/m' } },
  });
  const group = { schemas: [GROUP], displayName: 'g', members: [{ value: 'u', type: 'User' }] };
  t.same(canonicalizeResource(groupType, group, LETTER)['members'], [{ value: 'u' }]);
  const device = { schemas: [DEVICE, OWNER], tags: ['a'], [OWNER]: { owner: 'o' } };
  t.same(canonicalizeResource(deviceType, device, LETTER)['tags'], ['a']);
});

t.test('kept attributes are one in any case', async (t) => {
  const keep = { ...LENIENT, unknownAttributes: 'keep' } as const;
  const twice = (detail: string, body: JsonObject) => {
    const read = () => canonicalizeResource(userType, { userName: 'u', ...body }, keep);
    refused(t, read, 'invalidSyntax', `${detail} is given twice, in different case; give it once`);
  };
  twice('"SHOE"', { shoe: 1, SHOE: 2 });
  twice('"name.Nick"', { name: { nick: 1, Nick: 2 } });
});
