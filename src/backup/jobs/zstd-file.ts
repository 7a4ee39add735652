/**
 * Compresses a file into one zstd frame and back, piece by piece: neither file is ever in memory.
 * One encoder serves the whole file: each `zstdCompressSync` leaves a megabyte outside of V8's sight
 * until some later garbage collection, which a database of 1 GB turned into 200 MB. What is written
 * carries a checksum over all of its content; what is read is refused when it is not whole.
 */
import { createHash, type Hash } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, readSync, rmSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import { assert } from '../../platform/assert.ts';
import { giveBack } from '../give-back.ts';
import { writeWhole } from '../write-whole.ts';
import { JobError } from './job-error.ts';
import { frameProblem } from './zstd-frame.ts';

export interface CompressedFile {
  readonly bytes: number;
  /** Of the compressed file, hex. */
  readonly sha256: string;
  readonly sourceBytes: number;
  /** Of the file before compression, hex. */
  readonly sourceSha256: string;
}

/** One buffer, filled anew for each round trip to libuv's threads. */
const READ_BYTES = 256 * 1024;
/**
 * What comes out. Larger pieces are little faster, but each is garbage until V8 scavenges: with
 * 256 KiB a restore of 1 GB took 15 MB more.
 */
const CHUNK_BYTES = 64 * 1024;
/** Level 3 took half as much time again and saved 3 % on a database of users. */
const LEVEL = 1;
/** Memory that decompression may ask for: 8 MiB; ours needs 512 KiB. */
const WINDOW_LOG_MAX = 23;

/**
 * Makes a durable file, except for its name: syncing the folder is the caller's.
 * @param to must not exist
 * @param rest awaited between pieces; whoever calls holds the work back there
 */
export async function compressFile(
  from: string,
  to: string,
  rest: () => Promise<void> = () => Promise.resolve(),
): Promise<CompressedFile> {
  const source = openSync(from, 'r');
  try {
    return await intoNewFile(to, (target) => compress(source, target, rest));
  } finally {
    closeSync(source);
  }
}

/**
 * Syncing the file is the caller's, when it is complete.
 * @param to must not exist
 * @throws JobError `damaged` when the file is not one whole frame, or its checksum is another
 */
export async function decompressFile(from: string, to: string): Promise<void> {
  const source = openSync(from, 'r');
  try {
    const problem = frameProblem(source, fstatSync(source).size);
    if (problem !== undefined) throw new JobError('damaged', `${from} is damaged: ${problem}`);
    await intoNewFile(to, (target) => decompress(source, target));
  } catch (error) {
    if (!isZstdError(error)) throw error;
    throw new JobError('damaged', `${from} is damaged: ${error.message}`, { cause: error });
  } finally {
    closeSync(source);
  }
}

/** Leaves no half of a file when it fails; never touches one that was there before. */
async function intoNewFile<T>(path: string, write: (handle: number) => Promise<T>): Promise<T> {
  const handle = openSync(path, 'wx');
  try {
    return await write(handle);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(handle);
  }
}

async function compress(
  source: number,
  target: number,
  rest: () => Promise<void>,
): Promise<CompressedFile> {
  const sourceHash = createHash('sha256');
  const hash = createHash('sha256');
  const sourceBytes = fstatSync(source).size;
  let bytes = 0;
  const encoder = createZstdCompress({
    chunkSize: CHUNK_BYTES,
    // Stands in the frame's header; `zstd -l` shows it, and a decoder knows what to expect.
    pledgedSrcSize: sourceBytes,
    params: {
      [constants.ZSTD_c_compressionLevel]: LEVEL,
      [constants.ZSTD_c_checksumFlag]: 1,
    },
  });
  assertConsumesWhole(encoder);
  await pipeline(
    restingBetween(piecesOf(source, sourceHash), rest),
    encoder,
    async (pieces: AsyncIterable<Buffer>) => {
      for await (const piece of pieces) {
        hash.update(piece);
        bytes += piece.length;
        writeWhole(target, piece);
        giveBackWhole(piece);
      }
    },
  );
  fsyncSync(target);
  return {
    bytes,
    sha256: hash.digest('hex'),
    sourceBytes,
    sourceSha256: sourceHash.digest('hex'),
  };
}

async function decompress(source: number, target: number): Promise<void> {
  const decoder = createZstdDecompress({
    chunkSize: CHUNK_BYTES,
    params: { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG_MAX },
  });
  assertConsumesWhole(decoder);
  await pipeline(piecesOf(source), decoder, async (pieces: AsyncIterable<Buffer>) => {
    for await (const piece of pieces) {
      writeWhole(target, piece);
      giveBackWhole(piece);
    }
  });
}

/** A stream cuts its pieces from chunks: only one that fills its chunk has it for itself. */
function giveBackWhole(piece: Buffer): void {
  if (piece.length === piece.buffer.byteLength) giveBack(piece.buffer);
}

/** Hands out the same buffer again and again: each piece must be consumed before the next. */
function* piecesOf(source: number, hash?: Hash): Generator<Buffer, void, undefined> {
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  for (;;) {
    const bytes = readSync(source, buffer, 0, READ_BYTES, null);
    const piece = buffer.subarray(0, bytes);
    hash?.update(piece);
    if (bytes > 0) yield piece;
    // A regular file gives less than asked only at its end; a short piece is not waited for.
    if (bytes < READ_BYTES) return;
  }
}

async function* restingBetween(
  pieces: Iterable<Buffer>,
  rest: () => Promise<void>,
): AsyncGenerator<Buffer, void, undefined> {
  for (const piece of pieces) {
    yield piece;
    await rest();
  }
}

/** A stream with no more room than a piece makes `pipeline` wait until the piece was consumed. */
function assertConsumesWhole(stream: { readonly writableHighWaterMark: number }): void {
  assert(stream.writableHighWaterMark <= READ_BYTES, 'a piece is consumed before the next is read');
}

function isZstdError(error: unknown): error is Error {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    error.code.startsWith('ZSTD_error')
  );
}
