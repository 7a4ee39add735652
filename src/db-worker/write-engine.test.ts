import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { migrate } from '../sqlite/migrate.ts';
import { openReader, openWriter } from '../sqlite/open.ts';
import { MIGRATIONS } from '../sqlite/schema.ts';
import { EndpointTable } from '../sqlite/tables/endpoints.ts';
import type { Command, CreateCommand } from '../store/commands.ts';
import { StoreError } from '../store/results.ts';
import { ScimError } from '../scim/errors.ts';
import { WriteEngine, type Outcome } from './write-engine.ts';

const ENDPOINT = 'e-1';
const NOW = 1_700_000_000_000;

function open(t: Test): { db: Database.Database; engine: WriteEngine; path: string } {
  const path = `${t.testdir()}/data.db`;
  const db = openWriter(path, { synchronous: 'FULL' });
  migrate(db, MIGRATIONS, NOW);
  new EndpointTable(db).insert({
    id: ENDPOINT,
    name: 'default',
    display_name: null,
    description: null,
    config: '{}',
    active: 1,
    created_at: NOW,
    updated_at: NOW,
  });
  t.teardown(() => db.close());
  return { db, engine: new WriteEngine(db), path };
}

function createUser(id: string, userName: string, padding = ''): CreateCommand {
  return {
    kind: 'create',
    endpointId: ENDPOINT,
    log: undefined,
    type: 'User',
    id,
    now: NOW,
    document: JSON.stringify({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      id,
      userName,
      title: padding,
    }),
    name: userName,
    externalId: undefined,
    display: userName,
    members: undefined,
    secrets: undefined,
  };
}

function deleteUser(id: string): Command {
  return {
    kind: 'delete',
    endpointId: ENDPOINT,
    log: undefined,
    type: 'User',
    id,
    now: NOW,
    ifMatch: undefined,
  };
}

function failure(outcome: Outcome | undefined): unknown {
  return outcome?.ok === false ? outcome.error : undefined;
}

t.test('a batch is one transaction and one commit sequence', async (t) => {
  const { engine, path } = open(t);
  const outcomes = engine.run([createUser('1', 'ada'), createUser('2', 'bob')]);
  t.same(
    outcomes.map((outcome) => outcome.ok),
    [true, true],
  );
  t.equal(engine.commitSequence, 1);
  const reader = openReader(path);
  t.teardown(() => reader.close());
  t.same(reader.prepare('SELECT commit_sequence, change_sequence FROM state').get(), {
    commit_sequence: 1,
    change_sequence: 2,
  });
});

t.test('a command that fails takes nothing with it', async (t) => {
  const { engine, db } = open(t);
  const outcomes = engine.run([
    createUser('1', 'ada'),
    createUser('2', 'ADA'),
    createUser('3', 'bob'),
  ]);
  t.same(
    outcomes.map((outcome) => outcome.ok),
    [true, false, true],
  );
  const error = failure(outcomes[1]);
  t.ok(error instanceof ScimError && error.status === 409 && error.scimType === 'uniqueness');
  t.same(db.prepare('SELECT id FROM resources ORDER BY row').pluck().all(), ['1', '3']);
  t.equal(db.prepare('SELECT count FROM resource_counts').pluck().get(), 2);
});

function group(id: string, members: readonly string[]): CreateCommand {
  return { ...createUser(id, `group ${id}`), type: 'Group', members };
}

t.test('a command that fails when it has written has its batch done again', async (t) => {
  const { engine, db } = open(t);
  const oks = (...commands: Command[]): boolean[] => engine.run(commands).map(({ ok }) => ok);
  t.same(oks(createUser('1', 'ada'), createUser('2', 'ADA')), [true, false]);
  t.equal(engine.repeatedBatches, 0, 'a name that is taken is found before anything is written');
  t.same(oks(createUser('3', 'bob'), group('4', ['1', 'nobody']), createUser('5', 'cyd')), [
    true,
    false,
    true,
  ]);
  t.equal(engine.repeatedBatches, 1);
  t.same(db.prepare('SELECT id FROM resources ORDER BY row').pluck().all(), ['1', '3', '5']);
  t.equal(db.prepare('SELECT count(*) FROM members').pluck().get(), 0);
  t.equal(engine.commitSequence, 2, 'what was rolled back counts for nothing');
  const list = db.prepare("SELECT count, scrambled FROM resource_counts WHERE type = 'User'").get();
  t.same(list, { count: 3, scrambled: 0 }, 'ids that come again are at the end of the list again');
  t.same(oks(group('6', ['nobody']), group('7', ['1'])), [false, true]);
  t.equal(engine.repeatedBatches, 1, 'the batches that follow have savepoints');
  for (let n = 8; n < 38; n += 1) oks(createUser(String(n), `user ${n}`));
  t.same(oks(group('40', ['nobody']), group('41', ['1'])), [false, true]);
  t.equal(engine.repeatedBatches, 1, 'all 32 of them');
  t.same(oks(group('50', ['nobody']), group('51', ['1'])), [false, true]);
  t.equal(engine.repeatedBatches, 2, 'and after these, none');
});

t.test('a batch that changes nothing leaves the commit sequence', async (t) => {
  const { engine } = open(t);
  const [outcome] = engine.run([deleteUser('nobody')]);
  const error = failure(outcome);
  t.ok(error instanceof ScimError && error.status === 404);
  t.equal(engine.commitSequence, 0);
});

t.test('a full disk fails the batch whole, and writing goes on when there is room', async (t) => {
  const { engine, db } = open(t);
  const [first] = engine.run([createUser('1', 'ada')]);
  t.ok(first?.ok);
  const pages = Number(db.pragma('page_count', { simple: true }));
  db.pragma(`max_page_count = ${pages + 2}`);
  const outcomes = engine.run([
    createUser('2', 'bob'),
    createUser('3', 'cyd', 'x'.repeat(200_000)),
    createUser('4', 'dan'),
  ]);
  for (const outcome of outcomes) {
    const error = failure(outcome);
    t.ok(error instanceof StoreError && error.code === 'full');
  }
  t.same(db.prepare('SELECT id FROM resources').pluck().all(), ['1']);
  db.pragma('max_page_count = 1000000');
  const [again] = engine.run([createUser('2', 'bob')]);
  t.ok(again?.ok);
  t.equal(engine.commitSequence, 2);
  t.same(db.prepare('SELECT version FROM resources ORDER BY row').pluck().all(), [1, 2]);
  t.equal(db.pragma('integrity_check', { simple: true }), 'ok');
});

t.test('a deleted endpoint is purged in slices', async (t) => {
  const { engine, db } = open(t);
  engine.run(Array.from({ length: 25 }, (_, n) => createUser(`u${n}`, `user${n}`)));
  engine.run([{ kind: 'deleteEndpoint', endpointId: ENDPOINT, log: undefined, now: NOW }]);
  const left = (): unknown => db.prepare('SELECT count(*) FROM resources').pluck().get();
  t.equal(left(), 25);
  t.ok(engine.purge(10));
  t.equal(left(), 15);
  while (engine.purge(10));
  t.equal(left(), 0);
  for (const table of ['endpoints', 'garbage', 'resource_counts', 'members']) {
    t.equal(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get(), 0, table);
  }
});

t.test('damage stops writing for good', async (t) => {
  const { engine, db } = open(t);
  engine.run([createUser('1', 'ada')]);
  // A page that the schema says is an index, but is not: SQLite reports SQLITE_CORRUPT on use.
  db.unsafeMode(true);
  db.pragma('writable_schema = ON');
  db.exec("UPDATE sqlite_master SET rootpage = 1 WHERE name = 'resources_by_id'");
  db.pragma('writable_schema = RESET');
  const damaged = new WriteEngine(db);
  const outcomes = damaged.run([createUser('2', 'bob')]);
  const error = failure(outcomes[0]);
  t.ok(error instanceof StoreError && error.code === 'unavailable', String(error));
  t.ok(damaged.damaged);
  const [refused] = damaged.run([createUser('3', 'cyd')]);
  t.equal(failure(refused), damaged.damaged);
});

t.test('a checkpoint that fails stops writing only where the database is damaged', async (t) => {
  const { engine } = open(t);
  engine.checkpointFailed(new Database.SqliteError('disk is full', 'SQLITE_FULL'));
  t.equal(engine.damaged, undefined);
  t.throws(() => engine.checkpointFailed(new TypeError('a defect')), { message: 'a defect' });
  engine.checkpointFailed(new Database.SqliteError('disk I/O error', 'SQLITE_IOERR_WRITE'));
  t.ok(engine.damaged);
});

t.test('a batch that changes nothing is ok, and leaves nothing to commit', async (t) => {
  const { engine, db } = open(t);
  engine.run([createUser('1', 'ada')]);
  const pages = (): unknown => db.pragma('wal_checkpoint(NOOP)');
  const before = pages();
  // The failed one has touched pages before its savepoint was rolled back.
  const [same, failed] = engine.run([
    { ...createUser('1', 'ada'), kind: 'replace', ifMatch: undefined },
    { ...createUser('2', 'bob', 'x'.repeat(9000)), members: ['nobody'] },
  ]);
  t.ok(same?.ok && !same.result.changed && same.result.sequence === 1);
  t.notOk(failed?.ok);
  t.same(pages(), before);
});
