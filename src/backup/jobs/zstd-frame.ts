/**
 * Finds where the one zstd frame of a file ends (RFC 8878 §3.1.1), by its block headers alone. Node's
 * decoder takes a frame that was cut off for a shorter one, and stops silently behind the first: so
 * a file is walked before it is decompressed. The invariant: what passes is one whole frame with a
 * checksum over all of its content, and nothing behind it.
 */
import { readSync } from 'node:fs';

const MAGIC = 0xfd2fb528;
/** Magic number, descriptor, window, dictionary id, content size: each at its longest. */
const HEADER_BYTES_MAX = 18;
const BLOCK_HEADER_BYTES = 3;
const CHECKSUM_BYTES = 4;
const RAW_BLOCK = 0;
const RLE_BLOCK = 1;
const COMPRESSED_BLOCK = 2;

/** Of the descriptor, RFC 8878 §3.1.1.1.1. */
const CHECKSUM_FLAG = 0x04;
const SINGLE_SEGMENT_FLAG = 0x20;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4] as const;
const CONTENT_SIZE_BYTES = [0, 2, 4, 8] as const;

/**
 * Costs one small read per block, of which 1 GB has some ten thousand.
 * @param handle of the compressed file
 * @param bytes its size
 * @returns what is wrong with it, or undefined
 */
export function frameProblem(handle: number, bytes: number): string | undefined {
  const header = Buffer.alloc(HEADER_BYTES_MAX);
  const found = readSync(handle, header, 0, HEADER_BYTES_MAX, 0);
  if (found < 5 || header.readUInt32LE(0) !== MAGIC) return 'it does not begin as zstd does';
  const descriptor = header.readUInt8(4);
  if ((descriptor & CHECKSUM_FLAG) === 0) return 'it has no checksum';
  let at = frameHeaderBytes(descriptor);
  for (;;) {
    const block = blockAt(handle, at);
    if (block === undefined) return `a block at byte ${at} is cut off or damaged`;
    at += BLOCK_HEADER_BYTES + block.bytes;
    if (at > bytes) return `it is cut off at byte ${bytes}`;
    if (block.isLast) break;
  }
  const end = at + CHECKSUM_BYTES;
  if (end === bytes) return undefined;
  return end > bytes
    ? `it is cut off at byte ${bytes}`
    : `something follows its end at byte ${end}`;
}

function frameHeaderBytes(descriptor: number): number {
  const singleSegment = (descriptor & SINGLE_SEGMENT_FLAG) !== 0;
  const dictionary = DICTIONARY_ID_BYTES[descriptor & 3] ?? 0;
  let contentSize: number = CONTENT_SIZE_BYTES[descriptor >> 6] ?? 0;
  if (contentSize === 0 && singleSegment) contentSize = 1;
  return 5 + (singleSegment ? 0 : 1) + dictionary + contentSize;
}

/** @returns undefined when the file ends there, or the block is of no type that exists */
function blockAt(handle: number, at: number): { bytes: number; isLast: boolean } | undefined {
  const header = Buffer.alloc(BLOCK_HEADER_BYTES);
  if (readSync(handle, header, 0, BLOCK_HEADER_BYTES, at) < BLOCK_HEADER_BYTES) return undefined;
  const word = header.readUIntLE(0, BLOCK_HEADER_BYTES);
  const isLast = (word & 1) === 1;
  const type = (word >> 1) & 3;
  const size = word >> 3;
  if (type === RLE_BLOCK) return { bytes: 1, isLast };
  return type === RAW_BLOCK || type === COMPRESSED_BLOCK ? { bytes: size, isLast } : undefined;
}
