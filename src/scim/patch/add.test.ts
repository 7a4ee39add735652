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

t.test('add sets a simple attribute, and replaces the value it has', (t) => {
  const titled = patchUser(user(), { op: 'add', path: 'title', value: 'Guide' });
  t.equal(titled['title'], 'Guide');
  t.equal(patchUser(titled, { op: 'add', path: 'TITLE', value: 'Boss' })['title'], 'Boss');
  t.end();
});

t.test('add sets sub-attributes by path and by value, and leaves the others', (t) => {
  const name = { familyName: 'Jensen', givenName: 'Barbara', middleName: 'Jane' };
  const byPath = { op: 'add', path: 'name.middleName', value: 'Jane' };
  const byValue = { op: 'add', path: 'name', value: { MiddleName: 'Jane' } };
  t.strictSame(patchUser(user(), byPath)['name'], name);
  t.strictSame(patchUser(user(), byValue)['name'], name);
  const nameless = user();
  delete nameless['name'];
  t.strictSame(patchUser(nameless, byPath)['name'], { middleName: 'Jane' });
  t.end();
});

t.test('add appends to a multi-valued attribute, from an array or from one value', (t) => {
  const other = { value: 'b@other.example', type: 'other' };
  for (const value of [other, [other]]) {
    const { emails } = patchUser(user(), { op: 'add', path: 'emails', value });
    t.strictSame(emails, [...elements(user()), other]);
  }
  const bare = patchUser(user(), { op: 'add', path: 'emails', value: 'x@example.com' });
  t.strictSame(elements(bare)[2], { value: 'x@example.com' });
  t.end();
});

t.test('adding what is already there changes nothing, not even the order of keys', (t) => {
  const before = user({ title: 'Guide' });
  for (const operation of [
    { op: 'add', path: 'emails', value: [{ type: 'home', value: 'babs@home.example' }] },
    { op: 'add', path: 'emails', value: [{ type: 'home', value: 'BABS@home.example' }] },
    { op: 'add', path: 'emails', value: [] },
    { op: 'add', path: 'emails', value: [null] },
    { op: 'add', path: 'emails[type eq "work"].primary', value: 'True' },
    { op: 'add', path: 'name', value: { givenName: 'Barbara' } },
    { op: 'add', value: { title: 'Guide', active: true } },
    { op: 'add', path: 'schemas', value: [ENTERPRISE] },
  ]) {
    const after = patchUser(before, operation);
    t.equal(JSON.stringify(after), JSON.stringify(before), JSON.stringify(operation));
  }
  t.end();
});

t.test('an added element with the type and value of another gives it what it lacks', (t) => {
  const given = { value: 'babs@home.example', type: 'home', display: 'Home' };
  const { emails } = patchUser(user(), { op: 'add', path: 'emails', value: [given] });
  t.strictSame(emails, [elements(user())[0], given]);
  t.end();
});

t.test('add to a simple multi-valued attribute keeps each value once', (t) => {
  const tagged = device({ tags: ['a', 'b'] });
  const message = body({ op: 'add', path: 'tags', value: ['b', 'c', 'B', 'c'] });
  t.strictSame(patchWith(DEVICE, tagged, message).document['tags'], ['a', 'b', 'c', 'B']);
  t.end();
});

t.test('add to an extension makes its object', (t) => {
  const path = `${ENTERPRISE}:department`;
  const after = patchUser(user(), { op: 'add', path, value: 'Tours' });
  t.strictSame(after[ENTERPRISE], { department: 'Tours' });
  t.end();
});

t.test('an immutable attribute takes a first value and no other', (t) => {
  const numbered = patchWith(DEVICE, device(), body({ op: 'add', path: 'serial', value: '7' }));
  t.equal(numbered.document['serial'], '7');
  const change = (op: string, value: string) => () =>
    patchWith(DEVICE, numbered.document, body({ op, path: 'serial', value }));
  t.equal(change('add', '7')().document, numbered.document);
  t.match(refusal(change('add', '8')), /^400 mutability serial is immutable/);
  t.match(refusal(change('replace', '8')), /^400 mutability serial is immutable/);
  const remove = () => patchWith(DEVICE, numbered.document, body({ op: 'remove', path: 'serial' }));
  t.match(refusal(remove), /^400 mutability serial is immutable/);
  t.end();
});

t.test('immutable sub-attributes come with new elements and stay as they are', (t) => {
  const port = { value: 'eth1', kind: 'fibre' };
  const more = patchWith(DEVICE, device(), body({ op: 'add', path: 'ports', value: [port] }));
  t.strictSame(at(more.document, 'ports'), [{ value: 'eth0', type: 'lan', kind: 'copper' }, port]);
  const change = body({ op: 'add', path: 'ports[value eq "eth0"].kind', value: 'fibre' });
  t.match(
    refusal(() => patchWith(DEVICE, device(), change)),
    /^400 mutability ports.kind is immu/,
  );
  t.end();
});

t.test('values of a wrong type are refused before any resource is read', (t) => {
  const cases: readonly (readonly [string, JsonValue, RegExp])[] = [
    ['active', 'yes', /^400 invalidValue active must be true or false, but is "yes"/],
    ['displayName', true, /^400 invalidValue displayName must be a string/],
    ['name', 'Barbara', /^400 invalidValue name must be an object/],
    ['name.givenName', { a: 1 }, /^400 invalidValue name.givenName must be a string/],
    ['emails', [{ value: 5 }], /^400 invalidValue emails.value must be a string/],
    ['emails[type eq "work"].value', 5, /^400 invalidValue emails.value must be a string/],
    ['emails[type eq "work"]', [{}, {}], /^400 invalidValue emails: a path with a filter takes/],
  ];
  for (const [path, value, expected] of cases) {
    t.match(
      refusal(() => parse(USER, body({ op: 'add', path, value }))),
      expected,
      path,
    );
  }
  t.end();
});

function elements(document: JsonObject): JsonValue[] {
  const { emails } = document;
  return Array.isArray(emails) ? emails : [];
}
