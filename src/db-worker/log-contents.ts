/**
 * Contents of requests between their arrival and a chunk in the log. A content comes after its row,
 * often in a later bundle; it is found by its key. Contents of one endpoint share a chunk, so that
 * clearing an endpoint's log leaves nothing of it.
 */
import { packContents, type PlacedContent } from '../sqlite/request-contents.ts';
import type { RequestLogTable } from '../sqlite/tables/request-log.ts';
import type { RequestContent } from '../store/request-content.ts';

export interface ContentOfEndpoint extends PlacedContent {
  readonly endpointId: string | undefined;
}

export interface ContentBounds {
  /** Contents of one chunk, in characters; a chunk is read as a whole. */
  readonly chunkChars: number;
  /** Characters that wait to be written; what comes beyond is dropped. */
  readonly waitingCharsMax: number;
}

interface Place {
  readonly row: number;
  readonly endpointId: string | undefined;
}

/** Rows whose content may still come; it may also have been dropped on its way. */
const EXPECTED_MAX = 50_000;

export class LogContents {
  readonly #bounds: ContentBounds;
  /** By key; the oldest first. */
  readonly #expected = new Map<number, Place>();
  #waiting: RequestContent[] = [];
  #waitingChars = 0;

  constructor(bounds: ContentBounds) {
    this.#bounds = bounds;
  }

  get waits(): boolean {
    return this.#waiting.length > 0;
  }

  expect(key: number, row: number, endpointId: string | undefined): void {
    this.#expected.set(key, { row, endpointId });
    if (this.#expected.size <= EXPECTED_MAX) return;
    for (const oldest of this.#expected.keys()) {
      this.#expected.delete(oldest);
      return;
    }
  }

  /** @returns false when too much waits already: it is dropped */
  add(content: RequestContent): boolean {
    if (this.#waitingChars > this.#bounds.waitingCharsMax) return false;
    this.#waitingChars += charsOf(content);
    this.#waiting.push(content);
    return true;
  }

  /** What one transaction writes, and how many were left out because nobody knows their row. */
  take(): { placed: ContentOfEndpoint[]; left: number } {
    const placed: ContentOfEndpoint[] = [];
    let chars = 0;
    let taken = 0;
    for (const content of this.#waiting) {
      if (chars >= this.#bounds.chunkChars) break;
      taken += 1;
      const length = charsOf(content);
      this.#waitingChars -= length;
      const place = this.#expected.get(content.key);
      if (place === undefined) continue;
      this.#expected.delete(content.key);
      chars += length;
      placed.push({ ...place, content });
    }
    this.#waiting = this.#waiting.slice(taken);
    return { placed, left: taken - placed.length };
  }

  /** The rows are of a file that is closed. */
  forget(): void {
    this.#expected.clear();
    this.#waiting = [];
    this.#waitingChars = 0;
  }
}

/** A chunk for each endpoint. */
export function writeContents(
  table: RequestLogTable,
  contents: readonly ContentOfEndpoint[],
): void {
  const chunks = Map.groupBy(contents, ({ endpointId }) => endpointId);
  for (const [endpointId, placed] of chunks) {
    const rows = placed.map(({ row }) => row);
    table.insertChunk(endpointId, Math.min(...rows), Math.max(...rows), packContents(placed));
  }
}

/** What a content takes while it waits, about. */
export function charsOf(content: RequestContent): number {
  return (
    content.requestHeaders.length +
    content.responseHeaders.length +
    (content.requestBody?.length ?? 0) +
    (content.responseBody?.length ?? 0)
  );
}
