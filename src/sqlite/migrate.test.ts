import Database from 'better-sqlite3';
import t from 'tap';
import { migrate } from './migrate.ts';

const STEPS = [
  { name: 'one', sql: 'CREATE TABLE a (x INTEGER) STRICT' },
  { name: 'two', sql: 'CREATE TABLE b (x INTEGER) STRICT' },
];

t.test('runs each step once, in order', async (t) => {
  const db = new Database(':memory:');
  t.equal(migrate(db, STEPS.slice(0, 1), 1), 1);
  t.equal(migrate(db, STEPS, 2), 1);
  t.equal(migrate(db, STEPS, 3), 0);
  t.same(db.prepare('SELECT version, name, applied_at FROM migrations ORDER BY version').all(), [
    { version: 1, name: 'one', applied_at: 1 },
    { version: 2, name: 'two', applied_at: 2 },
  ]);
});

t.test(
  'tells of each step that changes a database which was there, in its transaction',
  async (t) => {
    const db = new Database(':memory:');
    let upgrades = 0;
    const upgraded = (): void => {
      t.ok(db.inTransaction);
      upgrades += 1;
    };
    migrate(db, STEPS.slice(0, 1), 1, upgraded);
    t.equal(upgrades, 0);
    migrate(db, STEPS, 2, upgraded);
    t.equal(upgrades, 1);
    migrate(db, STEPS, 3, upgraded);
    t.equal(upgrades, 1);
  },
);

t.test('refuses a database that is newer than the build', async (t) => {
  const db = new Database(':memory:');
  migrate(db, STEPS, 1);
  t.throws(() => migrate(db, STEPS.slice(0, 1), 2), { message: /newer build/ });
});

t.test('refuses a database that another text migrated', async (t) => {
  const db = new Database(':memory:');
  migrate(db, STEPS, 1);
  const edited = [{ name: 'one', sql: 'CREATE TABLE a (y INTEGER) STRICT' }, ...STEPS.slice(1)];
  t.throws(() => migrate(db, edited, 2), { message: /other text/ });
});

t.test('a step that fails leaves nothing behind', async (t) => {
  const db = new Database(':memory:');
  const broken = {
    name: 'broken',
    sql: 'CREATE TABLE c (x INTEGER) STRICT; SELECT * FROM nowhere',
  };
  t.throws(() => migrate(db, [broken], 1), { message: /nowhere/ });
  t.equal(db.prepare("SELECT count(*) FROM sqlite_master WHERE name = 'c'").pluck().get(), 0);
  t.equal(migrate(db, STEPS, 2), 2);
});
