/** Each lenience towards PATCH: what is taken with it, and what is said without it. */
import t from 'tap';
import { LENIENT, STRICT, type Dialect } from '../dialect.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import {
  body,
  CORE,
  ENTERPRISE,
  GROUP,
  Members,
  PATCH_OP,
  patchWith,
  refusal,
  user,
  USER,
} from './test/patch.ts';

const SET = { op: 'replace', path: 'title', value: 'T' };
const FLAT = 'is a path, which this endpoint does not take as a key (flatKeys is false)';

const LOOSE: readonly (readonly [keyof Dialect, JsonObject, RegExp])[] = [
  [
    'loosePatchMessages',
    { Operations: [SET] },
    /^400 invalidSyntax schemas must be an array that h/,
  ],
  ['loosePatchMessages', { schemas: null, Operations: [SET] }, /^400 invalidSyntax schemas must/],
  [
    'loosePatchMessages',
    body({ ...SET, op: 'Replace' }),
    /^400 invalidSyntax Operations\[0\]\.op must be .* but is "Replace"/,
  ],
  [
    'loosePatchMessages',
    body({ ...SET, name: 'x' }),
    /^400 invalidSyntax Operations\[0\] has no member "name"; it has op, path, value/,
  ],
  [
    'loosePatchMessages',
    { ...body(SET), id: 'x' },
    /^400 invalidSyntax a PATCH has no member "id"; it has schemas, Operations/,
  ],
  [
    'loosePatchMessages',
    body({ op: 'add', path: '', value: { title: 'T' } }),
    /^400 invalidPath path: expected an attribute name but found the end at position 1/,
  ],
  [
    'removeWithValue',
    body({ op: 'remove', path: 'emails', value: [{ value: 'babs@home.example' }] }),
    /^400 invalidSyntax Operations\[0\]: a remove takes no value at this endpoint/,
  ],
  [
    'readOnlyEchoes',
    body({ op: 'replace', value: { id: 'u1', title: 'T' } }),
    /^400 mutability id is readOnly/,
  ],
  [
    'readOnlyEchoes',
    body({ op: 'replace', value: { groups: [], title: 'T' } }),
    /^400 mutability groups is readOnly/,
  ],
  [
    'flatKeys',
    body({ op: 'replace', value: { 'name.givenName': 'B' } }),
    new RegExp(`^400 invalidSyntax "name.givenName" ${FLAT.replace(/[()]/g, '\\$&')}`),
  ],
  [
    'flatKeys',
    body({ op: 'replace', value: { 'emails[type eq "work"].value': 'x@y' } }),
    /^400 invalidSyntax "emails\[type eq \\"work\\"\].value" is a path/,
  ],
  [
    'flatKeys',
    body({ op: 'add', value: { [`${ENTERPRISE}:department`]: 'D' } }),
    /^400 invalidSyntax "urn.*:department" is a path/,
  ],
  [
    'flatKeys',
    body({ op: 'add', path: ENTERPRISE, value: { 'manager.value': 'm' } }),
    /^400 invalidSyntax "urn.*:manager.value" is a path/,
  ],
  [
    'flatKeys',
    body({ op: 'add', value: { [CORE]: { title: 'T' } } }),
    /^400 invalidSyntax "urn.*:User" is a path/,
  ],
  [
    'bareValues',
    body({ op: 'replace', path: `${ENTERPRISE}:manager`, value: 'm' }),
    /^400 invalidValue urn.*:manager must be an object, but is a string/,
  ],
  [
    'bareValues',
    body({ op: 'replace', path: 'emails', value: { value: 'x' } }),
    /^400 invalidValue emails must be an array, but is an object/,
  ],
  [
    'bareValues',
    body({ op: 'replace', path: 'emails[type eq "work"]', value: [{ value: 'x' }] }),
    /^400 invalidValue emails: a path with a filter takes the value of one element, not an array of 1/,
  ],
  [
    'textBooleans',
    body({ op: 'replace', path: 'active', value: 'False' }),
    /^400 invalidValue active must be true or false, but is "False"/,
  ],
  [
    'textBooleans',
    body({ op: 'replace', path: 'roles[primary eq "True"].display', value: 'Boss' }),
    /^400 invalidFilter filter: roles.primary is of type boolean: expected true or false/,
  ],
  [
    'severalPrimaries',
    body({ op: 'add', path: 'roles', value: [primary('a'), primary('b')] }),
    /^400 invalidValue roles: one element may be primary, not several/,
  ],
  [
    'severalPrimaries',
    body({ op: 'replace', path: 'emails.primary', value: true }),
    /^400 invalidValue emails: one element may be primary, not several/,
  ],
  [
    'unknownSchemas',
    body({ op: 'add', path: 'schemas', value: ['urn:x'] }),
    /^400 invalidValue schemas: User has no schema "urn:x"; it has/,
  ],
  [
    'unknownSchemas',
    body({ op: 'replace', value: { schemas: [ENTERPRISE] } }),
    /^400 invalidValue schemas must hold "urn.*core:2.0:User"/,
  ],
];

t.test('each loose form is taken until its setting says otherwise', (t) => {
  for (const [name, message, expected] of LOOSE) {
    const shown = `${name} ${JSON.stringify(message)}`;
    const act = (options: Dialect) => () =>
      patchWith(USER, user(), message, { ...options, unknownAttributes: 'refuse' });
    t.doesNotThrow(act(LENIENT), shown);
    t.doesNotThrow(act({ ...STRICT, [name]: LENIENT[name] }), `alone: ${shown}`);
    t.match(refusal(act({ ...LENIENT, [name]: STRICT[name] })), expected, shown);
  }
  t.end();
});

t.test('a path as a key that is not taken is dropped with unknown attributes', (t) => {
  const before = user();
  const value = { 'name.givenName': 'B', [`${CORE}:title`]: 'T', [CORE]: { title: 'T' } };
  const message = body({ op: 'replace', value });
  t.equal(patchWith(USER, before, message, { flatKeys: false }).document, before);
  const keep = { flatKeys: false, unknownAttributes: 'keep' } as const;
  t.match(
    refusal(() => patchWith(USER, before, message, keep)),
    /^400 invalidSyntax /,
  );
  t.end();
});

t.test('what the RFC shows is taken by the letter', (t) => {
  const strict = { ...STRICT, unknownAttributes: 'refuse' } as const;
  for (const operation of [
    { op: 'add', path: 'emails', value: { value: 'x@y', type: 'other' } },
    { op: 'add', path: 'emails', value: [{ value: 'x@y', type: 'other' }] },
    {
      op: 'add',
      value: { emails: [{ value: 'babs@jensen.org', type: 'home' }], nickname: 'Babs' },
    },
    { op: 'remove', path: 'emails[type eq "work" and value ew "example.com"]' },
    { op: 'remove', path: 'emails', value: null },
    { op: 'replace', path: 'emails[type eq "work"]', value: { value: 'x@y', primary: true } },
    { op: 'replace', path: 'emails[type eq "work"].value', value: 'x@y' },
    { op: 'replace', path: null, value: { title: 'T' } },
    { op: 'add', path: `${ENTERPRISE}:manager`, value: { value: 'm' } },
    { op: 'add', value: { [ENTERPRISE]: { department: 'D' }, schemas: [CORE, ENTERPRISE] } },
    { OP: 'add', Path: 'title', VALUE: 'T' },
  ]) {
    const before = user();
    const { document } = patchWith(USER, before, body(operation), strict);
    t.not(document, before, JSON.stringify(operation));
  }
  const members = new Members('a');
  const message = body(
    { op: 'remove', path: 'members[value eq"a"]' },
    { op: 'add', path: 'members', value: [{ value: 'b', display: 'B', $ref: '/Users/b' }] },
    { op: 'add', path: 'members', value: { value: 'c' } },
  );
  t.ok(patchWith(GROUP, { displayName: 'G' }, message, strict, members).membershipChanged);
  t.same([...members.ids], ['b', 'c']);
  t.end();
});

t.test('a member of a message twice in different case is never taken', (t) => {
  const twice = { op: 'replace', OP: 'remove', path: 'title', value: 'T' };
  t.match(
    refusal(() => patchWith(USER, user(), body(twice))),
    /^400 invalidSyntax Operations\[0\] has op twice, in different case/,
  );
  const messages = { schemas: [PATCH_OP], Operations: [SET], operations: [SET] };
  t.match(
    refusal(() => patchWith(USER, user(), messages)),
    /^400 invalidSyntax a PATCH has Operations twice, in different case/,
  );
  t.end();
});

t.test('each spelling of members is read by the endpoint’s settings', (t) => {
  const strict = { ...STRICT, unknownAttributes: 'refuse' } as const;
  const act = (op: string, value: JsonValue) => () => {
    const message = body({ op, path: 'members', value });
    return patchWith(GROUP, { displayName: 'G' }, message, strict, new Members('a'));
  };
  t.match(
    refusal(act('add', ['b'])),
    /^400 invalidValue each element of members must be an object/,
  );
  t.match(refusal(act('add', 'b')), /^400 invalidValue each element of members must be an object/);
  t.match(refusal(act('replace', { value: 'b' })), /^400 invalidValue members must be an array/);
  t.match(
    refusal(act('remove', [{ value: 'a' }])),
    /^400 invalidSyntax .*\(removeWithValue is false\)/,
  );
  t.end();
});

function primary(value: string): JsonObject {
  return { value, primary: true };
}
