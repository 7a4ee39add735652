/** What a process finds in the spool that the one before it left, however that one ended. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { Spool, type SpooledSegment } from './spool.ts';
import type { SpoolPosition } from './spool-position.ts';

const HASH = 'ab'.repeat(32);
const WAL = { salt1: 1, salt2: 2, frames: 3, checksum1: 4, checksum2: 5 };

function positionAt(sequence: number, run = 1): SpoolPosition {
  return { database: 'db', run, sequence, wal: WAL, brokenAt: undefined };
}

function add(spool: Spool, from: number, to: number, run = 1): SpooledSegment {
  const draft = spool.draftPath();
  writeFileSync(draft, 'a segment');
  const segment = { run, from, to, at: 1000 + to, sha256: HASH, bytes: 9 };
  return spool.add(draft, segment, positionAt(to, run));
}

function spoolOf(t: Test): { folder: string; spool: Spool } {
  const folder = `${t.testdir()}/spool`;
  return { folder, spool: Spool.open(folder) };
}

t.test('a new spool is empty, and has no position', (t) => {
  const { spool } = spoolOf(t);
  t.equal(spool.position, undefined);
  t.same(spool.segments, []);
  t.equal(spool.bytes, 0);
  t.end();
});

t.test('segments and position are found again, in order', (t) => {
  const { folder, spool } = spoolOf(t);
  add(spool, 0, 2);
  add(spool, 2, 12);
  add(spool, 12, 13, 2);
  const again = Spool.open(folder);
  t.same(again.segments, spool.segments);
  t.same(again.position, positionAt(13, 2));
  t.equal(again.bytes, 27);
  t.end();
});

t.test('a position with an empty WAL, behind a gap, is found again', (t) => {
  const { folder, spool } = spoolOf(t);
  const position = { database: 'db', run: 4, sequence: 7, wal: undefined, brokenAt: 7 };
  spool.moveTo(position);
  t.same(Spool.open(folder).position, position);
  t.end();
});

t.test('unfinished drafts are removed, and nothing else', (t) => {
  const { folder, spool } = spoolOf(t);
  add(spool, 0, 2);
  writeFileSync(spool.draftPath(), 'half a segm');
  mkdirSync(`${folder}/something`);
  const again = Spool.open(folder);
  t.equal(again.segments.length, 1);
  t.equal(readdirSync(folder).length, 2);
  t.end();
});

t.test('a segment beyond the position is removed: its commits are spooled again', (t) => {
  const { folder, spool } = spoolOf(t);
  add(spool, 0, 2);
  const beyond = add(spool, 2, 5);
  const nextRun = add(spool, 5, 6, 2);
  spool.moveTo(positionAt(2));
  const again = Spool.open(folder);
  t.match(again.segments, [{ from: 0, to: 2 }]);
  t.equal(again.segments.length, 1);
  t.notOk(existsSync(beyond.path));
  t.notOk(existsSync(nextRun.path));
  t.end();
});

for (const [what, text] of [
  ['torn', '{"database":"db","run":1,"seq'],
  ['empty', ''],
  ['another thing', '[]'],
  ['without a run', '{"database":"db","sequence":3}'],
  ['with half a place in the WAL', '{"database":"db","run":1,"sequence":3,"wal":{"salt1":1}}'],
] as const) {
  t.test(`a position that is ${what} is none, and the segments go with it`, (t) => {
    const { folder, spool } = spoolOf(t);
    add(spool, 0, 2);
    writeFileSync(`${folder}/position.json`, text);
    const again = Spool.open(folder);
    t.equal(again.position, undefined);
    t.same(again.segments, []);
    t.equal(again.bytes, 0);
    t.end();
  });
}

t.test('a position that cannot be written takes its segment back', (t) => {
  const { folder, spool } = spoolOf(t);
  mkdirSync(`${folder}/position.json`);
  t.throws(() => add(spool, 0, 2), { code: 'EISDIR' });
  t.same(spool.segments, []);
  t.equal(spool.bytes, 0);
  t.equal(spool.position, undefined);
  t.end();
});

t.test('what nobody needs is removed, and gives its bytes back', (t) => {
  const { folder, spool } = spoolOf(t);
  const first = add(spool, 0, 2);
  add(spool, 2, 5);
  spool.removeWhere(({ to }) => to <= 2);
  t.match(spool.segments, [{ from: 2 }]);
  t.equal(spool.bytes, 9);
  t.notOk(existsSync(first.path));
  t.same(Spool.open(folder).segments, spool.segments);
  t.end();
});

t.test('cleared, it is empty; set aside, what was there is kept', (t) => {
  const { folder, spool } = spoolOf(t);
  add(spool, 0, 2);
  spool.clear(`${folder}.aside`);
  t.equal(spool.position, undefined);
  t.same(readdirSync(folder), []);
  t.equal(readdirSync(`${folder}.aside`).length, 2);
  add(spool, 0, 3);
  spool.clear();
  t.same(readdirSync(folder), []);
  t.end();
});
