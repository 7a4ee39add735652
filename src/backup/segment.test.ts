import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import {
  applySegment,
  DamagedSegment,
  inspectSegment,
  writeSegment,
  type SegmentFacts,
} from './segment.ts';
import { PinnedDatabase } from './test/pinned-database.ts';
import { WalChanged, WalFile, type WalSpan } from './wal-scan.ts';

interface Made {
  readonly data: PinnedDatabase;
  readonly path: string;
  readonly span: WalSpan;
  readonly written: { bytes: number; sha256: string };
}

/** A segment of everything that was committed to a new database. */
function segmentOf(t: Test, commit: (data: PinnedDatabase) => void): Made {
  const data = PinnedDatabase.forTest(t);
  commit(data);
  const wal = new WalFile(data.walPath);
  t.teardown(() => wal.close());
  const start = wal.start();
  if (start === undefined) throw new Error('nothing was committed');
  const span = wal.scan(start, { untilFrames: data.frames });
  const path = `${data.path}.segment`;
  return { data, path, span, written: writeSegment(wal, span, path) };
}

function twentyRows(data: PinnedDatabase): void {
  for (let index = 0; index < 20; index += 1) data.write();
}

/** The WAL in a segment, by what a person would use; without that tool, block by block. */
function decompressed(path: string): Buffer {
  const zstd = spawnSync('zstd', ['-dqc', path], { maxBuffer: 1 << 30 });
  if (zstd.error === undefined) return zstd.stdout;
  return Buffer.concat(blocksOf(readFileSync(path)).map((block) => zstdDecompressSync(block)));
}

/** The zstd frames, each behind twelve bytes that end with its length. */
function blocksOf(stored: Buffer): Buffer[] {
  const blocks: Buffer[] = [];
  for (let at = 0; at < stored.length;) {
    const end = at + 12 + stored.readUInt32LE(at + 8);
    blocks.push(stored.subarray(at + 12, end));
    at = end;
  }
  return blocks;
}

/** Writes blocks as a segment has them, whatever is in them. */
function writeBlocks(path: string, ...blocks: Buffer[]): string {
  const parts = blocks.flatMap((block) => {
    const compressed = zstdCompressSync(block);
    const prefix = Buffer.alloc(12);
    prefix.writeUInt32LE(0x184d2a50, 0);
    prefix.writeUInt32LE(4, 4);
    prefix.writeUInt32LE(compressed.length, 8);
    return [prefix, compressed];
  });
  writeFileSync(path, Buffer.concat(parts));
  return path;
}

function rowsOf(path: string): unknown[] {
  const db = new Database(path);
  try {
    if (db.pragma('integrity_check', { simple: true }) !== 'ok') throw new Error('not intact');
    return db.prepare('SELECT * FROM t ORDER BY a').all();
  } finally {
    db.close();
  }
}

t.test('a base and a segment make the database it was taken of', async (t) => {
  const { data, path, span } = segmentOf(t, twentyRows);
  const restored = `${data.path}-restored`;
  copyFileSync(data.base, restored);
  const applied = applySegment(path, restored);
  t.same(applied, { databasePages: span.databasePages, pages: span.pages.size });
  data.close();
  t.ok(readFileSync(restored).equals(readFileSync(data.path)), 'to the byte');
  t.same(rowsOf(restored), rowsOf(data.path));
});

t.test('SQLite reads a decompressed segment as the WAL of a snapshot', async (t) => {
  const { data, path } = segmentOf(t, (data) => {
    twentyRows(data);
    data.db.exec('DELETE FROM t WHERE a > 5; VACUUM; CREATE TABLE u (c); INSERT INTO u VALUES (1)');
  });
  const byHand = `${data.path}-by-hand`;
  copyFileSync(data.base, byHand);
  writeFileSync(`${byHand}-wal`, decompressed(path));
  const db = new Database(byHand);
  t.equal(db.prepare('SELECT c FROM u').pluck().get(), 1, 'before the checkpoint');
  t.match(db.pragma('wal_checkpoint(TRUNCATE)'), [{ busy: 0 }]);
  db.close();
  data.close();
  t.ok(readFileSync(byHand).equals(readFileSync(data.path)), 'to the byte');
  t.equal(rowsOf(byHand).length, 5);
});

t.test('size and hash are those of the file, and the same span makes the same file', async (t) => {
  const { data, path, span, written } = segmentOf(t, twentyRows);
  const stored = readFileSync(path);
  const sha256 = createHash('sha256').update(stored).digest('hex');
  t.same(written, { bytes: stored.length, sha256 });
  const wal = new WalFile(data.walPath);
  t.teardown(() => wal.close());
  const start = wal.start();
  if (start === undefined) throw new Error('the WAL is gone');
  wal.scan(start);
  t.same(writeSegment(wal, span, `${path}-again`), written);
});

t.test('a segment of many blocks is whole', async (t) => {
  const { data, path, span } = segmentOf(t, (data) => data.write(3_500_000));
  t.ok(blocksOf(readFileSync(path)).length >= 4);
  t.same(inspectSegment(path), {
    pages: span.pages.size,
    databasePages: span.databasePages,
    pageSize: 4096,
  } satisfies SegmentFacts);
  const restored = `${data.path}-restored`;
  copyFileSync(data.base, restored);
  applySegment(path, restored);
  data.close();
  t.ok(readFileSync(restored).equals(readFileSync(data.path)));
});

t.test('a database that shrank is cut, one that grew is long enough', async (t) => {
  const { data, path, span } = segmentOf(t, twentyRows);
  const long = `${data.path}-long`;
  writeFileSync(long, Buffer.concat([readFileSync(data.base), Buffer.alloc(4096 * 100)]));
  applySegment(path, long);
  t.equal(readFileSync(long).length, span.databasePages * 4096);
});

t.test(
  'a bit that flipped, or an end that is missing, is refused and writes nothing',
  async (t) => {
    const { data, path } = segmentOf(t, twentyRows);
    const stored = readFileSync(path);
    const base = readFileSync(data.base);
    const damagedPath = `${path}-damaged`;
    const target = `${data.path}-target`;
    writeFileSync(target, base);
    const refused = (bytes: Buffer): boolean => {
      writeFileSync(damagedPath, bytes);
      try {
        applySegment(damagedPath, target);
        return false;
      } catch (error) {
        if (!(error instanceof DamagedSegment) || !error.message.includes(damagedPath)) throw error;
        return readFileSync(target).equals(base);
      }
    };
    fc.assert(
      fc.property(fc.nat(stored.length * 8 - 1), (bit) => {
        const bytes = Buffer.from(stored);
        bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        return refused(bytes);
      }),
      // All of the first prefix and of the header of its frame, and the checksum at the end.
      { examples: [...range(0, 240), ...range(stored.length * 8 - 32, stored.length * 8)] },
    );
    fc.assert(
      fc.property(fc.nat(stored.length - 1), (length) => refused(stored.subarray(0, length))),
      { examples: [...range(0, 24), ...range(stored.length - 10, stored.length)] },
    );
    t.ok(refused(Buffer.concat([stored, Buffer.of(0)])), 'a byte more');
    t.ok(refused(Buffer.concat([stored, stored])), 'twice');
    applySegment(path, target);
    t.notOk(readFileSync(target).equals(base), 'the whole one is not refused');
  },
);

t.test('what compresses well but is no segment is refused', async (t) => {
  const { data, path } = segmentOf(t, twentyRows);
  const log = decompressed(path);
  const first = log.subarray(0, 32 + 4120);
  const second = log.subarray(32 + 4120, 32 + 2 * 4120);
  const rest = log.subarray(32 + 2 * 4120);
  const other = `${path}-other`;
  const problem = (...blocks: Buffer[]): string => {
    try {
      inspectSegment(writeBlocks(other, ...blocks));
      return 'none';
    } catch (error) {
      return error instanceof DamagedSegment ? error.message : String(error);
    }
  };
  t.equal(problem(first, second, rest), 'none');
  t.match(problem(), 'it has no end');
  t.match(problem(Buffer.alloc(100)), 'it does not begin with the header of a WAL');
  t.match(problem(first.subarray(0, 20)), 'it does not begin with the header of a WAL');
  t.match(problem(first), 'it has no end');
  t.match(problem(first, second.subarray(0, 4000)), 'it ends within a frame');
  t.match(problem(first, rest), 'frame 1 does not verify');
  t.match(problem(first, second, rest, rest), 'it goes on behind its commit');
  t.match(problem(Buffer.alloc(2 ** 20 + 1)), 'does not decompress');
  // A raw WAL: valid for SQLite, but pages come more than once and in any order.
  t.match(problem(readFileSync(data.walPath)), 'it goes on behind its commit');
});

t.test('a segment is not applied to what it does not belong to', async (t) => {
  const { data, path } = segmentOf(t, twentyRows);
  const other = `${data.path}-other`;
  const db = new Database(other);
  db.pragma('page_size = 1024');
  db.exec('CREATE TABLE t (a)');
  db.close();
  const before = readFileSync(other);
  t.throws(() => applySegment(path, other), DamagedSegment);
  t.ok(readFileSync(other).equals(before));
  writeFileSync(other, 'no database');
  t.throws(() => applySegment(path, other), DamagedSegment);
  t.throws(() => applySegment(path, `${data.path}-none`), { code: 'ENOENT' });
  t.throws(() => inspectSegment(`${path}-none`), { code: 'ENOENT' });
});

t.test('a WAL that begins anew while a segment is made of it is noticed', async (t) => {
  const { data, path, span } = segmentOf(t, twentyRows);
  const wal = new WalFile(data.walPath);
  t.teardown(() => wal.close());
  const start = wal.start();
  if (start === undefined) throw new Error('the WAL is gone');
  wal.scan(start);
  data.emptyWal('RESTART');
  data.write();
  t.throws(() => writeSegment(wal, span, path), WalChanged);
});

t.test('nothing committed makes no segment', async (t) => {
  const { data, path, span } = segmentOf(t, twentyRows);
  const wal = new WalFile(data.walPath);
  t.teardown(() => wal.close());
  const nothing = wal.scan(span.end);
  t.throws(() => writeSegment(wal, nothing, path), { name: 'AssertionFailed' });
});

function range(from: number, to: number): [number][] {
  return Array.from({ length: to - from }, (_, index) => [from + index]);
}
