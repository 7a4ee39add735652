/**
 * Chunks of contents between their arrival and the log. A content comes after its row, often in a
 * later bundle; it is found by its key. Contents of one endpoint share a chunk, so that clearing an
 * endpoint's log leaves nothing of it.
 */
import { NO_ROW, placeContents } from '../sqlite/request-contents.ts';
import type { RequestLogTable } from '../sqlite/tables/request-log.ts';
import type { LogChunk } from './log-packer.ts';

/** A chunk whose contents know their rows. */
export interface PlacedChunk {
  readonly endpointId: string | undefined;
  /** NO_ROW in the place of one that nobody knows. */
  readonly rows: readonly number[];
  readonly packed: Uint8Array;
}

export interface ContentBounds {
  /** Bytes of chunks that wait to be written; what comes beyond is dropped. */
  readonly waitingBytesMax: number;
}

/** Rows whose content may still come; it may also have been dropped on its way. */
const EXPECTED_MAX = 50_000;

export class LogContents {
  readonly #bounds: ContentBounds;
  /** Rows by the key of their content; the oldest first. */
  readonly #expected = new Map<number, number>();
  #waiting: LogChunk[] = [];
  #waitingBytes = 0;

  constructor(bounds: ContentBounds) {
    this.#bounds = bounds;
  }

  get waits(): boolean {
    return this.#waiting.length > 0;
  }

  expect(key: number, row: number): void {
    this.#expected.set(key, row);
    if (this.#expected.size <= EXPECTED_MAX) return;
    for (const oldest of this.#expected.keys()) {
      this.#expected.delete(oldest);
      return;
    }
  }

  /** @returns false when too much waits already: it is dropped */
  add(chunk: LogChunk): boolean {
    if (this.#waitingBytes > this.#bounds.waitingBytesMax) return false;
    this.#waitingBytes += chunk.packed.length;
    this.#waiting.push(chunk);
    return true;
  }

  /** What one transaction writes, and how many contents were left out because nobody knows their row. */
  take(chunksMax: number): { placed: PlacedChunk[]; left: number } {
    const taken = this.#waiting.splice(0, chunksMax);
    const placed: PlacedChunk[] = [];
    let left = 0;
    for (const { endpointId, keys, packed } of taken) {
      this.#waitingBytes -= packed.length;
      const rows = keys.map((key) => this.#rowOf(key));
      left += rows.filter((row) => row === NO_ROW).length;
      if (rows.some((row) => row !== NO_ROW)) placed.push({ endpointId, rows, packed });
    }
    return { placed, left };
  }

  /** The rows are of a file that is closed. */
  forget(): void {
    this.#expected.clear();
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  #rowOf(key: number): number {
    const row = this.#expected.get(key) ?? NO_ROW;
    this.#expected.delete(key);
    return row;
  }
}

export function writeChunks(table: RequestLogTable, chunks: readonly PlacedChunk[]): void {
  for (const { endpointId, rows, packed } of chunks) {
    const known = rows.filter((row) => row !== NO_ROW);
    const data = placeContents(rows, packed);
    table.insertChunk(endpointId, Math.min(...known), Math.max(...known), data);
  }
}
