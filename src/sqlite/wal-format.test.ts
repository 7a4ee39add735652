import { readFileSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import fc from 'fast-check';
import { openWriter } from './open.ts';
import {
  decodeWalHeader,
  encodeWalHeader,
  FrameChain,
  frameBytes,
  frameOffset,
  WAL_HEADER_BYTES,
  walBuffer,
  type WalBuffer,
  type WalHeader,
} from './wal-format.ts';

interface Log {
  /** Of the database, which is closed; its content is in the log alone. */
  readonly path: string;
  readonly file: WalBuffer;
  readonly header: WalHeader;
  readonly frames: number;
}

/** A log that SQLite wrote: three commits over a few pages. */
function logOfSqlite(t: Test, pageSize = 4096): Log {
  const path = `${t.testdir()}/data.db`;
  const created = new Database(path);
  created.pragma(`page_size = ${pageSize}`);
  created.pragma('journal_mode = WAL');
  created.exec('CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)');
  created.close();
  const database = readFileSync(path);
  const db = openWriter(path, { synchronous: 'NORMAL' });
  const insert = db.prepare<[string]>('INSERT INTO t (b) VALUES (?)');
  for (const letter of ['x', 'y', 'z']) insert.run(letter.repeat(pageSize * 2));
  const bytes = readFileSync(`${path}-wal`);
  db.close();
  // Closing carried the log into the database.
  writeFileSync(path, database);
  const file = walBuffer(bytes.length);
  bytes.copy(file.bytes);
  const header = decodeWalHeader(file);
  if (header === undefined) throw new Error('SQLite wrote no header');
  return { path, file, header, frames: (bytes.length - WAL_HEADER_BYTES) / frameBytes(pageSize) };
}

/** As the specification words it, without regard to speed. */
function plainChecksum(parts: readonly Buffer[], order: 'LE' | 'BE', from: [number, number]) {
  let [first, second] = from.map(BigInt) as [bigint, bigint];
  const bytes = Buffer.concat(parts);
  const word = (at: number) =>
    BigInt(order === 'LE' ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  for (let at = 0; at < bytes.length; at += 8) {
    first = (first + word(at) + second) & 0xffff_ffffn;
    second = (second + word(at + 4) + first) & 0xffff_ffffn;
  }
  return [Number(first), Number(second)] as [number, number];
}

/** The same log as a big-endian machine would have written it. */
function bigEndian({ file, header, frames }: Log): WalBuffer {
  const turned = walBuffer(file.bytes.length);
  const { bytes } = turned;
  file.bytes.copy(bytes);
  bytes.writeUInt32BE(0x377f0683, 0);
  let sum = plainChecksum([bytes.subarray(0, 24)], 'BE', [0, 0]);
  bytes.writeUInt32BE(sum[0], 24);
  bytes.writeUInt32BE(sum[1], 28);
  for (let index = 0; index < frames; index += 1) {
    const at = frameOffset(header.pageSize, index);
    const page = bytes.subarray(at + 24, at + frameBytes(header.pageSize));
    sum = plainChecksum([bytes.subarray(at, at + 8), page], 'BE', sum);
    bytes.writeUInt32BE(sum[0], at + 16);
    bytes.writeUInt32BE(sum[1], at + 20);
  }
  return turned;
}

/** @returns database sizes of the frames up to the first that is refused */
function accepted(file: WalBuffer, frames: number): number[] {
  const header = decodeWalHeader(file);
  if (header === undefined) return [];
  const chain = new FrameChain(header);
  const sizes: number[] = [];
  for (let index = 0; index < frames; index += 1) {
    const frame = chain.accept(file, frameOffset(header.pageSize, index));
    if (frame === undefined) break;
    sizes.push(frame.databasePages);
  }
  return sizes;
}

for (const pageSize of [512, 4096, 65_536]) {
  t.test(`a log that SQLite wrote verifies, pages of ${pageSize}`, async (t) => {
    const { file, header, frames } = logOfSqlite(t, pageSize);
    t.equal(header.pageSize, pageSize);
    const sizes = accepted(file, frames);
    t.equal(sizes.length, frames);
    t.equal(sizes.filter((size) => size > 0).length, 3, 'three commits');
    t.not(sizes.at(-1), 0, 'the last frame ends a commit');
  });

  t.test(`frames are made as SQLite makes them, pages of ${pageSize}`, async (t) => {
    const { file, header, frames } = logOfSqlite(t, pageSize);
    const made = walBuffer(file.bytes.length);
    const chain = new FrameChain(encodeWalHeader(made, header));
    for (let index = 0; index < frames; index += 1) {
      const at = frameOffset(pageSize, index);
      file.bytes.copy(made.bytes, at + 24, at + 24, at + frameBytes(pageSize));
      const page = file.bytes.readUInt32BE(at);
      const databasePages = file.bytes.readUInt32BE(at + 4);
      chain.seal(made, at, { page, databasePages });
    }
    t.ok(made.bytes.equals(file.bytes));
  });
}

t.test('a log of a big-endian machine verifies, for us and for SQLite', async (t) => {
  const log = logOfSqlite(t);
  const turned = bigEndian(log);
  t.equal(decodeWalHeader(turned)?.wordOrder, 'BE');
  t.same(accepted(turned, log.frames), accepted(log.file, log.frames));
  writeFileSync(`${log.path}-wal`, turned.bytes);
  const db = new Database(log.path);
  t.teardown(() => db.close());
  t.equal(db.prepare('SELECT count(*) FROM t').pluck().get(), 3);
});

t.test('a chain goes on from any frame', async (t) => {
  const { file, header, frames } = logOfSqlite(t);
  const whole = new FrameChain(header);
  for (let index = 0; index < frames; index += 1) {
    const rest = new FrameChain(header, whole.checksum);
    const at = frameOffset(header.pageSize, index);
    t.same(rest.accept(file, at), whole.accept(file, at));
    t.same(rest.checksum, whole.checksum);
  }
});

t.test('a bit that flipped anywhere ends the log there', async (t) => {
  const { file, header, frames } = logOfSqlite(t);
  const bit = fc.nat(file.bytes.length * 8 - 1);
  fc.assert(
    fc.property(bit, (bit) => {
      const at = bit >> 3;
      const damaged = walBuffer(file.bytes.length);
      file.bytes.copy(damaged.bytes);
      damaged.bytes.writeUInt8(damaged.bytes.readUInt8(at) ^ (1 << (bit & 7)), at);
      const frame = Math.floor((at - WAL_HEADER_BYTES) / frameBytes(header.pageSize));
      return accepted(damaged, frames).length === Math.max(frame, 0);
    }),
    {
      examples: Array.from({ length: (WAL_HEADER_BYTES + 24) * 8 }, (_, bit) => [bit] as [number]),
    },
  );
});

t.test('a header of another format is none', async (t) => {
  const header = (change: (bytes: Buffer) => void) => {
    const buffer = walBuffer(WAL_HEADER_BYTES);
    encodeWalHeader(buffer, { pageSize: 4096, checkpointSequence: 1, salt1: 2, salt2: 3 });
    change(buffer.bytes);
    // With checksums that agree, so that it is not they that refuse it.
    const [first, second] = plainChecksum([buffer.bytes.subarray(0, 24)], 'LE', [0, 0]);
    buffer.bytes.writeUInt32BE(first, 24);
    buffer.bytes.writeUInt32BE(second, 28);
    return decodeWalHeader(buffer);
  };
  t.match(
    header(() => undefined),
    { pageSize: 4096, checkpointSequence: 1, salt1: 2, salt2: 3 },
  );
  t.equal(
    header((bytes) => bytes.writeUInt32BE(0x377f0680, 0)),
    undefined,
  );
  t.equal(
    header((bytes) => bytes.writeUInt32BE(3_007_001, 4)),
    undefined,
  );
  for (const size of [0, 256, 1000, 131_072, 0x8000_0000]) {
    t.equal(
      header((bytes) => bytes.writeUInt32BE(size, 8)),
      undefined,
      `pages of ${size}`,
    );
  }
});
