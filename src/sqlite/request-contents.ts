/**
 * Contents of logged requests as they are stored: many of one endpoint in a chunk, compressed
 * together. Bodies resemble each other, so that a chunk takes a twentieth of the room of a row for
 * each. They are packed before anybody knows their rows, which come in front of them:
 *   2, count (u32), count rows (f64), zstd of the contents or 0 and they; numbers are little-endian
 *   a content: size of the answer's body, lengths of its four texts (i32 each, −1: none), the texts
 * Chunks that begin as zstd does are of an older form: see `unpackOlder`.
 */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { assert } from '../platform/assert.ts';
import type { ContentText, RequestContent } from '../store/request-content.ts';
import type { LoggedContent } from '../store/request-logs.ts';

export interface PlacedContent {
  readonly row: number;
  readonly content: LoggedContent;
}

/** In the place of the row of a content that has none. */
export const NO_ROW = 0;

const PARAMS = { [constants.ZSTD_c_compressionLevel]: 1 };
/** More than `ZSTD_compressBound` adds to what cannot be compressed. */
const INCOMPRESSIBLE_BYTES = 1024;

const FORM = 2;
/** In the place of the first byte of a zstd frame. */
const STORED = 0;
const HEAD_BYTES = 5;
const ROW_BYTES = 8;
/** Size of the answer's body, lengths of four texts. */
const NUMBERS_BYTES = 20;
/** In the place of a number that there is not. */
const NONE = -1;
/** What a UTF-16 code unit takes at most in UTF-8. */
const BYTES_PER_UNIT_MAX = 3;

/** Contents one after the other, as a chunk holds them. */
export class ContentsBuffer {
  #bytes = Buffer.allocUnsafeSlow(64 * 1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Copies the content. */
  append(content: Omit<RequestContent, 'key' | 'endpointId'>): void {
    const { requestHeaders, requestBody, responseHeaders, responseBody, responseBytes } = content;
    const texts = [requestHeaders, requestBody, responseHeaders, responseBody];
    let bytesMax = NUMBERS_BYTES;
    for (const text of texts) bytesMax += bytesAtMost(text);
    this.#reserve(bytesMax);
    const bytes = this.#bytes;
    let numberAt = bytes.writeInt32LE(responseBytes ?? NONE, this.#length);
    let at = this.#length + NUMBERS_BYTES;
    for (const text of texts) {
      const length = text === undefined ? NONE : write(text, bytes, at);
      numberAt = bytes.writeInt32LE(length, numberAt);
      at += Math.max(length, 0);
    }
    this.#length = at;
  }

  /** What was appended from there to there, until the next `append`. */
  part(from: number, to: number): Uint8Array {
    return this.#bytes.subarray(from, to);
  }

  clear(): void {
    this.#length = 0;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(2 * (this.#length + more));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}

/**
 * @param contents as a ContentsBuffer holds them
 * @returns bytes with a buffer of their own
 */
export function packContents(contents: Uint8Array): Uint8Array {
  // With room for all of it, and its size known, zstd compresses in one pass from where it lies.
  const pledgedSrcSize = contents.length;
  const chunkSize = pledgedSrcSize + (pledgedSrcSize >> 7) + INCOMPRESSIBLE_BYTES;
  return new Uint8Array(zstdCompressSync(contents, { params: PARAMS, pledgedSrcSize, chunkSize }));
}

/** The same without compressing, which takes 0.1 ms however little there is. */
export function storeContents(contents: Uint8Array): Uint8Array {
  const stored = new Uint8Array(1 + contents.length);
  stored[0] = STORED;
  stored.set(contents, 1);
  return stored;
}

/** A chunk. @param rows of its contents in their order; NO_ROW for one that has none */
export function placeContents(rows: readonly number[], packed: Uint8Array): Uint8Array {
  const chunk = Buffer.allocUnsafe(HEAD_BYTES + rows.length * ROW_BYTES + packed.length);
  let at = chunk.writeUInt32LE(rows.length, chunk.writeUInt8(FORM, 0));
  for (const row of rows) at = chunk.writeDoubleLE(row, at);
  chunk.set(packed, at);
  return chunk;
}

/** @throws Error when the chunk is no chunk */
export function unpackContents(data: Uint8Array): PlacedContent[] {
  if (data[0] !== FORM) return unpackOlder(data);
  const chunk = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const count = chunk.readUInt32LE(1);
  const packedAt = HEAD_BYTES + count * ROW_BYTES;
  const packed = chunk.subarray(packedAt);
  const contents = packed[0] === STORED ? packed.subarray(1) : zstdDecompressSync(packed);
  let at = 0;
  const text = (length: number): string | undefined => {
    if (length === NONE) return undefined;
    const from = at;
    at += length;
    return contents.toString('utf8', from, at);
  };
  return Array.from({ length: count }, (_, place) => {
    const row = chunk.readDoubleLE(HEAD_BYTES + place * ROW_BYTES);
    const number = (which: number): number => contents.readInt32LE(at + 4 * which);
    const [bytes, a, b, c, d] = [number(0), number(1), number(2), number(3), number(4)];
    at += NUMBERS_BYTES;
    const content = {
      requestHeaders: text(a) ?? '',
      requestBody: text(b),
      responseHeaders: text(c) ?? '',
      responseBody: text(d),
      responseBytes: bytes === NONE ? undefined : bytes,
    };
    return { row, content };
  });
}

/** Of the older form: one zstd frame, of a line of numbers (six for each content) and then all texts. */
function unpackOlder(data: Uint8Array): PlacedContent[] {
  const text = zstdDecompressSync(data).toString();
  const end = text.indexOf('\n');
  const numbers = text.slice(0, end).split(' ').map(Number);
  const width = 6;
  assert(end > 0 && numbers.length % width === 0, 'a chunk of contents has its numbers');
  let at = end + 1;
  const next = (length: number): string => {
    const from = at;
    at += length;
    return text.slice(from, at);
  };
  const optional = (length: number): string | undefined =>
    length === NONE ? undefined : next(length);
  const contents: PlacedContent[] = [];
  for (let slot = 0; slot < numbers.length; slot += width) {
    const [row = 0, bytes = NONE, a = 0, b = NONE, c = 0, d = NONE] = numbers.slice(
      slot,
      slot + width,
    );
    const content = {
      requestHeaders: next(a),
      requestBody: optional(b),
      responseHeaders: next(c),
      responseBody: optional(d),
      responseBytes: bytes === NONE ? undefined : bytes,
    };
    contents.push({ row, content });
  }
  return contents;
}

function bytesAtMost(text: ContentText | undefined): number {
  if (text === undefined) return 0;
  return typeof text === 'string' ? text.length * BYTES_PER_UNIT_MAX : text.length;
}

function write(text: ContentText, to: Buffer, at: number): number {
  if (typeof text === 'string') return to.write(text, at, 'utf8');
  to.set(text, at);
  return text.length;
}
