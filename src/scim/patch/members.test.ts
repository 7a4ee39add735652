import t from 'tap';
import type { JsonValue } from '../json.ts';
import type { PatchOptions } from './operation.ts';
import { body, GROUP, Members, parse, patchWith, refusal } from './test/patch.ts';

const group = { id: 'g', displayName: 'G' };

function change(members: Members, operation: JsonValue, options: Partial<PatchOptions> = {}) {
  const { document, membershipChanged } = patchWith(
    GROUP,
    group,
    body(operation),
    options,
    members,
  );
  if (document !== group) throw new Error('members are no part of the document');
  return membershipChanged;
}

t.test('members are given as objects, one object, or ids', (t) => {
  const values: readonly JsonValue[] = [
    [{ value: 'b', type: 'User', display: 'B', $ref: '../Users/b' }],
    [{ Value: 'b' }],
    { value: 'b' },
    ['b'],
    'b',
  ];
  for (const value of values) {
    for (const [op, expected] of [
      ['add', ['a', 'b']],
      ['replace', ['b']],
    ] as const) {
      const members = new Members('a');
      t.ok(change(members, { op, path: 'members', value }), JSON.stringify(value));
      t.strictSame([...members.ids], expected);
    }
    const members = new Members('a', 'b');
    t.ok(change(members, { op: 'remove', path: 'members', value }));
    t.strictSame([...members.ids], ['a']);
  }
  t.end();
});

t.test('what is there is not added, what is not there not removed', (t) => {
  const members = new Members('a');
  t.notOk(change(members, { op: 'add', path: 'members', value: [{ value: 'a' }] }));
  t.notOk(change(members, { op: 'add', path: 'members', value: [] }));
  t.notOk(change(members, { op: 'remove', path: 'members', value: [{ value: 'x' }] }));
  t.notOk(change(members, { op: 'remove', path: 'members', value: [] }));
  t.notOk(change(members, { op: 'replace', path: 'members', value: ['a'] }));
  t.strictSame([...members.ids], ['a']);
  t.end();
});

t.test('a member without a value is refused before the writer', (t) => {
  for (const element of [{}, { display: 'x' }, { value: '' }, { value: 5 }, 5, { value: null }]) {
    for (const op of ['add', 'replace', 'remove']) {
      const act = () => parse(GROUP, body({ op, path: 'members', value: [element] }));
      t.match(
        refusal(act),
        /^400 invalidValue (each element of )?members/,
        `${op} ${JSON.stringify(element)}`,
      );
    }
  }
  t.end();
});

t.test('filters by value are named ids; other filters read the members', (t) => {
  const members = new Members('a', 'b', 'c', 'd');
  t.ok(change(members, { op: 'remove', path: 'members[value eq "a"]' }));
  t.ok(change(members, { op: 'remove', path: 'members[VALUE eq "b" or value eq "c"]' }));
  t.notOk(change(members, { op: 'remove', path: 'members[value eq "D"]' }), 'ids are case-exact');
  t.notOk(members.listed);
  t.ok(
    change(members, { op: 'remove', path: 'members[display eq "NAME OF d" and type eq "User"]' }),
  );
  t.ok(members.listed);
  t.strictSame([...members.ids], []);
  t.end();
});

t.test('add and replace through a filter make sure of the member', (t) => {
  const members = new Members('a');
  const path = 'members[value eq "b"]';
  t.notOk(change(members, { op: 'add', path: 'members[value eq "a"]', value: { display: 'x' } }));
  t.ok(change(members, { op: 'add', path, value: { value: 'b' } }));
  t.notOk(change(members, { op: 'replace', path, value: 'b' }));
  t.ok(change(members, { op: 'add', path: 'members[display eq "C"]', value: { value: 'c' } }));
  t.notOk(change(members, { op: 'add', path: 'members[type eq "user"]', value: { type: 'User' } }));
  t.strictSame([...members.ids], ['a', 'b', 'c']);
  const strict = { patchReplaceCreatesValuePathTarget: false };
  const missing = { op: 'add', path: 'members[value eq "x"]', value: { value: 'x' } };
  t.match(
    refusal(() => change(members, missing, strict)),
    /^400 noTarget /,
  );
  for (const filter of ['type eq "Group"', 'value eq "y" and value eq "z"']) {
    const vague = { op: 'add', path: `members[${filter}]`, value: { display: 'x' } };
    t.match(
      refusal(() => change(members, vague)),
      /^400 noTarget /,
      filter,
    );
  }
  t.end();
});

t.test('members are added and removed, never changed', (t) => {
  const members = new Members('a');
  for (const operation of [
    { op: 'replace', path: 'members[value eq "a"]', value: { value: 'b' } },
    { op: 'replace', path: 'members[type eq "User"]', value: { value: 'b' } },
    { op: 'replace', path: 'members[value eq "a"].value', value: 'b' },
    { op: 'replace', path: 'members.value', value: 'b' },
    { op: 'remove', path: 'members[value eq "a"].value' },
  ]) {
    const text = refusal(() => change(members, operation));
    t.match(text, /^400 mutability members.value is immutable/, JSON.stringify(operation));
  }
  for (const operation of [
    { op: 'replace', path: 'members[value eq "a"].display', value: 'b' },
    { op: 'replace', path: 'members[value eq "a"].displayName', value: 'b' },
    { op: 'remove', path: 'members.type' },
  ]) {
    t.notOk(change(members, operation), `derived: ${JSON.stringify(operation)}`);
  }
  t.strictSame([...members.ids], ['a']);
  t.end();
});

t.test('all members go by a remove that names nobody, and by a replace with nothing', (t) => {
  const operations: readonly JsonValue[] = [
    { op: 'remove', path: 'members' },
    { op: 'remove', path: 'members', value: null },
    { op: 'replace', path: 'members', value: [] },
    { op: 'replace', path: 'members', value: null },
    { op: 'replace', value: { members: [] } },
  ];
  for (const operation of operations) {
    const members = new Members('a', 'b');
    t.ok(change(members, operation), JSON.stringify(operation));
    t.equal(members.ids.size, 0);
    t.notOk(change(members, operation), 'a repeat');
  }
  t.end();
});

t.test('the setting keeps a remove that names nobody from emptying a group', (t) => {
  const kept = { allowRemoveAllMembers: false };
  const members = new Members('a', 'b');
  const removeAll = { op: 'remove', path: 'members' };
  const text = refusal(() => change(members, removeAll, kept));
  t.match(text, /^400 mutability members: .*allowRemoveAllMembers is false/);
  t.strictSame([...members.ids], ['a', 'b']);
  t.ok(change(members, { op: 'remove', path: 'members', value: ['a', 'b'] }, kept), 'by name');
  t.notOk(change(members, removeAll, kept), 'nobody is left to remove');
  t.ok(change(new Members('a'), { op: 'replace', path: 'members', value: [] }, kept), 'replaced');
  t.end();
});

t.test('members and attributes change in one request, in order', (t) => {
  const members = new Members('a');
  const message = body(
    { op: 'remove', path: 'members' },
    { op: 'add', path: 'members', value: [{ value: 'b' }] },
    { op: 'replace', value: { displayName: 'H', members: [{ value: 'c' }] } },
  );
  const { document, membershipChanged } = patchWith(GROUP, group, message, {}, members);
  t.strictSame(document, { id: 'g', displayName: 'H' });
  t.ok(membershipChanged);
  t.strictSame([...members.ids], ['c']);
  t.end();
});
