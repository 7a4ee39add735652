/** Two databases hash alike exactly when they hold the same. */
import Database from 'better-sqlite3';
import fc from 'fast-check';
import t from 'tap';
import { hashContents, readContents, readSequence } from './contents.ts';
import { migrate } from './migrate.ts';
import type { Connection } from './open.ts';
import { MIGRATIONS } from './schema.ts';

type Value = string | number | bigint | Uint8Array | null;
type Row = readonly [Value, Value];

function databaseOf(rows: readonly Row[], schema = 'CREATE TABLE t (a, b)'): Connection {
  const db = new Database(':memory:');
  db.exec(schema);
  const insert = db.prepare('INSERT INTO t VALUES (?, ?)');
  for (const row of rows) insert.run(...row);
  return db;
}

function hashOf(rows: readonly Row[], schema?: string): string {
  const db = databaseOf(rows, schema);
  try {
    return hashContents(db);
  } finally {
    db.close();
  }
}

t.test('rows that differ in any way hash apart', async (t) => {
  // Pairs that a careless encoding takes for equal.
  const contents: Row[][] = [
    [],
    [[null, null]],
    [['', null]],
    [[null, '']],
    [['', '']],
    [['a', 'b']],
    [['ab', '']],
    [['', 'ab']],
    [['a', 'b\0']],
    [['a\0', 'b']],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    [[1n, 1n]],
    [[1, 1n]],
    [['1', 1n]],
    [[Buffer.from('1'), 1n]],
    [[-1n, 1n]],
    [[2n ** 53n, 1n]],
    [[2n ** 53n + 1n, 1n]],
    [[0.1, 1n]],
    [['ß', null]],
    [['ss', null]],
    [['x'.repeat(100_000), null]],
    [['x'.repeat(100_001), null]],
    [['x'.repeat(100_000), 'x']],
    [[Buffer.alloc(100_000), null]],
    [[Buffer.alloc(100_001), null]],
  ];
  const hashes = contents.map((rows) => hashOf(rows));
  t.equal(new Set(hashes).size, contents.length);
});

t.test('the hash is a function of the content: any two random databases', async () => {
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 5 }),
    fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
    fc.double({ noNaN: true }).filter((number) => !Object.is(number, -0)),
    fc.uint8Array({ maxLength: 5 }),
    fc.constant(null),
  );
  const rows = fc.array(fc.tuple(value, value), { maxLength: 4 });
  fc.assert(
    fc.property(rows, rows, (left, right) => {
      const same = (a: Row[], b: Row[]) => hashOf(a) === hashOf(b);
      return same(left, [...left]) && same(left, right) === (sorted(left) === sorted(right));
    }),
    { numRuns: 200, examples: [[[[1n, 'x']], [[1, 'x']]]] },
  );
});

/** Without a primary key, the order in which rows were written is no content. */
function sorted(rows: readonly Row[]): string {
  const text = (value: Value) =>
    value instanceof Uint8Array
      ? `blob ${Buffer.from(value).toString('hex')}`
      : `${typeof value} ${JSON.stringify(typeof value === 'bigint' ? String(value) : value)}`;
  return rows
    .map((row) => row.map(text).join())
    .toSorted()
    .join('\n');
}

t.test('names of tables and columns count', async (t) => {
  const schemas = [
    'CREATE TABLE t (a, b)',
    'CREATE TABLE t (a, c)',
    'CREATE TABLE t (a, b); CREATE TABLE u (a)',
  ];
  t.equal(new Set(schemas.map((schema) => hashOf([['a', 'b']], schema))).size, schemas.length);
});

t.test('where the rows lie does not count', async (t) => {
  const folder = t.testdir();
  const db = new Database(`${folder}/a.db`);
  t.teardown(() => db.close());
  migrate(db, MIGRATIONS, 0);
  const insert = db.prepare('INSERT INTO members VALUES (?, ?)');
  for (let row = 0; row < 500; row += 1) insert.run((row * 7) % 500, row);
  db.exec('DELETE FROM members WHERE member_row % 3 = 0');
  const before = hashContents(db);
  const pages = Number(db.pragma('page_count', { simple: true }));
  db.exec('VACUUM');
  t.not(Number(db.pragma('page_count', { simple: true })), pages);
  t.equal(hashContents(db), before);
  db.exec('REINDEX');
  t.equal(hashContents(db), before);
});

t.test('a database of an older build has no id, and one of another kind no sequence', async (t) => {
  const db = new Database(':memory:');
  t.teardown(() => db.close());
  t.same(readContents(db), { database: undefined, sequence: 0, schemaVersion: 0, rows: {} });
  migrate(db, MIGRATIONS.slice(0, 1), 0);
  db.exec('UPDATE state SET commit_sequence = 7');
  t.equal(readSequence(db), 7);
  t.match(readContents(db), { database: undefined, sequence: 7, schemaVersion: 1 });
  migrate(db, MIGRATIONS.slice(0, 2), 0);
  t.match(readContents(db), { database: /^[0-9a-f]{32}$/, sequence: 7, schemaVersion: 2 });
});
