/** What the pin rests on is SQLite's behaviour: each claim is proved on real files. */
import { existsSync, statSync } from 'node:fs';
import t, { type Test } from 'tap';
import { openReader, openWriter, type Connection } from '../sqlite/open.ts';
import { Checkpointer } from './checkpoint.ts';
import { salts } from './test/wal-file.ts';
import { WalGeneration } from './wal-generation.ts';
import { WalPin } from './wal-pin.ts';

interface Files {
  readonly path: string;
  readonly db: Connection;
  readonly checkpointer: Checkpointer;
  readonly pin: WalPin;
  readonly write: () => void;
}

function open(t: Test): Files {
  const path = `${t.testdir()}/data.db`;
  const pin = new WalPin(path);
  const db = openWriter(path, { synchronous: 'NORMAL' });
  t.teardown(() => {
    pin.close();
    db.close();
  });
  db.exec('CREATE TABLE a (x TEXT) STRICT');
  const insert = db.prepare('INSERT INTO a VALUES (?)');
  const options = {
    duePages: 1000,
    resetPages: 1e6,
    alarmPages: 1_000_000,
    warn: (): void => undefined,
  };
  return {
    path,
    db,
    pin,
    checkpointer: new Checkpointer(db, options),
    write: () => insert.run('x'.repeat(4000)),
  };
}

t.test('PASSIVE copies up to the pin and no further', async (t) => {
  const { checkpointer, pin, write } = open(t);
  write();
  pin.hold();
  const { pages: pinned } = checkpointer.status();
  write();
  checkpointer.passive();
  t.equal(checkpointer.status().checkpointedPages, pinned);
  t.ok(checkpointer.status().pages > pinned);
  pin.hold();
  checkpointer.passive();
  t.equal(checkpointer.status().checkpointedPages, checkpointer.status().pages);
});

t.test('behind the pin the WAL never begins anew, though all of it is checkpointed', async (t) => {
  const { path, checkpointer, pin, write } = open(t);
  write();
  pin.hold();
  checkpointer.passive();
  const before = { salts: salts(path), pages: checkpointer.status().pages };
  t.equal(checkpointer.status().checkpointedPages, before.pages);
  t.notOk(checkpointer.restart(0));
  t.notOk(checkpointer.truncate());
  write();
  t.equal(salts(path), before.salts);
  t.ok(checkpointer.status().pages > before.pages);
});

t.test(
  'a pin on a WAL that is wholly checkpointed lets the next commit begin it anew',
  async (t) => {
    const { path, checkpointer, pin, write } = open(t);
    write();
    write();
    checkpointer.passive();
    const before = { salts: salts(path), pages: checkpointer.status().pages };
    pin.hold();
    write();
    t.not(salts(path), before.salts);
    t.ok(checkpointer.status().pages < before.pages);
  },
);

t.test('behind such a pin nobody can checkpoint what was committed after it', async (t) => {
  const { path, checkpointer, pin, write } = open(t);
  write();
  checkpointer.passive();
  pin.hold();
  write();
  const shell = openWriter(path, { synchronous: 'NORMAL' });
  shell.pragma('busy_timeout = 0');
  shell.pragma('wal_checkpoint(TRUNCATE)');
  shell.close();
  const { pages, checkpointedPages } = checkpointer.status();
  t.ok(pages > 0);
  t.equal(checkpointedPages, 0);
});

t.test('as the pin moves forward, a shell that checkpoints never resets the WAL', async (t) => {
  const { path, db, checkpointer, pin, write } = open(t);
  write();
  pin.hold();
  const shell = openWriter(path, { synchronous: 'NORMAL' });
  shell.pragma('busy_timeout = 0');
  const before = salts(path);
  for (let round = 0; round < 20; round += 1) {
    write();
    shell.pragma('wal_checkpoint(PASSIVE)');
    pin.hold();
    shell.pragma('wal_checkpoint(TRUNCATE)');
    t.equal(salts(path), before);
  }
  shell.close();
  t.ok(checkpointer.status().pages >= 20);
  t.equal(db.prepare('SELECT count(*) FROM a').pluck().get(), 21);
});

t.test(
  'a pin that closes after the writer keeps the WAL; one that was released does not',
  async (t) => {
    for (const keep of [true, false]) {
      const { path, db, pin, write } = open(t);
      write();
      pin.hold();
      const bytes = statSync(`${path}-wal`).size;
      if (!keep) pin.close();
      db.close();
      pin.close();
      t.equal(existsSync(`${path}-wal`), keep);
      if (keep) t.equal(statSync(`${path}-wal`).size, bytes);
      const reader = openReader(path);
      t.equal(reader.prepare('SELECT count(*) FROM a').pluck().get(), 1);
      reader.close();
    }
  },
);

t.test('generations are counted by the salts, whatever the number of frames', async (t) => {
  const { path, checkpointer, write } = open(t);
  const generation = new WalGeneration(path);
  t.teardown(() => generation.close());
  t.equal(generation.look(), 1);
  write();
  t.equal(generation.look(), 1);
  checkpointer.passive();
  t.equal(generation.look(), 1);
  for (let frame = 0; frame < 5; frame += 1) write();
  t.ok(checkpointer.status().pages > 3, 'more frames than before');
  t.equal(generation.look(), 2);
  checkpointer.truncate();
  t.equal(generation.look(), 2, 'the file is empty');
  write();
  t.equal(generation.look(), 3);
  t.equal(generation.number, 3);
});

t.test('a WAL that is empty at first begins generation 1', async (t) => {
  const { path, checkpointer, write } = open(t);
  checkpointer.truncate();
  const generation = new WalGeneration(path);
  t.teardown(() => generation.close());
  t.equal(generation.look(), 1);
  write();
  t.equal(generation.look(), 1);
});
