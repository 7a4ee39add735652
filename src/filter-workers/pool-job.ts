/**
 * One job of the pool, from its arrival to its one answer. It is told to end by its stop flag, which
 * the worker reads between slices; a worker that does not heed the flag is ended with the job.
 */
import { rebuildError } from '../store/error-transport.ts';
import type { Answer, Job, Reply, StopReason } from './messages.ts';

export class PoolJob {
  readonly job: Job;
  readonly stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly answer: Promise<Answer>;
  readonly queuedAt: number;
  /** Nobody waits for its answer. */
  isAbandoned = false;
  /** Undefined: it waits. */
  startedAt: number | undefined;
  readonly #settle = Promise.withResolvers<Answer>();
  readonly #worker = new AbortController();
  #reason: StopReason | undefined;
  #graceTimer: NodeJS.Timeout | undefined;

  /** @param now milliseconds */
  constructor(job: Job, now: number) {
    this.job = job;
    this.queuedAt = now;
    this.answer = this.#settle.promise;
  }

  /** Row of the endpoint. */
  get endpoint(): number {
    return this.job.ask.endpoint;
  }

  /** Aborted when its worker must be ended. */
  get signal(): AbortSignal {
    return this.#worker.signal;
  }

  /** Why it was told to end first; undefined: it was not. */
  get reason(): StopReason | undefined {
    return this.#reason;
  }

  /** Of a job that a worker has: it ends at its next slice, or with its worker after `graceMs`. */
  tell(reason: StopReason, graceMs: number): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    Atomics.store(this.stop, 0, reason);
    this.#graceTimer = setTimeout(() => this.#worker.abort(), graceMs);
  }

  /** What came of it in a worker. */
  take(reply: Reply): void {
    if (reply.kind === 'failed') {
      this.fail(rebuildError(reply.error));
      return;
    }
    clearTimeout(this.#graceTimer);
    this.#settle.resolve(reply);
  }

  fail(error: Error): void {
    clearTimeout(this.#graceTimer);
    this.#settle.reject(error);
  }
}
