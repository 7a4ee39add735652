/**
 * The main thread's end of the request log: rows and contents on their way to the writer, in bundles.
 * Nothing here waits and nothing throws; over a bound what comes is dropped and counted, contents
 * long before rows.
 */
import { LIMITS } from '../platform/limits.ts';
import type { RequestLogEntry } from '../store/commands.ts';
import type { RequestContent } from '../store/request-content.ts';
import type { Frame } from '../threads/frame.ts';
import { encodeLogBundle } from './log-messages.ts';
import { LogPacker } from './log-packer.ts';

export class LogSender {
  readonly #send: (bundle: Frame) => Promise<unknown>;
  readonly #warn: (message: string) => void;
  #rows: RequestLogEntry[] = [];
  readonly #packer = new LogPacker();
  #timer: NodeJS.Timeout | undefined;
  #rowsOut = 0;
  #contentsOut = 0;
  /** Of contents, as they were before they were packed. */
  #bytesOut = 0;
  #rowsDropped = 0;
  #contentsDropped = 0;

  /**
   * @param send hands a bundle to the writer, and resolves when it has taken it
   * @param warn told once, when the first row or content is dropped
   */
  constructor(send: (bundle: Frame) => Promise<unknown>, warn: (message: string) => void) {
    this.#send = send;
    this.#warn = warn;
  }

  /** Rows gathered or on their way. */
  get waiting(): number {
    return this.#rowsOut;
  }

  get dropped(): number {
    return this.#rowsDropped;
  }

  get contentsDropped(): number {
    return this.#contentsDropped;
  }

  add(row: RequestLogEntry): void {
    if (this.#rowsOut >= LIMITS.logQueueRows) {
      this.countDropped(1);
      return;
    }
    this.#rowsOut += 1;
    this.#rows.push(row);
    this.#schedule(this.#rows.length);
  }

  /** Behind its row, or the command that carries it. Copies what it is given. */
  addContent(content: RequestContent): void {
    const waiting = this.#contentsOut + this.#packer.count;
    const bytes = this.#bytesOut + this.#packer.bytes;
    if (waiting >= LIMITS.logQueueRows || bytes >= LIMITS.logQueueBytes) {
      this.#countContents(1);
      return;
    }
    this.#packer.add(content);
    this.#schedule(this.#packer.count);
  }

  /** Hands over what has gathered. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const rows = this.#rows;
    const { count, bytes } = this.#packer;
    if (rows.length === 0 && count === 0) return;
    this.#rows = [];
    this.#contentsOut += count;
    this.#bytesOut += bytes;
    const arrived = (): void => {
      this.#rowsOut -= rows.length;
      this.#contentsOut -= count;
      this.#bytesOut -= bytes;
    };
    this.#send(encodeLogBundle({ rows, chunks: this.#packer.take() })).then(arrived, () => {
      arrived();
      if (rows.length > 0) this.countDropped(rows.length);
      this.#countContents(count);
    });
  }

  countDropped(rows: number): void {
    if (this.#rowsDropped === 0) this.#warn('the request log is behind: rows are dropped');
    this.#rowsDropped += rows;
  }

  #countContents(contents: number): void {
    if (contents === 0) return;
    if (this.#contentsDropped === 0) {
      this.#warn('the request log is behind: headers and bodies are dropped');
    }
    this.#contentsDropped += contents;
  }

  #schedule(gathered: number): void {
    const isFull = this.#packer.bytes >= LIMITS.logChunkBytes;
    if (gathered >= LIMITS.logBundleRows || isFull) this.flush();
    else
      this.#timer ??= setTimeout(() => {
        this.flush();
      }, LIMITS.logDelayMs);
  }
}
