/**
 * The filter workers: threads that scan, each with a read-only connection of its own, behind one
 * bounded queue. A job ends at its deadline by a flag that it reads between slices, because a
 * running statement cannot be cancelled and ending the thread would lose its connection.
 */
import { Piscina } from 'piscina';
import { assert } from '../platform/assert.ts';
import { LIMITS } from '../platform/limits.ts';
import { messageOf } from '../platform/thrown.ts';
import type { ConfigCheck } from '../sqlite/check-config.ts';
import type { ResourceSearch } from '../sqlite/search/run.ts';
import type { ResourceGet } from '../sqlite/stored-resource.ts';
import type { Verdict } from '../store/commands.ts';
import { rebuildError } from '../store/error-transport.ts';
import { StoreError, type EndpointStats, type StoredResource } from '../store/results.ts';
import type { FilterPool } from './filter-pool.ts';
import {
  STOP,
  type Answer,
  type Job,
  type Reply,
  type SearchAnswer,
  type StatsAsk,
  type Task,
} from './messages.ts';

export interface FilterPoolOptions {
  /** The data file; it exists and is migrated. */
  readonly path: string;
  readonly threads: number;
  readonly queueMax?: number;
  readonly deadlineMs?: number;
  /** Told of a worker that died: one line for the operator. */
  readonly onWorkerDeath: (message: string) => void;
  /** Another worker, for tests of its death. */
  readonly workerUrl?: URL;
}

const WORKER_URL = new URL('./worker.ts', import.meta.url);
const STRIP_CACHE_URL = new URL('../strip-cache.js', import.meta.url);

interface Running {
  readonly stop: Int32Array;
  readonly reply: Promise<Reply>;
}

export class FilterWorkers implements FilterPool {
  readonly #pool: Piscina<Task, Reply>;
  readonly #jobsMax: number;
  readonly #deadlineMs: number;
  readonly #onWorkerDeath: (message: string) => void;
  readonly #running = new Set<Running>();
  #closing: Promise<void> | undefined;

  constructor(options: FilterPoolOptions) {
    const queueMax = options.queueMax ?? LIMITS.filterQueue;
    this.#jobsMax = options.threads + queueMax;
    this.#deadlineMs = options.deadlineMs ?? LIMITS.filterDeadlineMs;
    this.#onWorkerDeath = options.onWorkerDeath;
    this.#pool = new Piscina<Task, Reply>({
      filename: (options.workerUrl ?? WORKER_URL).href,
      name: 'run',
      // Started when first needed: an idle worker costs about 20 MB; the first scan waits 0.1 s for it.
      minThreads: 0,
      maxThreads: options.threads,
      // The connection and, later, the columns of a worker are worth more than its memory.
      idleTimeout: Infinity,
      // `run` refuses first, with a code; piscina's own refusal has none.
      maxQueue: queueMax + options.threads,
      workerData: { path: options.path },
      // Not the process's own: a test runner's loaders make a worker take seconds to start.
      execArgv: ['--import', STRIP_CACHE_URL.href],
      resourceLimits: { maxOldGenerationSizeMb: LIMITS.filterWorkerHeapMib },
      recordTiming: false,
    });
    // A worker that dies between jobs is told here; without a listener it would end the process.
    this.#pool.on('error', (error: Error) => this.#onWorkerDeath(deathMessage(error)));
  }

  /** Jobs that run or wait. */
  get jobs(): number {
    return this.#running.size;
  }

  async search(ask: ResourceSearch): Promise<SearchAnswer> {
    const reply = await this.#run({ kind: 'search', ask });
    assert(reply.kind === 'search', 'a search answers a search');
    return reply.answer;
  }

  async get(ask: ResourceGet): Promise<StoredResource | undefined> {
    const reply = await this.#run({ kind: 'get', ask });
    assert(reply.kind === 'get', 'a get answers a get');
    return reply.answer;
  }

  async stats(ask: StatsAsk): Promise<EndpointStats> {
    const reply = await this.#run({ kind: 'stats', ask });
    assert(reply.kind === 'stats', 'stats answer stats');
    return reply.answer;
  }

  async checkConfig(ask: ConfigCheck): Promise<Verdict> {
    const reply = await this.#run({ kind: 'checkConfig', ask }, LIMITS.profileCheckMs);
    assert(reply.kind === 'checkConfig', 'a check answers a check');
    return reply.answer;
  }

  /** Waits for running jobs itself: piscina's own close may end while some still run. */
  close(): Promise<void> {
    this.#closing ??= this.#stop();
    return this.#closing;
  }

  async #run(job: Job, deadlineMs = this.#deadlineMs): Promise<Answer> {
    if (this.#closing !== undefined) {
      throw new StoreError('unavailable', 'the filter workers are stopped');
    }
    if (this.#running.size >= this.#jobsMax) {
      throw new StoreError('overloaded', 'too many searches wait for a filter worker');
    }
    const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const running: Running = { stop, reply: this.#runInWorker({ job, stop }) };
    this.#running.add(running);
    const timer = setTimeout(() => Atomics.store(stop, 0, STOP.deadline), deadlineMs);
    try {
      const reply = await running.reply;
      if (reply.kind === 'failed') throw rebuildError(reply.error);
      return reply;
    } finally {
      clearTimeout(timer);
      this.#running.delete(running);
    }
  }

  /** Faults of a job come as replies; what is thrown here is the end of the worker. */
  async #runInWorker(task: Task): Promise<Reply> {
    try {
      return await this.#pool.run(task);
    } catch (error) {
      const message = deathMessage(error);
      this.#onWorkerDeath(message);
      throw new StoreError('unavailable', message, { cause: error });
    }
  }

  async #stop(): Promise<void> {
    for (const { stop } of this.#running) Atomics.store(stop, 0, STOP.closing);
    await Promise.allSettled([...this.#running].map(({ reply }) => reply));
    await this.#pool.destroy();
  }
}

function deathMessage(error: unknown): string {
  return `a filter worker died: ${messageOf(error)}`;
}
