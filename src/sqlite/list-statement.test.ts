/** Many resources read by two statements are those that one would read. */
import Database from 'better-sqlite3';
import t from 'tap';
import { ListStatement } from './list-statement.ts';
import { migrate } from './migrate.ts';
import { RESOURCE_SLICE, RESOURCE_SLICE_BACKWARDS } from './plan/sql.ts';
import type { ReadRow } from './read-row.ts';
import { MIGRATIONS } from './schema.ts';

type Slice = [endpoint: number, type: string, from: string | Buffer, limit: number];

const MIB = 1024 * 1024;
const db = new Database(':memory:');
t.teardown(() => db.close());
migrate(db, MIGRATIONS, 0);
const insert = db.prepare(
  `INSERT INTO resources (row, endpoint, type, id, display, version, created, modified, document)
   VALUES (?, 1, ?, ?, '', 1, 0, 0, ?)`,
);

const down = new ListStatement<Slice, ReadRow>(db, RESOURCE_SLICE_BACKWARDS);
const up = new ListStatement<Slice, ReadRow>(db, RESOURCE_SLICE);

function read(statement: ListStatement<Slice, ReadRow>, type: string, from: string | Buffer) {
  return statement
    .all(1, type, from, 10)
    .map(({ id, document }): [string, string] => [id, document.toString('utf8')]);
}

t.test('each row has its own document, in either direction', async (t) => {
  const texts = ['{"a":1}', '{"b":"€ä😀"}', '{}', '{"c":[1,2]}'];
  const expected = texts.map((text, at): [string, string] => [`u${at}`, text]);
  for (const [at, text] of texts.entries()) insert.run(at + 1, 'User', `u${at}`, text);
  t.same(read(up, 'User', ''), expected);
  t.same(read(up, 'User', 'u1'), expected.slice(2));
  t.same(read(down, 'User', Buffer.alloc(0)), expected.toReversed());
  t.same(read(up, 'User', 'u3'), []);
});

t.test('documents too large to be read together are read one by one', async (t) => {
  const texts = ['a', 'b', 'c'].map((letter) => JSON.stringify(letter.repeat(25 * MIB)));
  for (const [at, text] of texts.entries()) insert.run(at + 100, 'Large', `l${at}`, text);
  const found = up.all(1, 'Large', '', 10);
  t.same(
    found.map(({ document }) => document.toString('latin1', 0, 2)),
    ['"a', '"b', '"c'],
  );
  t.ok(found.every(({ document }) => document.length === 25 * MIB + 2));
});
