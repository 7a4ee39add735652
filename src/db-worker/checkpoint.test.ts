import t, { type Test } from 'tap';
import { openReader, openWriter, type Connection } from '../sqlite/open.ts';
import { Checkpointer } from './checkpoint.ts';

function open(t: Test): { db: Connection; path: string; write: (rows: number) => void } {
  const path = `${t.testdir()}/data.db`;
  const db = openWriter(path, { synchronous: 'NORMAL' });
  t.teardown(() => db.close());
  db.exec('CREATE TABLE a (x TEXT) STRICT');
  const insert = db.prepare('INSERT INTO a VALUES (?)');
  return {
    db,
    path,
    write: (rows) => {
      for (let n = 0; n < rows; n += 1) insert.run('x'.repeat(4000));
    },
  };
}

t.test('checkpoints when enough frames wait, not before', async (t) => {
  const { db, write } = open(t);
  const checkpointer = checkpointerOf(db, 50);
  write(5);
  checkpointer.afterCommit();
  t.equal(checkpointer.status().checkpointedPages, 0);
  write(50);
  checkpointer.afterCommit();
  const { pages, checkpointedPages } = checkpointer.status();
  t.ok(pages > 50);
  t.equal(checkpointedPages, pages);
});

t.test(
  'a reader that pins the WAL holds a checkpoint back, and is waited for by nobody',
  async (t) => {
    const { db, path, write } = open(t);
    const checkpointer = checkpointerOf(db, 10);
    write(1);
    const reader = openReader(path);
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM a').get();
    write(100);
    checkpointer.afterCommit();
    const held = checkpointer.status();
    t.ok(held.checkpointedPages < held.pages);
    t.notOk(checkpointer.truncate());
    reader.exec('COMMIT');
    reader.close();
    t.ok(checkpointer.truncate());
    t.equal(checkpointer.status().pages, 0);
  },
);

t.test('a WAL that a reader lets grow is told once, and again when it grows anew', async (t) => {
  const { db, path, write } = open(t);
  const warnings: string[] = [];
  const checkpointer = checkpointerOf(db, 10, 60, (message) => warnings.push(message));
  const growUnderReader = (): void => {
    const reader = openReader(path);
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM a').get();
    for (let turn = 0; turn < 3; turn += 1) {
      write(50);
      checkpointer.afterCommit();
    }
    reader.close();
  };
  write(1);
  growUnderReader();
  t.equal(warnings.length, 1);
  t.match(warnings[0], /a reader holds it/);
  checkpointer.truncate();
  write(1);
  checkpointer.afterCommit();
  growUnderReader();
  t.equal(warnings.length, 2);
});

function checkpointerOf(
  db: Connection,
  duePages: number,
  alarmPages = 1_000_000,
  warn: (message: string) => void = () => undefined,
): Checkpointer {
  return new Checkpointer(db, { duePages, resetPages: 1e6, alarmPages, warn });
}
