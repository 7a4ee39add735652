/** The checkpoint policy beside a spool: real files, a clock and a spool that the test moves by hand. */
import t, { type Test } from 'tap';
import { openReader, openWriter, type Connection } from '../sqlite/open.ts';
import { Checkpointer } from './checkpoint.ts';
import { commitFrames, salts } from './test/wal-file.ts';
import { WalGate } from './wal-gate.ts';
import { WalGeneration } from './wal-generation.ts';
import { WalKeeper } from './wal-keeper.ts';
import { WalPin } from './wal-pin.ts';

const RESET_PAGES = 100;
const NEAR_PAGES = 10;
const RETRY_MS = 1000;

/** Tells when the writer is about to wait. */
class WatchedGate extends WalGate {
  readonly #onWait: () => void;

  constructor(buffer: SharedArrayBuffer, onWait: () => void) {
    super(buffer);
    this.#onWait = onWait;
  }

  override waitSpooled(timeoutMs: number): boolean {
    this.#onWait();
    return super.waitSpooled(timeoutMs);
  }
}

/** Lets the test in where somebody else's commit may come in. */
class WatchedPin extends WalPin {
  onHeld: () => void = () => undefined;

  override hold(): void {
    super.hold();
    this.onHeld();
  }
}

class Writer {
  readonly path: string;
  readonly pin: WatchedPin;
  readonly db: Connection;
  readonly checkpointer: Checkpointer;
  readonly keeper: WalKeeper;
  /** The spool's view. */
  readonly gate = WalGate.create();
  readonly warnings: string[] = [];
  now = 0;
  sequence = 0;
  readonly #insert;

  constructor(t: Test, onWait: () => void = () => undefined) {
    this.path = `${t.testdir()}/data.db`;
    this.pin = new WatchedPin(this.path);
    const generation = new WalGeneration(this.path);
    this.db = openWriter(this.path, { synchronous: 'NORMAL' });
    t.teardown(() => {
      this.db.close();
      generation.close();
      this.pin.close();
    });
    this.checkpointer = new Checkpointer(this.db, {
      duePages: 20,
      resetPages: RESET_PAGES,
      alarmPages: 5 * RESET_PAGES,
      warn: (message) => this.warnings.push(message),
    });
    const gate = new WatchedGate(this.gate.buffer, onWait);
    const clock = { now: () => this.now };
    this.keeper = new WalKeeper(
      { gate, checkpointer: this.checkpointer, pin: this.pin, generation, clock },
      { nearPages: NEAR_PAGES, waitMs: 5, retryMs: RETRY_MS },
    );
    this.db.exec('CREATE TABLE a (x TEXT) STRICT');
    this.#insert = this.db.prepare('INSERT INTO a VALUES (?)');
    this.keeper.begin(this.sequence);
  }

  get pages(): number {
    return this.checkpointer.status().pages;
  }

  commit(): void {
    this.#insert.run('x'.repeat(4000));
    this.sequence += 1;
    this.keeper.committed(this.sequence);
    this.keeper.housekeeping(this.sequence);
  }

  /** Commits until the WAL has so many pages, or more. */
  growTo(pages: number): void {
    for (let before = 0; this.pages < pages; before = this.pages) {
      if (this.pages < before) throw new Error('the WAL began anew');
      this.commit();
    }
  }

  spoolAll(): void {
    this.gate.publishSpooled(this.gate.committed());
  }

  /** Somebody else writes, whom no commit sequence counts, and checkpoints what can be. */
  stray(): void {
    const shell = openWriter(this.path, { synchronous: 'NORMAL' });
    shell.pragma('busy_timeout = 0');
    shell.exec("INSERT INTO a VALUES ('stray')");
    shell.pragma('wal_checkpoint(TRUNCATE)');
    shell.close();
  }
}

t.test('each commit is published: generation, frames and sequence', async (t) => {
  const writer = new Writer(t);
  const start = writer.gate.committed();
  t.same(start, { generation: 1, frames: writer.pages, sequence: 0 });
  for (let commit = 1; commit <= 30; commit += 1) {
    writer.commit();
    const { generation, frames, sequence } = writer.gate.committed();
    t.same([generation, frames, sequence], [1, writer.pages, commit]);
    const commits = commitFrames(writer.path, frames) - commitFrames(writer.path, start.frames);
    t.equal(commits, commit, 'as many commit frames as sequences');
  }
});

t.test(
  'checkpoints go on as without a backup, and reset nothing that is not spooled',
  async (t) => {
    const writer = new Writer(t);
    const before = salts(writer.path);
    writer.growTo(3 * RESET_PAGES);
    const { pages, checkpointedPages } = writer.checkpointer.status();
    t.ok(pages - checkpointedPages < 20, 'only what is not due is left');
    t.equal(salts(writer.path), before);
  },
);

t.test('the WAL begins anew when the spool holds all of it, with the next commit', async (t) => {
  const writer = new Writer(t);
  const before = salts(writer.path);
  writer.growTo(RESET_PAGES - 1);
  writer.spoolAll();
  writer.commit();
  t.equal(salts(writer.path), before, 'the last commit is not spooled yet');
  writer.spoolAll();
  writer.now += RETRY_MS;
  writer.keeper.housekeeping(writer.sequence);
  const { frames } = writer.gate.committed();
  t.equal(salts(writer.path), before);
  writer.commit();
  t.not(salts(writer.path), before);
  const committed = writer.gate.committed();
  t.equal(committed.generation, 2);
  t.ok(committed.frames < frames);
  t.equal(writer.db.prepare('SELECT count(*) FROM a').pluck().get(), writer.sequence);
  writer.growTo(2 * RESET_PAGES);
  t.equal(writer.gate.committed().generation, 2, 'and is held again');
});

t.test(
  'a spool that is far behind is asked to hurry, once, and waited for by nobody',
  async (t) => {
    const writer = new Writer(t);
    writer.growTo(RESET_PAGES);
    await writer.gate.waitForWork(60_000);
    let asked = 0;
    const again = writer.gate.waitForWork(60_000).then(() => (asked += 1));
    writer.commit();
    await new Promise(setImmediate);
    t.equal(asked, 0);
    // It has moved, and is still behind: asked again.
    writer.gate.publishSpooled({ generation: 1, frames: 20 });
    writer.commit();
    await again;
    t.equal(asked, 1);
  },
);

t.test('a spool that got stuck near the end costs one wait, and the writer goes on', async (t) => {
  let waits = 0;
  const writer = new Writer(t, () => (waits += 1));
  writer.growTo(RESET_PAGES - 1);
  writer.gate.publishSpooled({ generation: 1, frames: RESET_PAGES - NEAR_PAGES / 2 });
  writer.commit();
  t.equal(waits, 1);
  writer.commit();
  t.equal(waits, 1, 'not at every commit');
  for (let commit = 0; commit < 20; commit += 1) {
    writer.now += RETRY_MS;
    writer.commit();
  }
  t.ok(waits <= 3, 'and not for one that has fallen behind');
  writer.growTo(5 * RESET_PAGES);
  t.match(writer.warnings, [/grown to \d+ pages: the backup has not spooled \d+ of them/]);
  t.equal(writer.gate.committed().generation, 1);
});

t.test('the longer the WAL, the more of it is waited for', async (t) => {
  let waits = 0;
  const writer = new Writer(t, () => {
    waits += 1;
    writer.spoolAll();
  });
  writer.growTo(2 * RESET_PAGES);
  t.equal(waits, 0, 'nothing is spooled at all');
  writer.gate.publishSpooled({ generation: 1, frames: writer.pages - 1.5 * NEAR_PAGES });
  writer.commit();
  t.equal(waits, 1);
  writer.commit();
  t.equal(writer.gate.committed().generation, 2);
});

t.test('a spool that comes through while the writer waits lets the WAL begin anew', async (t) => {
  let waits = 0;
  const writer = new Writer(t, () => {
    waits += 1;
    // In two steps, as a spool that was under way when it was asked.
    if (waits === 1) writer.gate.publishSpooled({ generation: 1, frames: RESET_PAGES });
    else writer.spoolAll();
  });
  writer.growTo(RESET_PAGES - 1);
  writer.gate.publishSpooled({ generation: 1, frames: RESET_PAGES - NEAR_PAGES / 2 });
  writer.commit();
  t.equal(waits, 2);
  t.equal(writer.gate.committed().generation, 1);
  writer.commit();
  t.equal(writer.gate.committed().generation, 2);
});

t.test('a reader that holds the WAL puts off its new beginning, and loses nothing', async (t) => {
  const writer = new Writer(t);
  writer.growTo(RESET_PAGES - 1);
  const reader = openReader(writer.path);
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM a').get();
  for (let commit = 0; commit < 10; commit += 1) {
    writer.spoolAll();
    writer.keeper.housekeeping(writer.sequence);
    writer.now += RETRY_MS;
    writer.commit();
  }
  t.equal(writer.gate.committed().generation, 1);
  reader.close();
  writer.spoolAll();
  writer.now += RETRY_MS;
  writer.keeper.housekeeping(writer.sequence);
  writer.commit();
  t.equal(writer.gate.committed().generation, 2);
  t.same(writer.warnings, []);
});

t.test("an operator's shell that checkpoints takes nothing from the spool", async (t) => {
  const writer = new Writer(t);
  const shell = openWriter(writer.path, { synchronous: 'NORMAL' });
  t.teardown(() => shell.close());
  shell.pragma('busy_timeout = 0');
  const before = salts(writer.path);
  for (let commit = 0; commit < 50; commit += 1) {
    writer.commit();
    shell.pragma('wal_checkpoint(TRUNCATE)');
  }
  t.equal(salts(writer.path), before);
  t.equal(commitFrames(writer.path, writer.pages), 50 + 1);
});

t.test('at a quiet moment the WAL is emptied if it is spooled, and pinned again', async (t) => {
  const writer = new Writer(t);
  writer.growTo(30);
  const { pages } = writer;
  t.notOk(writer.keeper.truncate());
  t.equal(writer.pages, pages);
  await writer.gate.waitForWork(60_000);
  writer.spoolAll();
  t.ok(writer.keeper.truncate());
  t.equal(salts(writer.path), undefined);
  writer.commit();
  const shell = openWriter(writer.path, { synchronous: 'NORMAL' });
  t.teardown(() => shell.close());
  shell.pragma('busy_timeout = 0');
  shell.pragma('wal_checkpoint(TRUNCATE)');
  t.equal(writer.gate.committed().generation, 2);
  t.equal(commitFrames(writer.path, writer.pages), 1);
});

t.test('a WAL that is in the database file but not in the spool is held on to', async (t) => {
  const writer = new Writer(t);
  const isCopied = (): boolean => {
    const { pages, checkpointedPages } = writer.checkpointer.status();
    return pages === checkpointedPages;
  };
  while (!isCopied()) writer.commit();
  const before = salts(writer.path);
  t.notOk(writer.keeper.truncate());
  writer.commit();
  t.equal(salts(writer.path), before);
  t.equal(commitFrames(writer.path, writer.pages), writer.sequence + 1, 'with the table');
});

t.test("somebody's commit that began the WAL anew stays there until it is counted", async (t) => {
  const writer = new Writer(t);
  writer.growTo(RESET_PAGES);
  writer.spoolAll();
  writer.now += RETRY_MS;
  writer.keeper.housekeeping(writer.sequence);
  const before = salts(writer.path);
  writer.stray();
  t.not(salts(writer.path), before, 'a WAL that is spooled whole may begin anew by any commit');
  t.notOk(writer.keeper.truncate(), 'a short WAL, but not the one that was spooled');
  for (let stray = 1; stray <= RESET_PAGES; stray += 1) {
    writer.stray();
    writer.now += RETRY_MS;
    writer.keeper.housekeeping(writer.sequence);
  }
  writer.commit();
  const { generation, frames, sequence } = writer.gate.committed();
  t.equal(generation, 2);
  t.equal(commitFrames(writer.path, frames), 1 + RESET_PAGES + 1);
  t.equal(sequence, writer.sequence, 'the spool counts more commits than sequences: a gap');
});

for (const [how, empty] of [
  ['emptied', (writer: Writer) => writer.keeper.truncate()],
  ['begun anew', (writer: Writer) => writer.keeper.housekeeping(writer.sequence)],
] as const) {
  for (const time of [1, 2]) {
    t.test(`somebody's commit is not lost while the WAL is ${how}, at pin ${time}`, async (t) => {
      const writer = new Writer(t);
      writer.growTo(RESET_PAGES);
      writer.spoolAll();
      writer.now += RETRY_MS;
      const { frames } = writer.gate.committed();
      let pins = 0;
      writer.pin.onHeld = () => {
        pins += 1;
        if (pins === time) writer.stray();
      };
      empty(writer);
      t.ok(pins >= time);
      writer.commit();
      writer.stray();
      const after = writer.gate.committed();
      const spooled = after.generation === 1 ? commitFrames(writer.path, frames) : 0;
      t.equal(commitFrames(writer.path, after.frames) - spooled, 2, 'one of them is not ours');
    });
  }
}

t.test('when the backup ends, nothing is held', async (t) => {
  const writer = new Writer(t);
  writer.growTo(30);
  t.notOk(writer.checkpointer.truncate());
  writer.keeper.end();
  t.ok(writer.checkpointer.truncate());
});
