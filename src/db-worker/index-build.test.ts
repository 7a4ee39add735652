/** New indexes over resources that are there already: built in slices, through crashes and writes. */
import { copyFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { readContents } from '../sqlite/contents.ts';
import type { Connection } from '../sqlite/open.ts';
import { openData } from './data-files.ts';
import { IndexRig, userTypeWith } from './test/index-rig.ts';

const NOW = 1_700_000_000_000;
const PATHS = ['emails.value', 'title'];
const TITLE = 'title folded 1';
const BOUNDS = { rows: 10, length: 1e6 };
const title = userTypeWith(PATHS);

function open(t: Test, path: string): { db: Connection; rig: IndexRig } {
  const db = openData(path, { synchronous: 'NORMAL' }, NOW, 'e');
  t.teardown(() => db.close());
  return { db, rig: new IndexRig(db) };
}

/** Users whose order of ids is not that in which they came. */
function fill(rig: IndexRig, count: number): void {
  const users = Array.from({ length: count }, (_, n) =>
    rig.create(title, String((n * 37) % count).padStart(4, '0'), {
      title: `T${n % 7}`,
      emails: [{ value: `u${n}@example.com` }, { value: 'all@example.com' }],
    }),
  );
  rig.run(...users);
}

/** What a kill -9 would leave at this moment, in files of another name. */
function killed(path: string, name: string): string {
  const copy = `${path}.${name}`;
  for (const suffix of ['', '-wal']) copyFileSync(path + suffix, copy + suffix);
  return copy;
}

function stateOf(db: Connection): unknown {
  return db
    .prepare('SELECT built_to FROM attribute_indexes WHERE signature = ?')
    .pluck()
    .get(TITLE);
}

function idOf(db: Connection, row: number): string | undefined {
  return db.prepare<[number], string>('SELECT id FROM resources WHERE row = ?').pluck().get(row);
}

t.test('a build goes on where a crash has stopped it', async (t) => {
  t.test('in the middle', async (t) => {
    const path = `${t.testdir()}/data.db`;
    const { rig } = open(t, path);
    fill(rig, 100);
    rig.run(rig.setIndexed(PATHS));
    for (let slice = 0; slice < 4; slice += 1) rig.engine.buildIndexes(BOUNDS);
    t.equal(rig.keysOf(TITLE), undefined);
    t.test('and again', async (t) => {
      const after = open(t, killed(path, 'again'));
      t.same(stateOf(after.db), stateOf(rig.db));
      t.equal(after.rig.settle(BOUNDS.rows), 7, 'six slices, and one that finds the end');
      for (const { path: of, is, should } of after.rig.compared(PATHS)) t.same(is, should, of);
      t.equal(after.rig.keysOf(TITLE)?.length, 100);
    });
    t.test('where the resource that it had come to is gone', async (t) => {
      const after = open(t, killed(path, 'gone'));
      const row = Number(stateOf(after.db));
      const id = idOf(after.db, row) ?? '';
      after.rig.run(after.rig.delete(id), after.rig.create(title, '0000x', { title: 'n' }));
      t.equal(after.rig.settle(BOUNDS.rows), 11, 'it begins anew');
      for (const { path: of, is, should } of after.rig.compared(PATHS)) t.same(is, should, of);
    });
  });
});

t.test('a build goes on behind a resource that is deleted meanwhile', async (t) => {
  const { rig, db } = open(t, `${t.testdir()}/data.db`);
  fill(rig, 40);
  rig.run(rig.setIndexed(PATHS));
  let slices = 0;
  while (rig.engine.buildIndexes(BOUNDS) === true) {
    slices += 1;
    const row = Number(stateOf(db) ?? 0);
    const id = idOf(db, row);
    if (id !== undefined) rig.run(rig.delete(id));
  }
  t.equal(slices, 5);
  for (const { path, is, should } of rig.compared(PATHS)) t.same(is, should, path);
  t.equal(rig.keysOf(TITLE)?.length, 36);
});

t.test('each slice is one commit, and the end is none', async (t) => {
  const { rig } = open(t, `${t.testdir()}/data.db`);
  fill(rig, 25);
  rig.run(rig.setIndexed(PATHS));
  const before = rig.engine.commitSequence;
  t.equal(rig.settle(10), 3, 'both indexes in one walk');
  t.equal(rig.engine.commitSequence, before + 3);
  t.equal(rig.engine.buildIndexes(BOUNDS), false);
  t.equal(readContents(rig.db).sequence, before + 3);
});

t.test('long documents make short slices', async (t) => {
  const { rig } = open(t, `${t.testdir()}/data.db`);
  for (const id of ['a', 'b', 'c']) rig.run(rig.create(title, id, { title: 'x'.repeat(1000) }));
  rig.run(rig.setIndexed(['title']));
  let slices = 0;
  while (rig.engine.buildIndexes({ rows: 10, length: 1500 }) === true) slices += 1;
  t.equal(slices, 2);
  t.equal(rig.keysOf(TITLE)?.length, 3);
});

t.test('an index added while another is built has a walk of its own', async (t) => {
  const { rig } = open(t, `${t.testdir()}/data.db`);
  fill(rig, 30);
  rig.run(rig.setIndexed(['emails', 'title']));
  rig.engine.buildIndexes(BOUNDS);
  rig.run(rig.setIndexed(['emails', 'title', 'active']));
  rig.settle(10);
  const all = ['emails', 'title', 'active'];
  t.equal(rig.compared(all).length, 3);
  for (const { path, is, should } of rig.compared(all)) t.same(is, should, path);
});

t.test('a full disk stops a build for the moment', async (t) => {
  const { rig, db } = open(t, `${t.testdir()}/data.db`);
  fill(rig, 2000);
  rig.run(rig.setIndexed(PATHS));
  const before = rig.engine.commitSequence;
  db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true }))}`);
  t.equal(rig.engine.buildIndexes({ rows: 2000, length: 1e6 }), undefined);
  t.equal(rig.engine.commitSequence, before);
  db.pragma('max_page_count = 1000000');
  rig.settle();
  for (const { path, is, should } of rig.compared(PATHS)) t.same(is, should, path);
});

t.test('a file of another build gets what this one wants, and loses the rest', async (t) => {
  const path = `${t.testdir()}/data.db`;
  const { rig, db } = open(t, path);
  fill(rig, 5);
  db.exec("UPDATE attribute_indexes SET signature = 'emails.value folded 0'");
  const before = readContents(db).sequence;
  const after = open(t, killed(path, 'after'));
  t.same(after.rig.signatures, ['emails.value folded beside userName 1']);
  t.equal(readContents(after.db).sequence, before + 1, 'it is a commit that backups can follow');
  after.rig.settle();
  t.equal(after.rig.keyCount, 10, 'the old keys are purged');
  const again = open(t, killed(after.db.name, 'again'));
  t.equal(readContents(again.db).sequence, readContents(after.db).sequence, 'nothing to do');
});

t.test('a new file has what it wants, and no commit', async (t) => {
  const { rig, db } = open(t, `${t.testdir()}/data.db`);
  t.same(rig.signatures, ['emails.value folded beside userName 1']);
  t.equal(readContents(db).sequence, 0);
});
