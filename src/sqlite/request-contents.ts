/**
 * Contents of logged requests as they are stored: many of one endpoint in a chunk, compressed
 * together. Bodies resemble each other, so that a chunk takes a twentieth of the room of a row for
 * each, and less of the writer's time than writing that room would.
 */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { assert } from '../platform/assert.ts';
import type { RequestContent } from '../store/request-content.ts';

export type StoredContent = Omit<RequestContent, 'key'>;

export interface PlacedContent {
  readonly row: number;
  readonly content: StoredContent;
}

const OPTIONS = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Numbers that describe one content: its row, its size, and the lengths of its four texts. */
const NUMBERS = 6;
/** In the place of the length of a text that there is not. */
const NONE = -1;

/** A line of numbers, then the texts one after the other: as JSON each quote in them would be escaped. */
export function packContents(contents: readonly PlacedContent[]): Uint8Array {
  const numbers: number[] = [];
  let texts = '';
  for (const { row, content } of contents) {
    const { requestHeaders, requestBody, responseHeaders, responseBody, responseBytes } = content;
    numbers.push(row, responseBytes ?? NONE, requestHeaders.length, requestBody?.length ?? NONE);
    numbers.push(responseHeaders.length, responseBody?.length ?? NONE);
    texts += requestHeaders + (requestBody ?? '') + responseHeaders + (responseBody ?? '');
  }
  return zstdCompressSync(`${numbers.join(' ')}\n${texts}`, OPTIONS);
}

/** @throws Error when the chunk is no chunk */
export function unpackContents(data: Uint8Array): PlacedContent[] {
  const text = zstdDecompressSync(data).toString();
  const end = text.indexOf('\n');
  const numbers = text.slice(0, end).split(' ').map(Number);
  assert(end > 0 && numbers.length % NUMBERS === 0, 'a chunk of contents has its numbers');
  let at = end + 1;
  const next = (length: number): string => {
    const from = at;
    at += length;
    return text.slice(from, at);
  };
  const optional = (length: number): string | undefined =>
    length === NONE ? undefined : next(length);
  const contents: PlacedContent[] = [];
  for (let slot = 0; slot < numbers.length; slot += NUMBERS) {
    const [row = 0, bytes = NONE, a = 0, b = NONE, c = 0, d = NONE] = numbers.slice(
      slot,
      slot + NUMBERS,
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
