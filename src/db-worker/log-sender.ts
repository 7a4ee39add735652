/**
 * The main thread's end of the request log: rows and contents on their way to the writer, in bundles.
 * Nothing here waits and nothing throws; over a bound what comes is dropped and counted, contents
 * long before rows.
 */
import { LIMITS } from '../platform/limits.ts';
import type { RequestLogEntry } from '../store/commands.ts';
import type { RequestContent } from '../store/request-content.ts';
import type { Frame } from '../threads/frame.ts';
import { charsOf } from './log-contents.ts';
import { encodeLogBundle } from './log-messages.ts';

export class LogSender {
  readonly #send: (bundle: Frame) => Promise<unknown>;
  readonly #warn: (message: string) => void;
  #rows: RequestLogEntry[] = [];
  #contents: RequestContent[] = [];
  #timer: NodeJS.Timeout | undefined;
  #rowsOut = 0;
  #contentsOut = 0;
  #charsOut = 0;
  #chars = 0;
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

  /** Behind its row, or the command that carries it. */
  addContent(content: RequestContent): void {
    const chars = charsOf(content);
    const isFull = this.#contentsOut >= LIMITS.logQueueRows;
    if (isFull || this.#charsOut + chars > LIMITS.logQueueChars) {
      this.#countContents(1);
      return;
    }
    this.#contentsOut += 1;
    this.#charsOut += chars;
    this.#chars += chars;
    this.#contents.push(content);
    this.#schedule(this.#contents.length);
  }

  /** Hands over what has gathered. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const rows = this.#rows;
    const contents = this.#contents;
    const chars = this.#chars;
    if (rows.length === 0 && contents.length === 0) return;
    this.#rows = [];
    this.#contents = [];
    this.#chars = 0;
    const arrived = (): void => {
      this.#rowsOut -= rows.length;
      this.#contentsOut -= contents.length;
      this.#charsOut -= chars;
    };
    this.#send(encodeLogBundle({ rows, contents })).then(arrived, () => {
      arrived();
      if (rows.length > 0) this.countDropped(rows.length);
      this.#countContents(contents.length);
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
    if (gathered >= LIMITS.logBundleRows || this.#chars >= LIMITS.rpcBatchBytes) this.flush();
    else
      this.#timer ??= setTimeout(() => {
        this.flush();
      }, LIMITS.logDelayMs);
  }
}
