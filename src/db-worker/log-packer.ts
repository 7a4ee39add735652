/**
 * The main thread's part in a chunk: contents of requests are gathered as bytes and compressed here,
 * before they cross to the writer. As texts they would be copied out of one heap and into another,
 * and be turned into bytes by the thread that has the least time.
 */
import { ContentsBuffer, packContents, storeContents } from '../sqlite/request-contents.ts';
import type { RequestContent } from '../store/request-content.ts';

/**
 * A chunk takes 0.1 ms to compress, however small it is: where many endpoints write at once, more than
 * so many are stored as they are, but for those that are worth it.
 */
const COMPRESSED_ALWAYS = 8;
const WORTH_BYTES = 16 * 1024;

/** Contents of one endpoint, on their way to a place in the log. */
export interface LogChunk {
  readonly endpointId: string | undefined;
  /** Of the rows they belong to, in the order of the contents. */
  readonly keys: readonly number[];
  /** As `packContents` or `storeContents` makes it. */
  readonly packed: Uint8Array;
}

/** Where a content is in the buffer. */
interface Stretch {
  readonly key: number;
  readonly endpointId: string | undefined;
  readonly from: number;
  readonly to: number;
}

export class LogPacker {
  readonly #buffer = new ContentsBuffer();
  #stretches: Stretch[] = [];

  /** Contents since the last `take`. */
  get count(): number {
    return this.#stretches.length;
  }

  /** What they take. */
  get bytes(): number {
    return this.#buffer.length;
  }

  /** Copies the content. */
  add(content: RequestContent): void {
    const from = this.#buffer.length;
    this.#buffer.append(content);
    const { key, endpointId } = content;
    this.#stretches.push({ key, endpointId, from, to: this.#buffer.length });
  }

  /** A chunk for each endpoint; then it is empty. */
  take(): LogChunk[] {
    const chunks = Map.groupBy(this.#stretches, ({ endpointId }) => endpointId);
    const taken: LogChunk[] = [];
    for (const [endpointId, stretches] of chunks) {
      const contents = this.#contentsOf(stretches);
      const isWorth = taken.length < COMPRESSED_ALWAYS || contents.length >= WORTH_BYTES;
      const packed = isWorth ? packContents(contents) : storeContents(contents);
      taken.push({ endpointId, keys: stretches.map(({ key }) => key), packed });
    }
    this.#stretches = [];
    this.#buffer.clear();
    return taken;
  }

  /** Nearly always all are of one endpoint: then nothing is copied. */
  #contentsOf(stretches: readonly Stretch[]): Uint8Array {
    if (stretches.length === this.#stretches.length) return this.#buffer.part(0, this.bytes);
    return Buffer.concat(stretches.map(({ from, to }) => this.#buffer.part(from, to)));
  }
}
