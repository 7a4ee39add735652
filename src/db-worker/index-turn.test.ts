/** Between batches the writer builds what is wanted, slice by slice, until nothing is left to do. */
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { LIMITS } from '../platform/limits.ts';
import { systemClock } from '../platform/clock.ts';
import { migrate } from '../sqlite/migrate.ts';
import { MIGRATIONS } from '../sqlite/schema.ts';
import { RequestLog } from './request-log.ts';
import { IndexRig, userTypeWith } from './test/index-rig.ts';
import { WriterTurn } from './turn.ts';
import { LOG_BOUNDS, MemoryLogFile } from './test/log-file.ts';

const TITLE = 'title folded 1';
const USERS = LIMITS.indexSliceRows * 2 + 1;
const title = userTypeWith(['title']);

function open(t: Test): { rig: IndexRig; turn: WriterTurn; warnings: string[] } {
  const db = new Database(':memory:');
  t.teardown(() => db.close());
  migrate(db, MIGRATIONS, 0);
  const rig = new IndexRig(db);
  rig.createEndpoint([]);
  const users = Array.from({ length: USERS }, (_, n) =>
    rig.create(title, `u${n}`, { title: `T${n}` }),
  );
  rig.run(...users);
  const warnings: string[] = [];
  const warn = (message: string): void => void warnings.push(message);
  const log = new RequestLog(new MemoryLogFile(), LOG_BOUNDS, warn);
  return { rig, turn: new WriterTurn(db, log, systemClock, warn), warnings };
}

t.test('housekeeping builds a slice at a time', async (t) => {
  const { rig, turn } = open(t);
  t.notOk(turn.housekeeping() && turn.housekeeping(), 'nothing to do');
  turn.commit([rig.setIndexed(['title'])]);
  let rounds = 0;
  while (turn.housekeeping()) rounds += 1;
  t.equal(rig.keysOf(TITLE)?.length, USERS);
  t.equal(rounds, 1 + 3, 'one for the garbage, three slices');
});

t.test('batches of commands go first, but not for ever', async (t) => {
  const { rig, turn } = open(t);
  turn.commit([rig.setIndexed(['title'])]);
  turn.housekeeping();
  let batches = 0;
  while (rig.keysOf(TITLE) === undefined) {
    batches += 1;
    turn.commit([rig.patch('u1', 'replace', 'nickName', `n${batches}`)]);
    t.ok(turn.housekeeping() || rig.keysOf(TITLE) !== undefined, 'it asks to be called again');
  }
  t.equal(batches, 3 * LIMITS.indexSliceBatches);
});

t.test('what an index leaves behind is purged', async (t) => {
  const { rig, turn } = open(t);
  turn.commit([rig.setIndexed(['title'])]);
  while (turn.housekeeping());
  turn.commit([rig.setIndexed([])]);
  t.equal(rig.keyCount, USERS);
  while (turn.housekeeping());
  t.equal(rig.keyCount, 0);
});

t.test('a writer that begins goes on with what another has left', async (t) => {
  const { rig, turn } = open(t);
  rig.run(rig.setIndexed(['title']));
  rig.engine.buildIndexes({ rows: 7, length: 1e6 });
  while (turn.housekeeping());
  t.equal(rig.keysOf(TITLE)?.length, USERS);
});

t.test('a document that cannot be read leaves the index unfinished, and is told', async (t) => {
  const { rig, turn, warnings } = open(t);
  rig.db.exec("UPDATE resources SET document = '[]' WHERE id = 'u7'");
  turn.commit([rig.setIndexed(['title'])]);
  while (turn.housekeeping());
  t.equal(rig.keysOf(TITLE), undefined);
  t.match(warnings, [/attribute indexes are left unfinished .* no JSON object/]);
  const [outcome] = turn.commit([rig.create(title, 'new', {})]);
  t.ok(outcome?.ok, 'writing goes on');
});
