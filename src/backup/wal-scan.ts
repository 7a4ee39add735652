/**
 * Reads the write-ahead log beside a live database: which pages changed between two places of it.
 * It opens the `-wal` file only, on which SQLite has no locks that closing could drop. The
 * invariant: a span holds whole commits, each frame verified; what cannot be is thrown, not skipped.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { assert } from '../platform/assert.ts';
import {
  decodeWalHeader,
  FRAME_HEADER_BYTES,
  FrameChain,
  frameBytes,
  frameOffset,
  WAL_HEADER_BYTES,
  walBuffer,
  type FrameHeader,
  type WalBuffer,
  type WalChecksum,
  type WalHeader,
  type WalSalts,
} from '../sqlite/wal-format.ts';

/** A place between two frames of a WAL, with the running checksum there. */
export interface WalPosition extends WalSalts, WalChecksum {
  /** Frames before it. */
  readonly frames: number;
}

/** What the commits between two positions changed. */
export interface WalSpan {
  readonly pageSize: number;
  /** Size of the database after the last commit; 0 when there is no commit. */
  readonly databasePages: number;
  /** Page → index of the frame, from 0, that holds its last version. In no order. */
  readonly pages: ReadonlyMap<number, number>;
  readonly commits: number;
  readonly end: WalPosition;
}

export interface ScanOptions {
  /** Where the span ends, right behind a commit; undefined: behind the last valid commit. */
  readonly untilFrames?: number;
  /** Ends the span earlier, behind this many commits. */
  readonly maxCommits?: number;
}

/** The WAL is not the one that the position is in: it began anew, or is gone. */
export class WalChanged extends Error {
  override readonly name = 'WalChanged';
}

/** A frame that was committed cannot be verified any more. */
export class WalDamaged extends Error {
  override readonly name = 'WalDamaged';
}

/** Read at once; frames are small, and a WAL may be of many megabytes. */
const CHUNK_BYTES = 512 * 1024;

export class WalFile {
  readonly #path: string;
  readonly #headerBuffer = walBuffer(WAL_HEADER_BYTES);
  #chunk = walBuffer(0);
  #handle: number | undefined;
  #header: WalHeader | undefined;

  /** @param path of the `-wal` file itself; it need not be there */
  constructor(path: string) {
    this.#path = path;
  }

  /** The position before the first frame; undefined when there is no WAL, or one without a valid header. */
  start(): WalPosition | undefined {
    const header = this.#readHeader();
    if (header === undefined) return undefined;
    const { salt1, salt2, checksum1, checksum2 } = header;
    return { salt1, salt2, frames: 0, checksum1, checksum2 };
  }

  /**
   * The place behind a frame that ends a commit. What lies before it is taken as it is: whoever asks
   * knows from elsewhere that it counts.
   * @returns undefined when the WAL has no valid header
   */
  positionBehind(frames: number): WalPosition | undefined {
    const start = this.start();
    if (start === undefined || frames === 0) return start;
    assert(this.#header !== undefined, 'the header was read');
    return { ...start, ...this.#checksumOf(frames - 1, this.#header.pageSize), frames };
  }

  /**
   * Collects the commits behind `position`.
   * @throws WalChanged when the WAL is not the one of `position` any more
   * @throws WalDamaged when a frame before `untilFrames` does not verify, or no commit ends there
   */
  scan(position: WalPosition, options: ScanOptions = {}): WalSpan {
    const { untilFrames = Infinity, maxCommits = Infinity } = options;
    assert(maxCommits >= 1, 'a span ends behind a commit');
    const header = this.#readHeader();
    if (header === undefined) throw new WalChanged(`${this.#path} is gone or empty`);
    this.#assertHolds(header, position);
    if (untilFrames < position.frames) {
      throw new WalChanged(
        `${this.#path} is said to end at frame ${untilFrames}, before frame ${position.frames}, which was read already`,
      );
    }
    const span = new SpanBuilder(header.pageSize, position);
    const read = this.#walk(header, span, untilFrames, maxCommits);
    const { end, commits } = span;
    if (untilFrames === Infinity || end.frames === untilFrames || commits === maxCommits) {
      return span.finish();
    }
    throw new WalDamaged(
      read < untilFrames
        ? `frame ${read} of ${this.#path} is damaged or missing, of ${untilFrames} that were committed`
        : `no commit ends at frame ${untilFrames} of ${this.#path}`,
    );
  }

  /** Reads the page of a frame that the last scan saw. @param into as long as a page */
  readPage(frameIndex: number, into: Uint8Array): void {
    const header = this.#header;
    assert(header?.pageSize === into.length, 'a page is read from a scanned WAL');
    const at = frameOffset(header.pageSize, frameIndex) + FRAME_HEADER_BYTES;
    if (this.#read(into, at) < into.length) {
      throw new WalDamaged(`frame ${frameIndex} of ${this.#path} is missing`);
    }
  }

  close(): void {
    if (this.#handle !== undefined) closeSync(this.#handle);
    this.#handle = undefined;
    this.#header = undefined;
  }

  /** @returns frames before the one that ended the walk */
  #walk(header: WalHeader, span: SpanBuilder, untilFrames: number, maxCommits: number): number {
    const chunk = this.#chunkFor(header.pageSize);
    const step = frameBytes(header.pageSize);
    const chain = new FrameChain(header, span.end);
    let index = span.end.frames;
    while (index < untilFrames) {
      const wanted = Math.min(chunk.bytes.length, (untilFrames - index) * step);
      const bytes = this.#read(
        chunk.bytes.subarray(0, wanted),
        frameOffset(header.pageSize, index),
      );
      for (let offset = 0; offset + step <= bytes; offset += step) {
        const frame = chain.accept(chunk, offset);
        if (frame === undefined) return index;
        index += 1;
        span.add(frame, chain);
        if (span.commits === maxCommits) return index;
      }
      if (bytes < wanted) return index;
    }
    return index;
  }

  /** The frame before the position must be the one that was read then, not a successor of it. */
  #assertHolds(header: WalHeader, position: WalPosition): void {
    const { salt1, salt2, checksum1, checksum2, frames } = position;
    if (header.salt1 !== salt1 || header.salt2 !== salt2) {
      throw new WalChanged(`${this.#path} began anew behind frame ${frames}, which was read last`);
    }
    const found = frames === 0 ? header : this.#checksumOf(frames - 1, header.pageSize);
    if (found.checksum1 !== checksum1 || found.checksum2 !== checksum2) {
      throw new WalChanged(
        `${this.#path} does not hold the ${frames} frames that were read before`,
      );
    }
  }

  /** As it stands in the file; zeros behind its end. */
  #checksumOf(frameIndex: number, pageSize: number): WalChecksum {
    const frame = Buffer.alloc(FRAME_HEADER_BYTES);
    this.#read(frame, frameOffset(pageSize, frameIndex));
    return { checksum1: frame.readUInt32BE(16), checksum2: frame.readUInt32BE(20) };
  }

  #readHeader(): WalHeader | undefined {
    if (!this.#open()) return undefined;
    if (this.#read(this.#headerBuffer.bytes, 0) < WAL_HEADER_BYTES) return undefined;
    this.#header = decodeWalHeader(this.#headerBuffer);
    return this.#header;
  }

  /**
   * Anew each time, a few microseconds: the last connection to close the database deletes the file,
   * and the next one makes another by that name.
   */
  #open(): boolean {
    this.close();
    try {
      this.#handle = openSync(this.#path, 'r');
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
      throw error;
    }
  }

  /** @returns bytes read; fewer than asked only at the end of the file */
  #read(into: Uint8Array, at: number): number {
    const handle = this.#handle;
    assert(handle !== undefined, 'the WAL is open');
    let done = 0;
    while (done < into.length) {
      const bytes = readSync(handle, into, done, into.length - done, at + done);
      if (bytes === 0) break;
      done += bytes;
    }
    return done;
  }

  #chunkFor(pageSize: number): WalBuffer {
    const step = frameBytes(pageSize);
    const length = Math.floor(CHUNK_BYTES / step) * step;
    if (this.#chunk.bytes.length !== length) this.#chunk = walBuffer(length);
    return this.#chunk;
  }
}

/** Gathers frames; those of a transaction count only when its commit comes. */
class SpanBuilder {
  readonly #pageSize: number;
  readonly #pages = new Map<number, number>();
  #open: number[] = [];
  #databasePages = 0;
  commits = 0;
  /** Behind the last commit. */
  end: WalPosition;

  constructor(pageSize: number, from: WalPosition) {
    this.#pageSize = pageSize;
    this.end = from;
  }

  add(frame: FrameHeader, chain: FrameChain): void {
    this.#open.push(frame.page);
    if (frame.databasePages === 0) return;
    const first = this.end.frames;
    for (const [index, page] of this.#open.entries()) this.#pages.set(page, first + index);
    this.end = { ...this.end, ...chain.checksum, frames: first + this.#open.length };
    this.#databasePages = frame.databasePages;
    this.#open = [];
    this.commits += 1;
  }

  finish(): WalSpan {
    // As SQLite's checkpoint does: the database shrank, what is beyond its end is not written.
    for (const page of this.#pages.keys()) {
      if (page > this.#databasePages) this.#pages.delete(page);
    }
    return {
      pageSize: this.#pageSize,
      databasePages: this.#databasePages,
      pages: this.#pages,
      commits: this.commits,
      end: this.end,
    };
  }
}
