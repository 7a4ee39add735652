/** Names by id: of any type, of the endpoint that is asked for, in one statement that scans nothing. */
import t from 'tap';
import { readNames } from './name-reader.ts';
import { TestDatabase } from './test/database.ts';

t.test('names are found by endpoint and id, whatever the type', (t) => {
  const database = new TestDatabase(t);
  database.user('u1', { displayName: 'Ada' });
  database.user('u2');
  database.group('g1');
  database.user('u1', { displayName: 'another Ada' }, 2);
  const key = (endpointId: string, id: string): { endpointId: string; id: string } => ({
    endpointId,
    id,
  });
  const keys = [key('one', 'u1'), key('one', 'u2'), key('one', 'g1'), key('two', 'u1')];
  const absent = [key('two', 'g1'), key('three', 'u1'), key('one', "'; --"), key('one', 'nobody')];
  const found = readNames(database.db, [...keys, ...absent]);
  t.same(found.map(({ endpointId, type, id, display }) => [endpointId, type, id, display]).sort(), [
    ['one', 'Group', 'g1', 'g1'],
    ['one', 'User', 'u1', 'Ada'],
    ['one', 'User', 'u2', 'u2'],
    ['two', 'User', 'u1', 'another Ada'],
  ]);
  t.end();
});

t.test('of a long name only the beginning', (t) => {
  const database = new TestDatabase(t);
  const longest = 'å'.repeat(2048);
  database.user('u1', { displayName: longest });
  database.user('u2', { displayName: `${longest}x` });
  const keys = ['u1', 'u2'].map((id) => ({ endpointId: 'one', id }));
  t.same(
    readNames(database.db, keys)
      .map(({ display }) => display)
      .sort(),
    [longest, `${longest}…`],
  );
  t.end();
});

t.test('a resource is found by index', (t) => {
  const { db } = new TestDatabase(t);
  const looked: string[] = [];
  const prepare = db.prepare.bind(db);
  db.prepare = (source: string) => {
    const plan = prepare(`EXPLAIN QUERY PLAN ${source}`).all('[]') as { detail: string }[];
    looked.push(...plan.map(({ detail }) => detail));
    return prepare(source);
  };
  readNames(db, []);
  t.ok(looked.some((detail) => /SEARCH r USING .*INDEX resources_by_id/.test(detail)));
  t.notOk(
    looked.some((detail) => /SCAN (?!asked)/.test(detail)),
    looked.join('\n'),
  );
  t.end();
});
