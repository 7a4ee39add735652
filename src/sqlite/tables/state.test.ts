import Database from 'better-sqlite3';
import t from 'tap';
import { migrate } from '../migrate.ts';
import { MIGRATIONS } from '../schema.ts';
import { countCommit, positionOf, raiseChangeSequence, StateTable } from './state.ts';

t.test('the position of a database is read at every schema version', async (t) => {
  const db = new Database(':memory:');
  t.same(positionOf(db), { databaseId: undefined, commit: 0 });
  migrate(db, MIGRATIONS.slice(0, 1), 1);
  db.exec('UPDATE state SET commit_sequence = 7');
  t.same(positionOf(db), { databaseId: undefined, commit: 7 });
  migrate(db, MIGRATIONS, 2);
  t.match(positionOf(db), { databaseId: /^[0-9a-f]{32}$/, commit: 7 });
});

t.test('an upgrade is a commit of its own', async (t) => {
  const db = new Database(':memory:');
  migrate(db, MIGRATIONS.slice(0, 1), 1);
  migrate(db, MIGRATIONS, 2, () => countCommit(db));
  t.equal(new StateTable(db).read().commit, MIGRATIONS.length - 1);
});

t.test('raising the change sequence is a commit of its own, at every schema version', async (t) => {
  const db = new Database(':memory:');
  migrate(db, MIGRATIONS.slice(0, 1), 1);
  raiseChangeSequence(db, 1000);
  migrate(db, MIGRATIONS, 2);
  raiseChangeSequence(db, 1000);
  t.match(new StateTable(db).read(), { commit: 2, change: 2000 });
});
