/**
 * When the log's own work is done: contents and retention at free turns of the event loop, a look at
 * the file and at the age of rows by a timer. Apart from the housekeeping of the data, which a
 * stream of reads must neither cause nor put off.
 */
import { LIMITS } from '../platform/limits.ts';
import type { Clock } from '../platform/clock.ts';
import type { RequestLog } from './request-log.ts';

export class LogWork {
  readonly #log: RequestLog;
  readonly #clock: Clock;
  readonly #timer: NodeJS.Timeout;
  #scheduled = false;
  #closed = false;

  constructor(log: RequestLog, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
    this.#timer = setInterval(() => {
      log.look();
      this.soon();
    }, LIMITS.logLookMs).unref();
  }

  /** At the next free turn, if there is anything to do. */
  soon(): void {
    if (this.#scheduled || this.#closed || !this.#log.hasWork) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#closed) return;
      this.#log.housekeeping(this.#clock.now());
      this.soon();
    });
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
  }
}
