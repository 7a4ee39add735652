import t from 'tap';
import type { JsonObject, JsonValue } from '../json.ts';
import {
  body,
  ENTERPRISE,
  GROUP,
  Members,
  parse,
  patchWith,
  refusal,
  user,
  USER,
} from './test/patch.ts';

const CUSTOM = 'urn:example:params:custom:2.0:User';
const OPERATIONS: readonly JsonValue[] = [
  { op: 'add', path: 'shoeSize', value: 42 },
  { op: 'replace', path: 'name.nick', value: 'B' },
  { op: 'replace', path: 'emails[type eq "work"].label', value: 'L' },
  { op: 'replace', path: `${ENTERPRISE}:floor`, value: 3 },
  { op: 'replace', path: `${CUSTOM}:color`, value: 'red' },
  { op: 'replace', value: { [CUSTOM]: { color: 'red' }, 'shoe.size': 42 } },
  { op: 'remove', path: 'shoeSize' },
  { op: 'add', path: 'shoes[size eq 42].color', value: 'red' },
];

function patch(
  policy: 'drop' | 'keep' | 'refuse',
  document: JsonObject,
  ...operations: JsonValue[]
) {
  return patchWith(USER, document, body(...operations), { unknownAttributes: policy }).document;
}

t.test('drop ignores operations on unknown attributes, wherever they are', (t) => {
  const before = user();
  for (const operation of OPERATIONS) {
    t.equal(patch('drop', before, operation), before, JSON.stringify(operation));
  }
  const mixed = { op: 'replace', value: { shoeSize: 42, title: 'T', name: { nick: 'B' } } };
  t.strictSame(patch('drop', before, mixed), user({ title: 'T' }));
  const filtered = { op: 'add', path: 'phoneNumbers[type eq "x"].label', value: 'y' };
  t.equal(patch('drop', before, filtered), before, 'no element is made for it');
  t.end();
});

t.test('refuse names the attribute', (t) => {
  for (const operation of OPERATIONS) {
    const text = refusal(() => patch('refuse', user(), operation));
    t.match(text, /^400 invalidPath User has no attribute "/, JSON.stringify(operation));
  }
  const inside = { op: 'replace', path: 'name', value: { nick: 'B' } };
  t.match(
    refusal(() => patch('refuse', user(), inside)),
    /^400 .*no attribute "name.nick"/,
  );
  t.end();
});

t.test('keep stores a plain attribute and removes it again, in any case', (t) => {
  const kept = patch('keep', user(), { op: 'add', path: 'shoeSize', value: 42 });
  t.strictSame(kept, user({ shoeSize: 42 }));
  t.strictSame(
    patch('keep', kept, { op: 'replace', path: 'SHOESIZE', value: 43 }),
    user({ shoeSize: 43 }),
  );
  t.strictSame(patch('keep', kept, { op: 'remove', path: 'shoesize' }), user());
  t.strictSame(patch('keep', kept, { op: 'replace', path: 'shoeSize', value: null }), user());
  t.end();
});

t.test('keep knows a part in any case', (t) => {
  const after = patch(
    'keep',
    user({ name: { givenName: 'B' } }),
    { op: 'replace', path: 'name', value: { nick: 'A' } },
    { op: 'replace', path: 'name', value: { NICK: 'B' } },
    { op: 'replace', path: 'name.Nick', value: 'C' },
  );
  t.strictSame(after['name'], { givenName: 'B', nick: 'C' });
  t.end();
});

t.test('refuse is told before the writer', (t) => {
  for (const operation of [...OPERATIONS, { op: 'add', path: 'name', value: { nick: 'A' } }]) {
    const act = () => parse(USER, body(operation), { unknownAttributes: 'refuse' });
    t.match(refusal(act), /^400 invalid(Path|Syntax) /, JSON.stringify(operation));
  }
  t.end();
});

t.test('keep adds to arrays and objects what they lack', (t) => {
  const before = user({ pets: ['cat'], car: { brand: 'x' } });
  const after = patch(
    'keep',
    before,
    { op: 'add', path: 'pets', value: ['cat', 'dog'] },
    { op: 'add', path: 'pets', value: 'fish' },
    { op: 'add', path: 'car', value: { color: 'red' } },
    { op: 'replace', path: 'car.color', value: 'blue' },
  );
  t.strictSame(after, user({ pets: ['cat', 'dog', 'fish'], car: { brand: 'x', color: 'blue' } }));
  t.end();
});

t.test('keep puts parts into the known attribute that they are parts of', (t) => {
  const after = patch(
    'keep',
    user(),
    { op: 'replace', path: 'name.nick', value: 'B' },
    { op: 'replace', path: 'emails[type eq "work"].label', value: 'L' },
    { op: 'replace', path: `${ENTERPRISE}:floor`, value: 3 },
    { op: 'replace', path: `${ENTERPRISE}:manager`, value: { value: 'm', mood: 'good' } },
  );
  const { name, emails } = user();
  t.strictSame(after['name'], Object.assign({}, name, { nick: 'B' }));
  t.strictSame(after['emails'], [
    { value: 'babs@example.com', type: 'work', primary: true, label: 'L' },
    ...(Array.isArray(emails) ? emails.slice(1) : []),
  ]);
  t.strictSame(after[ENTERPRISE], { floor: 3, manager: { value: 'm', mood: 'good' } });
  const back = patch(
    'keep',
    after,
    { op: 'remove', path: 'name.nick' },
    { op: 'remove', path: 'emails[type eq "work"].label' },
    { op: 'remove', path: `${ENTERPRISE}:floor` },
    { op: 'remove', path: `${ENTERPRISE}:manager` },
  );
  t.strictSame(back, user());
  t.strictSame(patch('keep', after, { op: 'remove', path: ENTERPRISE })[ENTERPRISE], undefined);
  t.end();
});

t.test('keep puts attributes of an unknown extension under its URN', (t) => {
  const before = user();
  const first = patch('keep', before, { op: 'replace', value: { [CUSTOM]: { color: 'red' } } });
  t.strictSame(first, user({ [CUSTOM]: { color: 'red' } }));
  const second = patch('keep', first, { op: 'add', path: `${CUSTOM}:size`, value: 7 });
  t.strictSame(second, user({ [CUSTOM]: { color: 'red', size: 7 } }));
  const third = patch(
    'keep',
    second,
    { op: 'remove', path: `${CUSTOM}:COLOR` },
    { op: 'remove', path: `${CUSTOM.toUpperCase()}:size` },
  );
  t.strictSame(third, before, 'its object goes with the last of them');
  t.strictSame(patch('keep', second, { op: 'remove', path: CUSTOM }), before);
  t.end();
});

t.test('keep refuses what it has no place for', (t) => {
  for (const path of ['shoes[size eq 42].color', 'userName.part', 'emails[type eq "work"].a.b']) {
    const text = refusal(() => patch('keep', user(), { op: 'add', path, value: 'x' }));
    t.match(text, /^400 invalidPath /, path);
  }
  const deep = { op: 'replace', value: { 'a.b.c': 1 } };
  t.match(
    refusal(() => patch('keep', user(), deep)),
    /^400 invalidPath /,
  );
  const scalar = patch('keep', user(), { op: 'add', path: 'car', value: 'red' });
  const inside = { op: 'add', path: 'car.color', value: 'x' };
  t.match(
    refusal(() => patch('keep', scalar, inside)),
    /^400 invalidPath "car.color": "car" has no/,
  );
  t.match(
    refusal(() => patch('keep', user(), { op: 'add', path: 'deep', value: nested(100) })),
    /^400 invalidSyntax .*nested deeper/,
  );
  t.end();
});

t.test('nothing unknown is kept of members, which are rows', (t) => {
  const group = { id: 'g', displayName: 'G' };
  const message = body(
    { op: 'replace', path: 'members[value eq "a"].displayName', value: 'x' },
    { op: 'add', path: 'members', value: [{ value: 'a', mood: 'good' }] },
  );
  const members = new Members('a');
  const result = patchWith(GROUP, group, message, { unknownAttributes: 'keep' }, members);
  t.strictSame(result, { document: group, membershipChanged: false });
  t.end();
});

function nested(depth: number): JsonValue {
  let value: JsonValue = 'x';
  for (let level = 0; level < depth; level += 1) value = { inner: value };
  return value;
}
