/**
 * What a created user costs the backup: bytes shipped and CPU time, under load and alone, for several
 * codecs, beside a log of row images. Decision 6 rests on it.
 * `node bench/segment-bytes.ts [users in the database, 20000]`
 */
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { writeSegment } from '../src/backup/segment.ts';
import { WalFile, type WalPosition } from '../src/backup/wal-scan.ts';
import { readBlocks } from '../src/backup/zstd-blocks.ts';
import type { CreateCommand } from '../src/store/commands.ts';
import { WrittenUsers } from './written-users.ts';

interface Load {
  readonly name: string;
  readonly spans: number;
  readonly users: number;
  readonly perCommit: number;
}

const LOADS: readonly Load[] = [
  { name: '5,000 a span, 40 a commit', spans: 4, users: 5000, perCommit: 40 },
  { name: '500 a span, 4 a commit', spans: 4, users: 500, perCommit: 4 },
  { name: '50 a span, 1 a commit', spans: 10, users: 50, perCommit: 1 },
  { name: 'one alone', spans: 50, users: 1, perCommit: 1 },
];

const CODECS: Readonly<Record<string, (bytes: Uint8Array) => Buffer>> = {
  'zstd 1': (bytes) => zstd(bytes, 1),
  'zstd 3': (bytes) => zstd(bytes, 3),
  'gzip 1': (bytes) => gzipSync(bytes, { level: 1 }),
};

class Sums {
  readonly #sums = new Map<string, number>();

  add(name: string, amount: number): void {
    this.#sums.set(name, (this.#sums.get(name) ?? 0) + amount);
  }

  /** Runs it and adds the CPU time it took, in microseconds; waits for the disk do not count. */
  timed<T>(name: string, run: () => T): T {
    const begin = process.cpuUsage();
    const result = run();
    const { user, system } = process.cpuUsage(begin);
    this.add(name, user + system);
    return result;
  }

  perUnit(units: number): Record<string, number> {
    return Object.fromEntries([...this.#sums].map(([name, sum]) => [name, round(sum / units)]));
  }
}

const folder = mkdtempSync(join(tmpdir(), 'segment-bytes-'));
try {
  measure(join(folder, 'data.db'), Number(process.argv[2] ?? 20_000));
} finally {
  rmSync(folder, { recursive: true });
}

function measure(path: string, existing: number): void {
  const users = new WrittenUsers(path, 1);
  while (existing > 0) {
    users.create(Math.min(existing, 20_000), 1000);
    users.db.pragma('wal_checkpoint(TRUNCATE)');
    existing -= 20_000;
  }
  const wal = new WalFile(`${path}-wal`);
  for (const load of LOADS)
    console.log(load.name, measureLoad(users, wal, load, `${path}.segment`));
  wal.close();
  users.close();
}

/** @returns bytes and microseconds per user */
function measureLoad(users: WrittenUsers, wal: WalFile, load: Load, path: string) {
  const sums = new Sums();
  let position = beginWal(users, wal);
  for (let span = 0; span < load.spans; span += 1) {
    const commands = users.create(load.users, load.perCommit);
    const scanned = sums.timed('µs scan', () => wal.scan(position));
    const written = sums.timed('µs writeSegment', () => writeSegment(wal, scanned, path));
    sums.add('bytes WAL', (scanned.end.frames - position.frames) * (scanned.pageSize + 24));
    sums.add('pages', scanned.pages.size);
    sums.add('bytes shipped', written.bytes);
    position = scanned.end;
    const blocks = blocksOf(path);
    const rows = Buffer.from(commands.map(rowImage).join('\n'));
    for (const [name, compress] of Object.entries(CODECS)) {
      for (const block of blocks) {
        sums.add(`bytes ${name}`, sums.timed(`µs ${name}`, () => compress(block)).length);
      }
    }
    sums.add('bytes row images, zstd 1', zstd(rows, 1).length);
  }
  return sums.perUnit(load.spans * load.users);
}

/** A WAL with one commit in it, and the position behind that. */
function beginWal(users: WrittenUsers, wal: WalFile): WalPosition {
  users.db.pragma('wal_checkpoint(TRUNCATE)');
  users.create(1, 1);
  const start = wal.start();
  if (start === undefined) throw new Error('no WAL after a commit');
  return wal.scan(start).end;
}

function blocksOf(path: string): Buffer[] {
  const handle = openSync(path, 'r');
  try {
    return [...readBlocks(handle, (reason) => new Error(reason))];
  } finally {
    closeSync(handle);
  }
}

/** What a log of rows would hold at least: the columns that nothing else is made from. */
function rowImage({ id, now, name, externalId, display, document }: CreateCommand): string {
  return JSON.stringify([id, now, name, externalId, display, document]);
}

function zstd(bytes: Uint8Array, level: number): Buffer {
  const params = {
    [constants.ZSTD_c_compressionLevel]: level,
    [constants.ZSTD_c_checksumFlag]: 1,
  };
  return zstdCompressSync(bytes, { params, pledgedSrcSize: bytes.length });
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
