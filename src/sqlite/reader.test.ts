import t from 'tap';
import type { LinkedRow } from './link-reader.ts';
import type { Link } from '../scim/resource/rendered.ts';
import type { Reader } from './reader.ts';
import { TestDatabase } from './test/database.ts';

t.test('a resource is read by endpoint, type and id together', (t) => {
  const data = new TestDatabase(t);
  const row = data.user('u1', { title: 'x' });
  const reader = data.reader(t);
  t.match(reader.get(1, 'User', 'u1'), {
    row,
    id: 'u1',
    type: 'User',
    version: row,
    created: 1_700_000_000_000 + row,
    lastModified: 1_700_000_000_000 + row,
    document: /"title":"x"/,
  });
  t.equal(reader.get(2, 'User', 'u1'), undefined);
  t.equal(reader.get(1, 'Group', 'u1'), undefined);
  t.equal(reader.get(1, 'User', 'U1'), undefined, 'ids compare exactly');
  t.end();
});

t.test('pages and slices go by id, whatever the order of creation', (t) => {
  const data = new TestDatabase(t);
  for (const id of ['d', 'a', 'c', 'b', 'e']) data.user(id);
  data.user('x', {}, 2);
  data.group('g');
  const reader = data.reader(t);
  const list = reader.lists.open(1, 'User');
  const page = (offset: number) => ids(reader.lists.page(list, offset, 3, 9) ?? []);
  t.strictSame(page(0), ['a', 'b', 'c']);
  t.strictSame(page(3), ['d', 'e']);
  t.strictSame(page(5), []);
  t.equal(reader.lists.page(list, 3, 3, 2), undefined, 'more would have to be skipped');
  const slice = (from: string | undefined, backwards: boolean, limit: number) =>
    ids(reader.lists.slice(list, from, backwards, limit));
  t.strictSame(slice(undefined, false, 2), ['a', 'b']);
  t.strictSame(slice('b', false, 9), ['c', 'd', 'e']);
  t.strictSame(slice(undefined, true, 2), ['e', 'd']);
  t.strictSame(slice('c', true, 9), ['b', 'a']);
  t.equal(reader.lists.open(1, 'User').count, 5);
  t.equal(reader.lists.open(3, 'User').count, 0);
  t.end();
});

t.test('a snapshot sees one commit; the next read sees the newest', (t) => {
  const data = new TestDatabase(t);
  data.user('a');
  const reader = data.reader(t);
  reader.snapshot(() => {
    t.equal(reader.lists.open(1, 'User').count, 1);
    data.user('b');
    t.equal(reader.lists.open(1, 'User').count, 1);
    t.equal(reader.get(1, 'User', 'b'), undefined);
  });
  t.equal(reader.lists.open(1, 'User').count, 2);
  t.throws(() => reader.snapshot(() => assertFails()), /on purpose/);
  t.equal(
    reader.snapshot(() => reader.lists.open(1, 'User').count),
    2,
    'a failed snapshot has ended',
  );
  t.end();
});

t.test('links over the limit are refused as a whole, at the limit they are given', (t) => {
  const data = new TestDatabase(t);
  const users = ['a', 'b', 'c'].map((id) => data.user(id));
  const first = users[0] ?? 0;
  const group = data.group('g', users);
  data.members.keep(group, 'kept');
  const groups = ['g1', 'g2', 'g3'].map((id) => data.group(id, [first]));
  const reader = data.reader(t);
  const members = (limit: number) =>
    reader.links(linked(group), data.type('Group'), data.registry, limit)?.get(group);
  t.equal(members(3), undefined);
  t.strictSame(values(members(4)), ['a', 'b', 'c', 'kept']);
  const groupsOf = (limit: number) =>
    reader.links(linked(first), data.type('User'), data.registry, limit)?.get(first);
  t.equal(groups.length, 3);
  t.equal(groupsOf(3), undefined);
  t.strictSame(values(groupsOf(4)), ['g', 'g1', 'g2', 'g3']);
  t.end();
});

t.test('links of many resources are read together and kept apart', (t) => {
  const data = new TestDatabase(t);
  const [a, b, c] = [data.user('a'), data.user('b'), data.user('c')];
  const inner = data.group('inner', [a, b]);
  const outer = data.group('outer', [inner, b]);
  const reader = data.reader(t);
  const groups = reader.links(linked(c, b, a), data.type('User'), data.registry, 9);
  const shown = (row: number) => groups?.get(row)?.map(({ value, type }) => `${value} ${type}`);
  t.strictSame(shown(a), ['inner direct', 'outer indirect']);
  t.strictSame(shown(b), ['inner direct', 'outer direct']);
  t.equal(shown(c), undefined);
  t.equal(
    reader.links(linked(a, b), data.type('User'), data.registry, 3),
    undefined,
    'four in all',
  );
  const members = reader.links(linked(outer, inner), data.type('Group'), data.registry, 4);
  t.strictSame(values(members?.get(inner)), ['a', 'b']);
  t.strictSame(values(members?.get(outer)), ['b', 'inner']);
  t.equal(reader.links(linked(outer, inner), data.type('Group'), data.registry, 3), undefined);
  t.end();
});

t.test('rows that a deleted group left behind show nowhere', (t) => {
  const data = new TestDatabase(t);
  const user = data.user('a');
  const gone = data.group('gone', [user]);
  const stays = data.group('stays', [user]);
  data.resources.remove(gone);
  const reader = data.reader(t);
  t.strictSame(values(reader.links(linked(user), data.type('User'), data.registry, 9)?.get(user)), [
    'stays',
  ]);
  t.strictSame(groupsWith(reader, data, 'a'), [stays]);
  t.end();
});

t.test('a kept value of one endpoint finds no group of another', (t) => {
  const data = new TestDatabase(t);
  data.members.keep(data.group('g', [], {}, 1), 'kept');
  data.members.keep(data.group('h', [], {}, 2), 'kept');
  const reader = data.reader(t);
  t.strictSame(groupsWith(reader, data, 'kept'), [1]);
  t.end();
});

t.test('a deep chain of groups is walked to its end', (t) => {
  const data = new TestDatabase(t);
  const user = data.user('a');
  let inner = user;
  for (let depth = 0; depth < 100; depth++) inner = data.group(`g${depth}`, [inner]);
  const links = data
    .reader(t)
    .links(linked(user), data.type('User'), data.registry, 100)
    ?.get(user);
  t.equal(links?.length, 100);
  t.equal(links?.filter(({ type }) => type === 'direct').length, 1);
  t.end();
});

function groupsWith(reader: Reader, data: TestDatabase, value: string): number[] {
  const scope = { endpoint: 1, type: data.type('Group'), registry: data.registry };
  const found = reader.candidates.rows(scope, { kind: 'probe', by: 'member', value }, 9) ?? [];
  return reader.candidates.inOrder(scope, found, undefined, false);
}

function ids(rows: readonly { id: string }[]): string[] {
  return rows.map(({ id }) => id);
}

function values(links: readonly Link[] | undefined): string[] | undefined {
  return links?.map(({ value }) => value);
}

function assertFails(): never {
  throw new Error('on purpose');
}

function linked(...rows: number[]): LinkedRow[] {
  return rows.map((row) => ({ row, isMember: 1 }));
}
