import t from 'tap';
import type { JsonValue } from '../json.ts';
import {
  at,
  body,
  device,
  DEVICE,
  ENTERPRISE,
  patchUser,
  patchWith,
  refusal,
  user,
  USER,
} from './test/patch.ts';

t.test('replace sets simple attributes and sub-attributes, and adds what is missing', (t) => {
  const after = patchUser(
    user(),
    { op: 'replace', path: 'active', value: false },
    { op: 'replace', path: 'name.familyName', value: 'Smith' },
    { op: 'replace', path: 'nickName', value: 'Babs' },
  );
  const name = { familyName: 'Smith', givenName: 'Barbara' };
  t.strictSame(after, user({ active: false, name, nickName: 'Babs' }));
  t.end();
});

t.test('replace of a complex attribute leaves the sub-attributes that are not given', (t) => {
  const { name } = patchUser(user(), {
    op: 'replace',
    path: 'name',
    value: { givenName: 'Bo', middleName: null, familyName: null },
  });
  t.strictSame(name, { givenName: 'Bo' });
  t.end();
});

t.test('replace of a multi-valued attribute replaces all its elements', (t) => {
  const value = [{ value: 'new@example.com', type: 'work' }];
  t.strictSame(patchUser(user(), { op: 'replace', path: 'emails', value })['emails'], value);
  t.end();
});

t.test('null and [] unassign; the key is gone', (t) => {
  for (const [path, value] of [
    ['emails', null],
    ['emails', []],
    ['name', null],
    ['active', null],
  ] as const) {
    const after = patchUser(user(), { op: 'replace', path, value: value === null ? null : [] });
    t.notOk(Object.hasOwn(after, path), path);
  }
  const nameless = patchUser(
    user(),
    { op: 'replace', path: 'name.givenName', value: null },
    { op: 'replace', path: 'name.familyName', value: null },
  );
  t.notOk(Object.hasOwn(nameless, 'name'), 'a complex attribute goes with its last part');
  t.end();
});

t.test('replace through a filter merges into every element that matches', (t) => {
  const two = user({ emails: [work('a@x'), work('b@x'), { value: 'c@x', type: 'home' }] });
  const bySub = { op: 'replace', path: 'emails[type eq "work"].display', value: 'W' };
  const byValue = { op: 'replace', path: 'emails[type eq "WORK"]', value: { display: 'W' } };
  const expected = [
    { ...work('a@x'), display: 'W' },
    { ...work('b@x'), display: 'W' },
    { value: 'c@x', type: 'home' },
  ];
  t.strictSame(patchUser(two, bySub)['emails'], expected);
  t.strictSame(patchUser(two, byValue)['emails'], expected);
  t.end();
});

t.test('a sub-attribute without a filter is set in all elements', (t) => {
  const after = patchUser(user(), { op: 'replace', path: 'emails.display', value: 'Babs' });
  t.strictSame(at(after, 'emails'), [
    { value: 'babs@example.com', type: 'work', primary: true, display: 'Babs' },
    { value: 'babs@home.example', type: 'home', display: 'Babs' },
  ]);
  t.end();
});

t.test('a filter that matches nothing creates the element that it asks for', (t) => {
  const cases: readonly (readonly [string, JsonValue, JsonValue])[] = [
    ['phoneNumbers[type eq "work"].value', '+1', { type: 'work', value: '+1' }],
    ['phoneNumbers[type eq "work"]', { value: '+1' }, { type: 'work', value: '+1' }],
    ['phoneNumbers[type eq "work"]', [{ value: '+1' }], { type: 'work', value: '+1' }],
    ['phoneNumbers[type eq "work"]', '+1', { type: 'work', value: '+1' }],
    ['roles[primary eq "True"].display', 'Boss', { primary: true, display: 'Boss' }],
    [
      'ims[type eq "aim" and (primary eq true and display eq "D")].value',
      'v',
      { type: 'aim', primary: true, display: 'D', value: 'v' },
    ],
  ];
  for (const op of ['add', 'replace']) {
    for (const [path, value, expected] of cases) {
      const after = patchUser(user(), { op, path, value });
      t.strictSame(after[path.slice(0, path.indexOf('['))], [expected], `${op} ${path}`);
    }
  }
  t.end();
});

t.test('a filter that matches nothing is refused when no one element follows from it', (t) => {
  for (const filter of ['type ne "x"', 'type eq "a" or type eq "b"', 'not (type eq "a")']) {
    const operation = { op: 'replace', path: `phoneNumbers[${filter}].value`, value: '+1' };
    t.match(
      refusal(() => patchUser(user(), operation)),
      /^400 noTarget /,
      filter,
    );
  }
  t.end();
});

t.test('a filter that contradicts itself creates nothing', (t) => {
  for (const path of [
    'phoneNumbers[type eq "home" and type eq "work"].value',
    'phoneNumbers[type eq "home" and (primary eq true and type eq null)].value',
  ]) {
    const act = () => patchUser(user(), { op: 'add', path, value: '+1' });
    t.match(refusal(act), /^400 noTarget /, path);
  }
  const tags = body({ op: 'add', path: 'tags[value eq "a" and value eq "b"]', value: 'c' });
  t.match(
    refusal(() => patchWith(DEVICE, device(), tags)),
    /^400 noTarget /,
  );
  const twice = 'phoneNumbers[type eq "home" and type eq "HOME"].value';
  const { phoneNumbers } = patchUser(user(), { op: 'add', path: twice, value: '+1' });
  t.strictSame(phoneNumbers, [{ type: 'home', value: '+1' }], 'the same twice is no contradiction');
  t.end();
});

t.test('the strict setting refuses with noTarget what RFC 7644 does', (t) => {
  const strict = { patchReplaceCreatesValuePathTarget: false };
  const message = (op: string) => body({ op, path: 'emails[type eq "fax"].value', value: 'x@y' });
  for (const op of ['add', 'replace']) {
    const act = () => patchWith(USER, user(), message(op), strict);
    t.match(refusal(act), /^400 noTarget "emails\[type eq \\"fax\\"\].value" matches no value/, op);
  }
  t.end();
});

t.test('nothing is created to hold no value', (t) => {
  const before = user();
  const operation = { op: 'replace', path: 'phoneNumbers[type eq "fax"].value', value: null };
  t.equal(patchUser(before, operation), before);
  t.end();
});

t.test('an element that loses its last value but for labels is dropped', (t) => {
  const after = patchUser(user(), {
    op: 'replace',
    path: 'emails[type eq "work"].value',
    value: null,
  });
  t.strictSame(after['emails'], [{ value: 'babs@home.example', type: 'home' }]);
  t.end();
});

t.test('a required attribute cannot become unassigned', (t) => {
  const cases: readonly (readonly [JsonValue, RegExp])[] = [
    [null, /^400 mutability userName is required/],
    ['', /^400 invalidValue userName is required/],
  ];
  for (const [value, expected] of cases) {
    t.match(
      refusal(() => patchUser(user(), { op: 'replace', path: 'userName', value })),
      expected,
    );
  }
  const unport = body({ op: 'replace', path: 'ports[value eq "eth0"].value', value: null });
  t.match(
    refusal(() => patchWith(DEVICE, device(), unport)),
    /^400 mutability ports.value is req/,
  );
  const portless = body({ op: 'replace', path: 'ports', value: [] });
  t.match(
    refusal(() => patchWith(DEVICE, device(), portless)),
    /^400 mutability ports is required/,
  );
  t.end();
});

t.test('an element created without what it must have is refused', (t) => {
  const message = body({ op: 'replace', path: 'ports[type eq "wan"].kind', value: 'fibre' });
  t.match(
    refusal(() => patchWith(DEVICE, device(), message)),
    /^400 invalidValue ports.value is r/,
  );
  t.end();
});

t.test('what the server sets is refused by path and ignored inside a value', (t) => {
  for (const path of [
    'id',
    'meta',
    'meta.created',
    'groups',
    `${ENTERPRISE}:manager.displayName`,
  ]) {
    const act = () => patchUser(user(), { op: 'replace', path, value: 'x' });
    t.match(refusal(act), /^400 mutability .* is readOnly/, path);
  }
  const manager = { value: 'm1', displayName: 'Forged' };
  const after = patchUser(user(), {
    op: 'replace',
    value: {
      id: 'other',
      meta: {},
      groups: [],
      schemas: ['x'],
      [`${ENTERPRISE}:manager`]: manager,
    },
  });
  t.strictSame(after, user({ [ENTERPRISE]: { manager: { value: 'm1' } } }));
  t.end();
});

t.test('a reference goes with the value that it was the reference of', (t) => {
  const managed = user({ [ENTERPRISE]: { manager: { value: 'm1', $ref: '../Users/m1' } } });
  const path = `${ENTERPRISE}:manager`;
  const change = (value: JsonValue) => patchUser(managed, { op: 'replace', path, value });
  t.strictSame(at(change({ value: 'm2' }), ENTERPRISE, 'manager'), { value: 'm2' });
  t.equal(change({ value: 'm1' }), managed);
  t.equal(change('m1'), managed);
  t.end();
});

t.test('the whole extension can be set, merged and unassigned under its URN', (t) => {
  const before = user({ [ENTERPRISE]: { department: 'Tours', costCenter: '1' } });
  const set = patchUser(before, {
    op: 'replace',
    path: ENTERPRISE,
    value: { department: 'Sales', 'manager.value': 'm1' },
  });
  t.strictSame(set[ENTERPRISE], { department: 'Sales', costCenter: '1', manager: { value: 'm1' } });
  const unset = patchUser(before, { op: 'replace', value: { [ENTERPRISE]: null } });
  t.notOk(Object.hasOwn(unset, ENTERPRISE));
  const act = () => patchUser(before, { op: 'replace', path: ENTERPRISE, value: 'x' });
  t.match(refusal(act), /^400 invalidValue .* is a whole schema/);
  t.end();
});

function work(value: string) {
  return { value, type: 'work' };
}
