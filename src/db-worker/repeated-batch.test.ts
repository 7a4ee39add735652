/** A batch that is done again leaves what it would have left at once, in memory and in the WAL. */
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { migrate } from '../sqlite/migrate.ts';
import { openReader } from '../sqlite/open.ts';
import { MIGRATIONS } from '../sqlite/schema.ts';
import type { Command, CreateCommand } from '../store/commands.ts';
import { Checkpointer } from './checkpoint.ts';
import { insertEndpoint } from './test/endpoint-row.ts';
import { commitFrames } from './test/wal-file.ts';
import { WriteEngine } from './write-engine.ts';

const NOW = 1_700_000_000_000;
const BASE = { endpointId: 'e', log: undefined, now: NOW };

function open(t: Test) {
  const path = `${t.testdir()}/data.db`;
  const statements: string[] = [];
  const verbose = (sql: unknown): void => void statements.push(String(sql));
  const db = new Database(path, { verbose });
  t.teardown(() => db.close());
  db.pragma('journal_mode = WAL');
  db.pragma('wal_autocheckpoint = 0');
  migrate(db, MIGRATIONS, NOW);
  insertEndpoint(db, 'e', NOW, { preset: 'rfc-strict' });
  return { path, db, engine: new WriteEngine(db), statements };
}

function user(id: string, title = ''): CreateCommand {
  const document = JSON.stringify({ id, userName: id, title });
  return { ...BASE, kind: 'create', type: 'User', id, document, name: id, ...REST, display: id };
}

const REST = { externalId: undefined, members: undefined, secrets: undefined };

/** Fails when its row is there already. */
function spoils(id: string): Command {
  return { ...user(id), type: 'Group', members: ['nobody'] };
}

t.test('what is compiled of tenants stays, because no tenant has changed', (t) => {
  const { engine, statements } = open(t);
  const reads = (): number => statements.filter((sql) => /FROM endpoints/.test(sql)).length;
  engine.run([user('u1')]);
  const before = reads();
  engine.run([user('u2'), spoils('g1'), user('u3')]);
  t.equal(engine.repeatedBatches, 1);
  t.equal(reads(), before);
  t.end();
});

t.test(
  'a transaction that SQLite has rolled back is lost for all of its batch, and not done again',
  (t) => {
    const { db, engine } = open(t);
    engine.run([user('u1')]);
    db.exec(
      "CREATE TEMP TRIGGER lost BEFORE INSERT ON members BEGIN SELECT RAISE(ROLLBACK, 'lost'); END",
    );
    const joined = { ...user('g1'), type: 'Group', members: ['u1'] };
    t.same(oks(user('u2'), joined, user('u3')), [false, false, false]);
    db.exec('DROP TRIGGER lost');
    t.equal(engine.repeatedBatches, 0);
    t.equal(engine.commitSequence, 1);
    t.same(oks(user('u2'), joined, user('u3')), [true, true, true]);
    const users = "SELECT count, scrambled FROM resource_counts WHERE type = 'User'";
    t.same(db.prepare(users).get(), { count: 3, scrambled: 0 });
    t.end();

    function oks(...commands: Command[]): boolean[] {
      return engine.run(commands).map(({ ok }) => ok);
    }
  },
);

t.test('what was written to the WAL at the first time counts for nothing', (t) => {
  const { path, db, engine } = open(t);
  // So few pages that the first time does not fit: SQLite writes some of it before it is rolled back.
  db.pragma('cache_size = 5');
  db.pragma('cache_spill = 5');
  const warn = (): void => undefined;
  const limits = { duePages: 1, resetPages: 1e9, alarmPages: 1e9, warn };
  const checkpointer = new Checkpointer(db, limits);
  const users = Array.from({ length: 60 }, (_, at) => user(`u${at + 10}`, 'x'.repeat(9000)));
  engine.run([user('u1')]);
  const before = look();
  engine.run([...users, spoils('g1')]);
  t.equal(engine.repeatedBatches, 1);
  const after = look();
  t.equal(after.sequence, before.sequence + 1);
  t.equal(after.commits, before.commits + 1);
  const reader = openReader(path);
  t.teardown(() => reader.close());
  t.equal(reader.prepare('SELECT count(*) FROM resources').pluck().get(), 61);
  t.equal(reader.pragma('integrity_check', { simple: true }), 'ok');
  t.end();

  function look() {
    const { pages } = checkpointer.status();
    return { sequence: engine.commitSequence, commits: commitFrames(path, pages) };
  }
});
