import Database from 'better-sqlite3';
import t from 'tap';
import { migrate } from './migrate.ts';
import { MIGRATIONS } from './schema.ts';
import { StateTable } from './tables/state.ts';

t.test('each database has an id of its own, which stays', async (t) => {
  const ids = [1, 2].map(() => {
    const db = new Database(':memory:');
    migrate(db, MIGRATIONS, 1);
    const state = new StateTable(db);
    const { databaseId } = state.read();
    t.match(databaseId, /^[0-9a-f]{32}$/);
    state.write({ commit: 7, change: 9 });
    t.same(state.read(), { commit: 7, change: 9, databaseId });
    return databaseId;
  });
  t.not(ids[0], ids[1]);
});

t.test('a database of the first step keeps its position and gets an id', async (t) => {
  const db = new Database(':memory:');
  migrate(db, MIGRATIONS.slice(0, 1), 1);
  db.exec('UPDATE state SET commit_sequence = 5, change_sequence = 6');
  migrate(db, MIGRATIONS, 2);
  const { commit, change, databaseId } = new StateTable(db).read();
  t.same([commit, change, databaseId.length], [5, 6, 32]);
});

t.test('names of other width get the fold of today; one that is taken then stays', async (t) => {
  const db = new Database(':memory:');
  migrate(db, MIGRATIONS.slice(0, 4), 1);
  const insert = db.prepare(
    `INSERT INTO resources (row, endpoint, type, id, name_key, external_id, display, version, created,
     modified, document) VALUES (?, 1, 'User', ?, ?, NULL, '', 1, 1, 1, '{}')`,
  );
  const names = ['ada', 'ａｄａ', 'ｂｏｂ', 'straße'];
  for (const [row, name] of names.entries()) insert.run(row + 1, `u${row}`, name);
  migrate(db, MIGRATIONS, 2);
  const keys = db.prepare<[], string>('SELECT name_key FROM resources ORDER BY row').pluck().all();
  t.same(keys, ['ada', 'ａｄａ', 'bob', 'straße']);
});
