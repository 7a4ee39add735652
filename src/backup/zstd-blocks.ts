/**
 * A file of zstd frames of at most a mebibyte each, every one behind a 12-byte skippable frame that
 * tells its length, as `pzstd` writes them: `zstd -d` reads the file, and so do we, synchronously
 * and in bounded memory. It knows nothing of what is inside. The invariant: a file that was cut is
 * refused. Node's decoder alone would not notice: it takes a cut frame for a shorter one, and stops
 * without a word behind the first.
 */
import { createHash } from 'node:crypto';
import { readSync } from 'node:fs';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { giveBack } from './give-back.ts';
import { writeWhole } from './write-whole.ts';

/** Before compression. */
export const BLOCK_BYTES_MAX = 1024 * 1024;

const PREFIX_BYTES = 12;
const SKIPPABLE_MAGIC = 0x184d2a50;
/** What zstd can make at most of a block that does not compress, and some room. */
const COMPRESSED_BYTES_MAX = boundOf(BLOCK_BYTES_MAX);
/** Level 3 takes up to twice the time and saves hardly a hundredth: decision 6. */
const LEVEL = 1;

/** Writes blocks to the end of an open file. */
export class BlockWriter {
  readonly #handle: number;
  readonly #hash = createHash('sha256');
  #bytes = 0;

  constructor(handle: number) {
    this.#handle = handle;
  }

  /** @param block at most BLOCK_BYTES_MAX */
  write(block: Uint8Array): void {
    const compressed = zstdCompressSync(block, {
      params: {
        [constants.ZSTD_c_compressionLevel]: LEVEL,
        [constants.ZSTD_c_checksumFlag]: 1,
      },
      pledgedSrcSize: block.length,
      // Room for all that can come out: zstd then compresses in one go, without copying the block
      // into a window of its own, in two thirds of the time.
      chunkSize: boundOf(block.length),
    });
    const prefix = Buffer.alloc(PREFIX_BYTES);
    prefix.writeUInt32LE(SKIPPABLE_MAGIC, 0);
    prefix.writeUInt32LE(PREFIX_BYTES - 8, 4);
    prefix.writeUInt32LE(compressed.length, 8);
    this.#append(prefix);
    this.#append(compressed);
  }

  /** Of what was written. */
  finish(): { readonly bytes: number; readonly sha256: string } {
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  #append(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    writeWhole(this.#handle, bytes);
    this.#bytes += bytes.length;
  }
}

/** Each block is decompressed as soon as it is here: one buffer serves all files of a thread. */
const compressedBytes = Buffer.allocUnsafeSlow(COMPRESSED_BYTES_MAX);

/**
 * The blocks of an open file, from its beginning. Each is there until the next is asked for.
 * @param damaged makes the error that is thrown when the file is not whole
 */
export function* readBlocks(
  handle: number,
  damaged: (reason: string, cause?: unknown) => Error,
): Generator<Buffer, void, undefined> {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  let at = 0;
  for (;;) {
    const found = readAt(handle, prefix, at);
    if (found === 0) return;
    const length = prefix.readUInt32LE(8);
    if (
      found < PREFIX_BYTES ||
      prefix.readUInt32LE(0) !== SKIPPABLE_MAGIC ||
      prefix.readUInt32LE(4) !== PREFIX_BYTES - 8 ||
      length > COMPRESSED_BYTES_MAX
    ) {
      throw damaged(`no block begins at byte ${at}`);
    }
    const compressed = compressedBytes.subarray(0, length);
    if (readAt(handle, compressed, at + PREFIX_BYTES) < length) {
      throw damaged(`the block at byte ${at} is cut off`);
    }
    let block: Buffer;
    try {
      // Room for a whole block: what comes in many chunks is copied together, and is garbage then.
      block = zstdDecompressSync(compressed, {
        maxOutputLength: BLOCK_BYTES_MAX,
        chunkSize: BLOCK_BYTES_MAX,
      });
    } catch (error) {
      throw damaged(`the block at byte ${at} does not decompress`, error);
    }
    yield block;
    // A chunk of its own; only a smaller one could stand among others.
    if (block.buffer.byteLength === BLOCK_BYTES_MAX) giveBack(block.buffer);
    at += PREFIX_BYTES + length;
  }
}

/** zstd adds a 256th at most, and the headers of a frame. */
function boundOf(bytes: number): number {
  return bytes + (bytes >> 8) + 1024;
}

/** @returns bytes read; fewer than asked only at the end of the file */
function readAt(handle: number, into: Uint8Array, at: number): number {
  let done = 0;
  while (done < into.length) {
    const bytes = readSync(handle, into, done, into.length - done, at + done);
    if (bytes === 0) break;
    done += bytes;
  }
  return done;
}
