import { closeSync, existsSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import t, { type Test } from 'tap';
import { PinnedDatabase } from './test/pinned-database.ts';
import { WalChanged, WalDamaged, WalFile, type WalPosition } from './wal-scan.ts';

function open(t: Test): { data: PinnedDatabase; wal: WalFile } {
  const data = PinnedDatabase.forTest(t);
  return { data, wal: walOf(t, data.walPath) };
}

function walOf(t: Test, path: string): WalFile {
  const wal = new WalFile(path);
  t.teardown(() => wal.close());
  return wal;
}

function startOf(wal: WalFile): WalPosition {
  const start = wal.start();
  if (start === undefined) throw new Error('there is no WAL');
  return start;
}

/** Pages of a database file, as a WAL that is checkpointed carries them there. */
function pageOf(path: string, page: number): Buffer {
  return readFileSync(path).subarray((page - 1) * 4096, page * 4096);
}

function flipByte(path: string, at: number): void {
  const handle = openSync(path, 'r+');
  const byte = readFileSync(path).readUInt8(at);
  writeSync(handle, Buffer.of(byte ^ 0xff), 0, 1, at);
  closeSync(handle);
}

t.test('without a WAL there is no position', async (t) => {
  const { data, wal } = open(t);
  t.equal(walOf(t, `${data.path}-none`).start(), undefined, 'no file');
  t.equal(wal.start(), undefined, 'an empty file');
  writeFileSync(`${data.path}-torn`, Buffer.alloc(20));
  t.equal(walOf(t, `${data.path}-torn`).start(), undefined, 'half a header');
});

t.test('a span holds the last version of each page and counts its commits', async (t) => {
  const { data, wal } = open(t);
  for (let index = 0; index < 5; index += 1) data.write();
  const span = wal.scan(startOf(wal), { untilFrames: data.frames });
  t.equal(span.commits, 5);
  t.equal(span.pageSize, 4096);
  t.equal(span.end.frames, data.frames);
  t.ok(span.pages.size < data.frames, 'pages were written more than once');
  const pages = new Map<number, Buffer>();
  for (const [page, frame] of span.pages) {
    const image = Buffer.alloc(4096);
    wal.readPage(frame, image);
    pages.set(page, image);
  }
  data.close();
  t.equal(readFileSync(data.path).length, span.databasePages * 4096);
  for (const [page, image] of pages) t.ok(pageOf(data.path, page).equals(image), `page ${page}`);
});

t.test('a span begins where the last one ended', async (t) => {
  const { data, wal } = open(t);
  data.write();
  const first = wal.scan(startOf(wal), { untilFrames: data.frames });
  const nothing = wal.scan(first.end, { untilFrames: data.frames });
  t.match(nothing, { commits: 0, databasePages: 0, end: first.end });
  t.equal(nothing.pages.size, 0);
  data.write();
  data.write();
  const second = wal.scan(first.end, { untilFrames: data.frames });
  t.equal(second.commits, 2);
  t.ok([...second.pages.values()].every((frame) => frame >= first.end.frames));
});

t.test('a span can end after some commits', async (t) => {
  const { data, wal } = open(t);
  const ends: number[] = [];
  for (let index = 0; index < 3; index += 1) {
    data.write();
    ends.push(data.frames);
  }
  const start = startOf(wal);
  const first = wal.scan(start, { untilFrames: data.frames, maxCommits: 2 });
  t.match(first, { commits: 2, end: { frames: ends[1] } });
  t.ok([...first.pages.values()].every((frame) => frame < first.end.frames));
  t.match(wal.scan(first.end, { maxCommits: 2 }), { commits: 1, end: { frames: ends[2] } });
});

t.test('frames of a transaction that was rolled back do not count', async (t) => {
  const { data, wal } = open(t);
  data.write();
  const committed = data.frames;
  data.db.pragma('cache_size = 5');
  data.db.pragma('cache_spill = 5');
  data.db.exec('BEGIN');
  for (let index = 0; index < 100; index += 1) data.write();
  data.db.exec('ROLLBACK');
  const left = (readFileSync(data.walPath).length - 32) / 4120 - committed;
  t.ok(left > 50, `the cache spilled ${left} frames`);
  t.match(wal.scan(startOf(wal)), { commits: 1, end: { frames: committed } });
  data.write();
  const span = wal.scan(startOf(wal));
  t.match(span, { commits: 2, end: { frames: data.frames } }, 'the next commit overwrote some');
});

t.test('pages beyond the end of a database that shrank are left out', async (t) => {
  const { data, wal } = open(t);
  for (let index = 0; index < 50; index += 1) data.write();
  const grown = wal.scan(startOf(wal), { untilFrames: data.frames });
  data.db.exec('DELETE FROM t; VACUUM');
  const span = wal.scan(startOf(wal), { untilFrames: data.frames });
  t.ok(span.databasePages < grown.databasePages);
  t.ok(span.pages.size <= span.databasePages);
  t.equal(Math.max(...span.pages.keys()), span.databasePages);
});

t.test('a WAL that began anew is another one', async (t) => {
  const { data, wal } = open(t);
  data.write();
  const { end } = wal.scan(startOf(wal));
  data.emptyWal('RESTART');
  t.match(wal.scan(end), { commits: 0 }, 'until the next commit nothing is overwritten');
  data.write();
  t.throws(() => wal.scan(end), WalChanged);
  t.match(wal.scan(startOf(wal), { untilFrames: data.frames }), { commits: 1 });
  const again = wal.scan(startOf(wal)).end;
  data.emptyWal('TRUNCATE');
  t.throws(() => wal.scan(again), WalChanged, 'emptied');
  t.equal(wal.start(), undefined);
});

t.test('a WAL that was deleted and made again is another one', async (t) => {
  const { data, wal } = open(t);
  data.write();
  const { end } = wal.scan(startOf(wal));
  data.close();
  t.notOk(existsSync(data.walPath));
  t.throws(() => wal.scan(end), WalChanged);
  data.reopen();
  data.write();
  t.throws(() => wal.scan(end), WalChanged);
  t.match(wal.scan(startOf(wal), { untilFrames: data.frames }), { commits: 1 });
});

t.test('a position in frames that were written anew is refused', async (t) => {
  const { data, wal } = open(t);
  data.write();
  const first = wal.scan(startOf(wal)).end;
  data.write();
  const { end } = wal.scan(first);
  t.throws(() => wal.scan({ ...end, checksum1: end.checksum1 ^ 1 }), WalChanged);
  t.throws(() => wal.scan({ ...end, frames: end.frames + 5 }), WalChanged, 'beyond the end');
  t.throws(() => wal.scan(end, { untilFrames: first.frames }), WalChanged);
});

t.test('a committed frame that is damaged or missing is told', async (t) => {
  const { data, wal } = open(t);
  for (let index = 0; index < 3; index += 1) data.write();
  const start = startOf(wal);
  const { frames } = data;
  const bytes = readFileSync(data.walPath);
  t.throws(
    () => wal.scan(start, { untilFrames: frames - 1 }),
    new WalDamaged(`no commit ends at frame ${frames - 1} of ${data.walPath}`),
  );
  t.throws(
    () => wal.scan(start, { untilFrames: frames + 1 }),
    { message: `frame ${frames} of ${data.walPath} is damaged or missing, of ${frames + 1}` },
    'more than there is',
  );
  const copy = `${data.path}-copy`;
  writeFileSync(copy, bytes.subarray(0, bytes.length - 1));
  t.throws(() => walOf(t, copy).scan(start, { untilFrames: frames }), WalDamaged, 'cut off');
  writeFileSync(copy, bytes);
  flipByte(copy, 32 + 4120 + 1000);
  const damaged = walOf(t, copy);
  t.throws(() => damaged.scan(start, { untilFrames: frames }), { name: 'WalDamaged' });
  t.match(damaged.scan(start), { commits: 1, end: { frames: 1 } }, 'it ends before the damage');
});

t.test('a page that is not there is an error', async (t) => {
  const { data, wal } = open(t);
  data.write();
  const { frames } = wal.scan(startOf(wal)).end;
  t.throws(() => wal.readPage(frames, Buffer.alloc(4096)), WalDamaged);
  t.throws(() => wal.readPage(0, Buffer.alloc(512)), { name: 'AssertionFailed' });
  wal.close();
  t.throws(() => wal.readPage(0, Buffer.alloc(4096)), { name: 'AssertionFailed' });
});

t.test('a log of many chunks is read whole', async (t) => {
  const { data, wal } = open(t);
  for (let index = 0; index < 40; index += 1) data.write(40_000);
  t.ok(data.frames > 400, 'more than half a megabyte');
  t.match(wal.scan(startOf(wal), { untilFrames: data.frames }), { commits: 40 });
});
