/** Checkpoints on the thread beside: the real thread, on real files. */
import { existsSync } from 'node:fs';
import t, { type Test } from 'tap';
import { openReader, openWriter, type Connection } from '../sqlite/open.ts';
import { BackgroundCheckpoint } from './background-checkpoint.ts';
import { Checkpointer } from './checkpoint.ts';

const DUE_PAGES = 20;
const RESET_PAGES = 200;

interface Rig {
  readonly path: string;
  readonly db: Connection;
  readonly background: BackgroundCheckpoint;
  readonly checkpointer: Checkpointer;
  readonly warnings: string[];
  readonly commit: () => void;
}

function open(t: Test): Rig {
  const path = `${t.testdir()}/data.db`;
  const warnings: string[] = [];
  const warn = (message: string): void => void warnings.push(message);
  const db = openWriter(path, { synchronous: 'NORMAL' });
  const background = new BackgroundCheckpoint({ path, synchronous: 'NORMAL', warn });
  t.teardown(() => {
    background.close();
    db.close();
  });
  db.exec('CREATE TABLE a (x TEXT) STRICT');
  const insert = db.prepare('INSERT INTO a VALUES (?)');
  return {
    path,
    db,
    background,
    warnings,
    checkpointer: new Checkpointer(db, {
      duePages: DUE_PAGES,
      resetPages: RESET_PAGES,
      alarmPages: 1e9,
      warn,
      background,
    }),
    commit: () => void insert.run('x'.repeat(4000)),
  };
}

/** Asks until the thread is there and has copied everything. */
async function untilCopiedBeside({ background, checkpointer }: Rig): Promise<void> {
  while (background.request() === 'absent') await new Promise(setImmediate);
  background.settle(60_000);
  const { pages, checkpointedPages } = checkpointer.status();
  if (checkpointedPages < pages) throw new Error(`${checkpointedPages} of ${pages} were copied`);
}

t.test('what was committed when it was asked is copied, on another connection', async (t) => {
  const rig = open(t);
  for (let row = 0; row < 50; row += 1) rig.commit();
  await untilCopiedBeside(rig);
  t.equal(rig.background.busy, false);
  // Of the file alone, without the WAL that only this process has.
  const reader = openReader(rig.path);
  t.equal(reader.prepare('SELECT count(*) FROM a').pluck().get(), 50);
  reader.close();
  t.same(rig.warnings, []);
});

t.test('the WAL begins anew under load, however often the writer commits', async (t) => {
  const rig = open(t);
  rig.commit();
  await untilCopiedBeside(rig);
  let rows = 1;
  for (let before = 0, beganAnew = 0; beganAnew < 3; rows += 1) {
    rig.commit();
    rig.checkpointer.afterCommit();
    const { pages } = rig.checkpointer.status();
    if (pages < before) beganAnew += 1;
    before = pages;
  }
  t.equal(rig.db.prepare('SELECT count(*) FROM a').pluck().get(), rows);
});

t.test('a writer that empties the WAL waits for a checkpoint that is under way', async (t) => {
  const rig = open(t);
  rig.commit();
  await untilCopiedBeside(rig);
  for (let round = 0; round < 20; round += 1) {
    for (let row = 0; row < 50; row += 1) rig.commit();
    t.equal(rig.background.request(), 'asked');
    t.ok(rig.checkpointer.truncate(), 'not refused');
    t.equal(rig.checkpointer.status().pages, 0);
  }
});

t.test(
  'its connection closes first, so that the writer is the last and empties the WAL',
  async (t) => {
    const rig = open(t);
    rig.commit();
    await untilCopiedBeside(rig);
    for (let row = 0; row < 50; row += 1) rig.commit();
    rig.background.request();
    rig.background.close();
    rig.db.close();
    t.notOk(existsSync(`${rig.path}-wal`));
    t.equal(rig.background.request(), 'absent', 'nothing is asked of it any more');
  },
);

t.test('closed before it is up, it opens nothing', async (t) => {
  const rig = open(t);
  rig.commit();
  t.equal(rig.background.request(), 'absent', 'not up yet');
  rig.background.close();
  rig.db.close();
  t.notOk(existsSync(`${rig.path}-wal`));
});

t.test('without the thread the writer does its work, and an operator hears of it', async (t) => {
  const path = `${t.testdir()}/data.db`;
  const told = Promise.withResolvers<string>();
  // The thread does not keep the process alive.
  const alive = setInterval(() => undefined, 1000);
  t.teardown(() => clearInterval(alive));
  const db = openWriter(path, { synchronous: 'NORMAL' });
  t.teardown(() => db.close());
  db.exec('CREATE TABLE a (x TEXT) STRICT');
  const background = new BackgroundCheckpoint({
    path: `${path}.missing`,
    synchronous: 'NORMAL',
    warn: told.resolve,
  });
  const options = { duePages: 1, resetPages: RESET_PAGES, alarmPages: 1e9, warn: told.resolve };
  const checkpointer = new Checkpointer(db, { ...options, background });
  const copies = (): void => {
    db.exec("INSERT INTO a VALUES ('x')");
    checkpointer.afterCommit();
    const { pages, checkpointedPages } = checkpointer.status();
    t.equal(checkpointedPages, pages);
  };
  copies();
  t.match(await told.promise, /checkpoint thread is gone.*unable to open/);
  copies();
  background.close();
});

t.test('damage that it meets is thrown to the writer, once', async (t) => {
  const rig = open(t);
  rig.commit();
  await untilCopiedBeside(rig);
  const failure = Object.assign(new Error('stand-in'), { code: 'SQLITE_IOERR' });
  // What the thread posts, by the same way.
  rig.background.fail({ code: failure.code, text: failure.message });
  for (let row = 0; row < DUE_PAGES; row += 1) rig.commit();
  t.throws(() => rig.checkpointer.afterCommit(), { code: 'SQLITE_IOERR', message: 'stand-in' });
  t.doesNotThrow(() => rig.checkpointer.afterCommit());
});
