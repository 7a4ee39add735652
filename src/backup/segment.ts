/**
 * A segment: what the commits between two positions changed, as a WAL of its own with one
 * transaction, compressed. SQLite itself can read it, so a restore by hand needs `zstd` and
 * `sqlite3` only. The invariant: nothing is written to a database before the segment was verified
 * from its first byte to its last.
 */
import { closeSync, fsyncSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { assert } from '../platform/assert.ts';
import {
  decodeWalHeader,
  encodeWalHeader,
  FRAME_HEADER_BYTES,
  FrameChain,
  frameBytes,
  WAL_HEADER_BYTES,
  walBuffer,
} from '../sqlite/wal-format.ts';
import { WalChanged, type WalFile, type WalSpan } from './wal-scan.ts';
import { writeWhole } from './write-whole.ts';
import { BLOCK_BYTES_MAX, BlockWriter, readBlocks } from './zstd-blocks.ts';

export interface SegmentFacts {
  /** Pages in the segment. */
  readonly pages: number;
  /** Size of the database once it is applied. */
  readonly databasePages: number;
  readonly pageSize: number;
}

/** A segment that must not be applied. */
export class DamagedSegment extends Error {
  constructor(path: string, reason: string, cause?: unknown) {
    super(`segment ${path} is damaged: ${reason}; fetch it again or from another storage`, {
      cause,
    });
    this.name = 'DamagedSegment';
  }
}

/**
 * Writes a span as a segment, durably except for its name: the caller renames it and syncs the
 * folder. The same span gives the same bytes.
 * @param span of one commit or more, just scanned
 * @returns size and hash of the file
 * @throws WalChanged when the WAL began anew while it was read; the file is of no use then
 */
export function writeSegment(
  wal: WalFile,
  span: WalSpan,
  path: string,
): { bytes: number; sha256: string } {
  assert(span.commits > 0, 'a segment holds a commit');
  const handle = openSync(path, 'w');
  try {
    const blocks = new BlockWriter(handle);
    writeFrames(wal, span, blocks);
    // A WAL that begins anew gets its new salts before anything in it is overwritten.
    const { salt1, salt2 } = wal.start() ?? {};
    if (salt1 !== span.end.salt1 || salt2 !== span.end.salt2) {
      throw new WalChanged('the write-ahead log began anew while a segment was made of it');
    }
    fsyncSync(handle);
    return blocks.finish();
  } finally {
    closeSync(handle);
  }
}

/**
 * Verifies a segment whole.
 * @throws DamagedSegment
 */
export function inspectSegment(path: string): SegmentFacts {
  return walkSegment(path, () => undefined);
}

/**
 * Carries a database, which no connection has open, on to the segment's last commit. Syncing the
 * database is the caller's.
 * @throws DamagedSegment before anything was written
 */
export function applySegment(
  segmentPath: string,
  databasePath: string,
): { databasePages: number; pages: number } {
  const { pages, databasePages, pageSize } = inspectSegment(segmentPath);
  const database = openSync(databasePath, 'r+');
  try {
    const found = databasePageSize(database);
    if (found !== pageSize) {
      throw new DamagedSegment(
        segmentPath,
        `its pages have ${pageSize} bytes, those of ${databasePath} ${found ?? 'no size'}`,
      );
    }
    walkSegment(segmentPath, (page, image) => {
      writeWhole(database, image, (page - 1) * pageSize);
    });
    ftruncateSync(database, databasePages * pageSize);
  } finally {
    closeSync(database);
  }
  return { databasePages, pages };
}

/** Blocks are cut between frames; the first one begins with the header. */
function writeFrames(wal: WalFile, span: WalSpan, blocks: BlockWriter): void {
  const { pageSize, databasePages, end } = span;
  const step = frameBytes(pageSize);
  // From where the span ends, so that the same span always makes the same segment.
  const salts = { salt1: end.checksum1, salt2: end.checksum2 };
  const pages = Uint32Array.from(span.pages.keys()).sort();
  const length = Math.min(BLOCK_BYTES_MAX, WAL_HEADER_BYTES + pages.length * step);
  const buffer = walBuffer(length);
  const chain = new FrameChain(
    encodeWalHeader(buffer, { ...salts, pageSize, checkpointSequence: 0 }),
  );
  let filled = WAL_HEADER_BYTES;
  for (const [index, page] of pages.entries()) {
    if (filled + step > length) {
      blocks.write(buffer.bytes.subarray(0, filled));
      filled = 0;
    }
    const image = buffer.bytes.subarray(filled + FRAME_HEADER_BYTES, filled + step);
    wal.readPage(span.pages.get(page) ?? -1, image);
    const isLast = index === pages.length - 1;
    chain.seal(buffer, filled, { page, databasePages: isLast ? databasePages : 0 });
    filled += step;
  }
  blocks.write(buffer.bytes.subarray(0, filled));
}

/** @throws DamagedSegment at the first thing that is not as `writeSegment` makes it */
function walkSegment(
  path: string,
  onPage: (page: number, image: Uint8Array) => void,
): SegmentFacts {
  const damaged = (reason: string, cause?: unknown): Error =>
    new DamagedSegment(path, reason, cause);
  const handle = openSync(path, 'r');
  try {
    const walk = new SegmentWalk(damaged, onPage);
    for (const block of readBlocks(handle, damaged)) walk.take(block);
    return walk.finish();
  } finally {
    closeSync(handle);
  }
}

/**
 * Words can only be summed where they are aligned, which a decompressed block need not be. One for all
 * walks, which end before another begins: a restore walks thousands of segments.
 */
const walked = walBuffer(BLOCK_BYTES_MAX);

/** Goes through the blocks of a segment; each holds whole frames. */
class SegmentWalk {
  readonly #damaged: (reason: string) => Error;
  readonly #onPage: (page: number, image: Uint8Array) => void;
  readonly #buffer = walked;
  #chain: FrameChain | undefined;
  #pageSize = 0;
  #pages = 0;
  #lastPage = 0;
  #databasePages = 0;

  constructor(
    damaged: (reason: string) => Error,
    onPage: (page: number, image: Uint8Array) => void,
  ) {
    this.#damaged = damaged;
    this.#onPage = onPage;
  }

  take(block: Buffer): void {
    block.copy(this.#buffer.bytes);
    let offset = 0;
    if (this.#chain === undefined) {
      this.#chain = this.#begin(block.length);
      offset = WAL_HEADER_BYTES;
    }
    const step = frameBytes(this.#pageSize);
    for (; offset < block.length; offset += step) {
      if (offset + step > block.length) throw this.#damaged('it ends within a frame');
      this.#takeFrame(this.#chain, offset, step);
    }
  }

  finish(): SegmentFacts {
    if (this.#databasePages === 0) throw this.#damaged('it has no end');
    return {
      pages: this.#pages,
      databasePages: this.#databasePages,
      pageSize: this.#pageSize,
    };
  }

  #begin(length: number): FrameChain {
    const header = length < WAL_HEADER_BYTES ? undefined : decodeWalHeader(this.#buffer);
    if (header === undefined) throw this.#damaged('it does not begin with the header of a WAL');
    this.#pageSize = header.pageSize;
    return new FrameChain(header);
  }

  #takeFrame(chain: FrameChain, offset: number, step: number): void {
    if (this.#databasePages !== 0) throw this.#damaged('it goes on behind its commit');
    const frame = chain.accept(this.#buffer, offset);
    if (frame === undefined) throw this.#damaged(`frame ${this.#pages} does not verify`);
    if (frame.page <= this.#lastPage) throw this.#damaged(`page ${frame.page} is out of order`);
    this.#pages += 1;
    this.#lastPage = frame.page;
    this.#databasePages = frame.databasePages;
    if (frame.databasePages !== 0 && frame.page > frame.databasePages) {
      throw this.#damaged(`page ${frame.page} lies beyond the end of the database`);
    }
    this.#onPage(
      frame.page,
      this.#buffer.bytes.subarray(offset + FRAME_HEADER_BYTES, offset + step),
    );
  }
}

/** From the header of the database file; undefined when it is none. */
function databasePageSize(handle: number): number | undefined {
  const header = Buffer.alloc(18);
  if (readSync(handle, header, 0, 18, 0) < 18) return undefined;
  if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0') return undefined;
  const stored = header.readUInt16BE(16);
  return stored === 1 ? 65_536 : stored;
}
