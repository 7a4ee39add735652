/** What indexes find is bounded, each resource once, and put in order only when asked. */
import t, { type Test } from 'tap';
import type { Scope } from './candidate-reader.ts';
import type { Access, Probe } from './plan/access.ts';
import { END } from './plan/intervals.ts';
import type { Reader } from './reader.ts';
import { TestDatabase } from './test/database.ts';

const NAMES: Access = { kind: 'range', on: 'name', low: 'u', high: 'v' };

t.test('a limit is kept, and one more is too many', (t) => {
  const { reader, users } = opened(t);
  const cases: readonly [Access, number][] = [
    [NAMES, 4],
    [{ kind: 'range', on: 'id', low: 'u2', high: END }, 2],
    [{ kind: 'range', on: 'externalId', low: 'e', high: 'f' }, 3],
    [{ kind: 'range', on: 'lastModified', low: 0, high: Infinity }, 4],
    [{ kind: 'probe', by: 'externalId', value: 'e' }, 3],
    [{ kind: 'union', parts: [NAMES, id('u1'), id('u0')] }, 4],
    [group('all'), 6],
  ];
  for (const [access, count] of cases) {
    const what = JSON.stringify(access);
    t.equal(reader.candidates.rows(users, access, count)?.length, count, what);
    t.equal(reader.candidates.rows(users, access, count - 1), undefined, what);
  }
  t.end();
});

t.test('an order is that of ids, downwards too, and leaves out what is of another type', (t) => {
  const { reader, users, rows } = opened(t);
  const all = reader.candidates.rows(users, group('all'), 10) ?? [];
  const [u0, u1, u2, u3] = rows;
  t.strictSame(reader.candidates.inOrder(users, all, undefined, false), [u0, u1, u2, u3]);
  t.strictSame(reader.candidates.inOrder(users, all, 'u1', false), [u2, u3]);
  t.strictSame(reader.candidates.inOrder(users, all, 'u2', true), [u1, u0]);
  t.strictSame(reader.candidates.inOrder(users, all, undefined, true), [u3, u2, u1, u0]);
  const elsewhere = { ...users, endpoint: 2 };
  t.strictSame(reader.candidates.inOrder(elsewhere, all, undefined, false), []);
  t.end();
});

t.test('resources come in the order of their rows as given', (t) => {
  const { reader, rows } = opened(t);
  const wanted = [2, 0, 3].map((at) => rows[at] ?? 0);
  const read = reader.candidates.resources(wanted);
  t.strictSame(
    read.map(({ id, document }) => [id, document.includes(`"userName":"${id}"`)]),
    [
      ['u2', true],
      ['u0', true],
      ['u3', true],
    ],
  );
  t.strictSame(reader.candidates.resources([]), []);
  t.end();
});

t.test('groups that hold each other are walked once', (t) => {
  const { data, reader, users } = opened(t);
  const [left, right] = [data.group('left'), data.group('right', [1])];
  data.members.add(left, right);
  data.members.add(right, left);
  t.strictSame(reader.candidates.rows(users, group('left'), 10)?.toSorted(), [1, left, right]);
  t.end();
});

t.test('groups that all hold the same members are not read without end', (t) => {
  const { data, reader, users, rows } = opened(t);
  const inner = Array.from({ length: 8 }, (_, n) => data.group(`h${n}`, rows));
  data.group('outer', inner);
  t.equal(reader.candidates.rows(users, group('outer'), 100)?.length, 12);
  t.equal(reader.candidates.rows(users, group('outer'), 12)?.length, 12, 'forty are read');
  const more = Array.from({ length: 3 }, (_, n) => data.group(`i${n}`, [...rows, ...inner]));
  data.group('outest', more);
  t.equal(reader.candidates.rows(users, group('outest'), 15), undefined, 'more than four each');
  t.equal(reader.candidates.rows(users, group('outest'), 100)?.length, 15);
  t.end();
});

t.test('a list is scrambled once a resource has come before its end', (t) => {
  const { data, reader } = opened(t);
  t.notOk(reader.candidates.isScrambled(1, 'User'));
  data.user('u00');
  t.ok(reader.candidates.isScrambled(1, 'User'));
  t.notOk(reader.candidates.isScrambled(2, 'User'));
  t.end();
});

interface Opened {
  readonly data: TestDatabase;
  readonly reader: Reader;
  readonly users: Scope;
  /** Of u0 to u3. */
  readonly rows: readonly number[];
}

/** Users u0 to u3, three of one externalId; group `all` holds them all, by way of others. */
function opened(t: Test): Opened {
  const data = new TestDatabase(t);
  const rows = Array.from({ length: 4 }, (_, n) =>
    data.user(`u${n}`, n < 3 ? { externalId: 'e' } : {}),
  );
  const half = data.group('half', rows.slice(0, 2));
  const other = data.group('other', rows.slice(1));
  data.group('all', [half, other]);
  const users = { endpoint: 1, type: data.type('User'), registry: data.registry };
  return { data, reader: data.reader(t), users, rows };
}

function id(value: string): Probe {
  return { kind: 'probe', by: 'id', value };
}

function group(value: string): Probe {
  return { kind: 'probe', by: 'group', value };
}
