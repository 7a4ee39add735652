import t, { type Test } from 'tap';
import { TestDatabase } from '../test/database.ts';
import { ListTable } from './lists.ts';

t.test('a list keeps its shape while resources come at its end', (t) => {
  const data = new TestDatabase(t);
  data.user('b');
  const before = extent(t, data);
  t.equal(before.count, 1);
  data.user('c');
  data.user('ca');
  t.strictSame(extent(t, data), { ...before, count: 3 });
  t.end();
});

t.test('it has another one when a resource goes, or comes elsewhere', (t) => {
  const data = new TestDatabase(t);
  const shapes = new Set<number>();
  const last = () => {
    const { shape } = extent(t, data);
    t.notOk(shapes.has(shape), 'never one that it had before');
    shapes.add(shape);
  };
  const row = data.user('b');
  last();
  data.user('a');
  last();
  data.remove('User', row);
  last();
  data.user('b');
  last();
  const { shape } = extent(t, data);
  data.user('c');
  data.group('a');
  t.equal(extent(t, data).shape, shape, 'types are apart');
  t.end();
});

t.test('a writer that has just started looks the last id up', (t) => {
  const data = new TestDatabase(t);
  data.user('m');
  const { shape } = extent(t, data);
  const insert = (id: string, change: number) => {
    const stored = { document: '{}', name: id, externalId: undefined, display: id };
    data.resources.insert(data.type('User'), { ...stored, row: change, endpoint: 1, id, now: 0 });
    new ListTable(data.db).added(1, 'User', id, change);
  };
  insert('n', 100);
  t.equal(extent(t, data).shape, shape);
  insert('a', 101);
  t.equal(extent(t, data).shape, 101);
  insert('o', 102);
  t.equal(extent(t, data).shape, 101);
  t.equal(extent(t, data).count, 4);
  t.end();
});

t.test('a create that was rolled back does no harm to the shape', (t) => {
  const data = new TestDatabase(t);
  data.user('b');
  const { shape } = extent(t, data);
  data.db.exec('BEGIN');
  data.user('z');
  data.db.exec('ROLLBACK');
  t.strictSame(extent(t, data), { count: 1, shape });
  data.user('c');
  t.not(extent(t, data).shape, shape, 'taken for one in between: marks are made anew, that is all');
  t.end();
});

function extent(t: Test, data: TestDatabase): { count: number; shape: number } {
  const { count, shape } = data.reader(t).lists.open(1, 'User');
  return { count, shape };
}
