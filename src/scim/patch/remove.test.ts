import t from 'tap';
import type { JsonObject, JsonValue } from '../json.ts';
import {
  at,
  body,
  device,
  DEVICE,
  ENTERPRISE,
  parse,
  patchUser,
  patchWith,
  refusal,
  user,
  USER,
} from './test/patch.ts';

t.test('remove unassigns an attribute, a sub-attribute, all or selected elements', (t) => {
  const [work, home] = [
    { value: 'babs@example.com', type: 'work', primary: true },
    { value: 'babs@home.example', type: 'home' },
  ];
  const cases: readonly (readonly [string, string, JsonValue | undefined])[] = [
    ['active', 'active', undefined],
    ['name', 'name', undefined],
    ['name.givenName', 'name', { familyName: 'Jensen' }],
    ['emails', 'emails', undefined],
    ['emails[type eq "work"]', 'emails', [home]],
    ['emails[type eq "work" and value ew "example.com"]', 'emails', [home]],
    ['emails[value pr]', 'emails', undefined],
    ['emails[type eq "work"].primary', 'emails', [{ value: work.value, type: 'work' }, home]],
    ['emails[type eq "work"].value', 'emails', [home]],
    ['emails.type', 'emails', [{ value: work.value, primary: true }, { value: home.value }]],
  ];
  for (const [path, name, expected] of cases) {
    const after = patchUser(user(), { op: 'remove', path });
    t.strictSame(after[name], expected, path);
    t.equal(Object.hasOwn(after, name), expected !== undefined, `${path}: no empty rest`);
  }
  t.end();
});

t.test('by the letter, what describes a value stays when the value goes', (t) => {
  const strict = (before: JsonObject, path: string) =>
    patchWith(USER, before, body({ op: 'remove', path }), { dropLabels: false }).document;
  t.strictSame(strict(user(), 'emails[type eq "work"].value')['emails'], [
    { type: 'work', primary: true },
    { value: 'babs@home.example', type: 'home' },
  ]);
  const bare = user({ emails: [{ value: 'a@x' }] });
  t.notOk(Object.hasOwn(strict(bare, 'emails.value'), 'emails'), 'nothing is left of it');
  const managed = user({ [ENTERPRISE]: { manager: { value: 'm', $ref: 'r' } } });
  const unmanaged = strict(managed, `${ENTERPRISE}:manager.value`);
  t.notOk(Object.hasOwn(unmanaged, ENTERPRISE), 'a reference to nothing is no rest');
  t.end();
});

t.test('removing what is not there succeeds and changes nothing', (t) => {
  const before = user();
  for (const path of [
    'title',
    'name.middleName',
    'emails[type eq "fax"]',
    'emails[type eq "fax"].value',
    'emails[type eq "work"].display',
    'phoneNumbers[type eq "work"].value',
    'phoneNumbers.value',
    `${ENTERPRISE}:manager`,
    ENTERPRISE,
  ]) {
    t.equal(patchUser(before, { op: 'remove', path }), before, path);
  }
  t.end();
});

t.test('a list of values removes only those', (t) => {
  const home = { value: 'babs@home.example', type: 'home' };
  const cases: readonly JsonValue[] = [
    [{ value: 'babs@example.com' }],
    { value: 'BABS@example.com', type: 'work' },
    ['babs@example.com', 'nobody@example.com'],
    [{ value: 'babs@example.com', display: 'an echo that differs' }],
  ];
  for (const value of cases) {
    const after = patchUser(user(), { op: 'remove', path: 'emails', value });
    t.strictSame(after['emails'], [home], JSON.stringify(value));
  }
  const before = user();
  for (const value of [[], [{}], [{ value: 'babs@example.com', type: 'home' }], ['nobody']]) {
    t.equal(patchUser(before, { op: 'remove', path: 'emails', value }), before, 'none listed');
  }
  const all = patchUser(before, { op: 'remove', path: 'emails', value: null });
  t.notOk(Object.hasOwn(all, 'emails'), 'null is no list');
  t.end();
});

t.test('elements without a value are listed by what is given of them', (t) => {
  const addresses = [
    { type: 'work', locality: 'Oslo' },
    { type: 'home', locality: 'Oslo' },
  ];
  const remove = { op: 'remove', path: 'addresses', value: [{ type: 'Work' }] };
  t.strictSame(patchUser(user({ addresses }), remove)['addresses'], [addresses[1]]);
  const tagged = device({ tags: ['a', 'b', 'A'] });
  const untag = body({ op: 'remove', path: 'tags', value: ['a'] });
  t.strictSame(patchWith(DEVICE, tagged, untag).document['tags'], ['b', 'A']);
  const byFilter = body({ op: 'remove', path: 'tags[value eq "b"]' });
  t.strictSame(patchWith(DEVICE, tagged, byFilter).document['tags'], ['a', 'A']);
  t.end();
});

t.test('an extension goes with its last attribute', (t) => {
  const before = user({ [ENTERPRISE]: { department: 'Tours', manager: { value: 'm' } } });
  const one = patchUser(before, { op: 'remove', path: `${ENTERPRISE}:manager.value` });
  t.strictSame(one[ENTERPRISE], { department: 'Tours' });
  const none = patchUser(one, { op: 'remove', path: `${ENTERPRISE.toUpperCase()}:DEPARTMENT` });
  t.notOk(Object.hasOwn(none, ENTERPRISE));
  t.notOk(Object.hasOwn(patchUser(before, { op: 'remove', path: ENTERPRISE }), ENTERPRISE));
  t.end();
});

t.test('remove without a path is noTarget', (t) => {
  for (const operation of [{ op: 'remove' }, { op: 'Remove', path: null, value: { title: 'x' } }]) {
    t.match(
      refusal(() => parse(USER, body(operation))),
      /^400 noTarget Operations\[0\]: a remove/,
    );
  }
  t.end();
});

t.test('what is required or readOnly is not removed', (t) => {
  for (const path of ['userName', 'id', 'schemas', 'meta', 'groups', 'groups[value eq "g"]']) {
    t.match(
      refusal(() => patchUser(user(), { op: 'remove', path })),
      /^400 mutability /,
      path,
    );
  }
  const cases = ['ports', 'ports[value eq "eth0"]', 'ports.value', 'ports.speed', 'urn:test:Lease'];
  for (const path of cases) {
    const act = () => patchWith(DEVICE, device(), body({ op: 'remove', path }));
    t.match(refusal(act), /^400 mutability /, path);
  }
  const lessor = body({ op: 'remove', path: 'urn:test:Lease:lessor' });
  t.match(
    refusal(() => patchWith(DEVICE, device(), lessor)),
    /^400 invalidValue urn:test:Lease is/,
  );
  t.strictSame(at(device(), 'ports'), [{ value: 'eth0', type: 'lan', kind: 'copper' }]);
  t.end();
});
