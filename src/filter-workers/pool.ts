/**
 * The filter workers: threads that scan, each with a read-only connection of its own, behind one
 * bounded queue in which endpoints take turns. A job ends at its deadline, or when nobody waits for
 * it any more, by a flag that it reads between slices, because a running statement cannot be
 * cancelled and ending the thread would lose its connection and its columns.
 * Invariant: piscina has at most as many tasks as threads; all else waits in our queue.
 */
import { Piscina, queueOptionsSymbol } from 'piscina';
import { assert } from '../platform/assert.ts';
import { systemClock, type Clock } from '../platform/clock.ts';
import { LIMITS } from '../platform/limits.ts';
import { messageOf } from '../platform/thrown.ts';
import type { ConfigCheck } from '../sqlite/check-config.ts';
import type { ResourceSearch } from '../sqlite/search/run.ts';
import type { ResourceGet } from '../sqlite/stored-resource.ts';
import type { Verdict } from '../store/commands.ts';
import type { Caller } from '../store/queries.ts';
import type { EndpointStats, StoredResource } from '../store/results.ts';
import { FairQueue } from './fair-queue.ts';
import type { FilterPool } from './filter-pool.ts';
import { givenUp } from './given-up.ts';
import { homeWorker } from './home-worker.ts';
import {
  STOP,
  type Answer,
  type Done,
  type Job,
  type SearchAnswer,
  type StatsAsk,
  type Task,
  type WorkerSetup,
} from './messages.ts';
import { PoolJob } from './pool-job.ts';
import { noSums, type PoolMetrics, PoolTimes } from './pool-metrics.ts';

export interface FilterPoolOptions {
  /** The data file; it exists and is migrated. */
  readonly path: string;
  readonly threads: number;
  /** What the columns of all threads may take together. */
  readonly columnBytes?: number;
  readonly queueMax?: number;
  readonly deadlineMs?: number;
  /** From being told to stop until a worker that goes on is ended. */
  readonly graceMs?: number;
  /** Heap of a worker. */
  readonly heapMib?: number;
  /** Told of a worker that died: one line for the operator. */
  readonly onWorkerDeath: (message: string) => void;
  /** Another worker, for tests of its death. */
  readonly workerUrl?: URL;
  readonly clock?: Clock;
}

const WORKER_URL = new URL('./worker.ts', import.meta.url);
const STRIP_CACHE_URL = new URL('../strip-cache.js', import.meta.url);

/** See DESIGN.md: scans yield to the main thread and the writer, and are not starved by them. */
const NICE = 5;

const MIB = 1024 * 1024;

/** A third of it is filled between two scavenges. All of it stays resident, and V8's own is larger. */
const YOUNG_MIB = 12;

export class FilterWorkers implements FilterPool {
  readonly #pool: Piscina<Task, Done>;
  readonly #threads: number;
  readonly #deadlineMs: number;
  readonly #graceMs: number;
  readonly #clock: Clock;
  readonly #onWorkerDeath: (message: string) => void;
  readonly #waiting: FairQueue<PoolJob>;
  readonly #running = new Set<PoolJob>();
  readonly #sums = noSums();
  readonly #times = new PoolTimes();
  /** By thread, as of its last job. */
  readonly #columnBytes = new Map<number, number>();
  #closing: Promise<void> | undefined;

  constructor(options: FilterPoolOptions) {
    this.#threads = options.threads;
    this.#deadlineMs = options.deadlineMs ?? LIMITS.filterDeadlineMs;
    this.#graceMs = options.graceMs ?? LIMITS.filterGraceMs;
    this.#clock = options.clock ?? systemClock;
    this.#onWorkerDeath = options.onWorkerDeath;
    this.#waiting = new FairQueue(options.queueMax ?? LIMITS.filterQueue);
    this.#pool = startPiscina(options);
    // A worker that dies between jobs is told here; without a listener it would end the process.
    this.#pool.on('error', (error: Error) => this.#died(error));
  }

  metrics(): PoolMetrics {
    let columnBytes = 0;
    const { threads } = this.#pool;
    for (const { threadId } of threads) columnBytes += this.#columnBytes.get(threadId) ?? 0;
    return {
      workers: threads.length,
      waiting: this.#waiting.size,
      running: this.#running.size,
      columnBytes,
      sums: { ...this.#sums },
      times: this.#times.samples(),
    };
  }

  async search(ask: ResourceSearch, caller?: Caller): Promise<SearchAnswer> {
    const reply = await this.#run({ kind: 'search', ask }, caller);
    assert(reply.kind === 'search', 'a search answers a search');
    return reply.answer;
  }

  async get(ask: ResourceGet, caller?: Caller): Promise<StoredResource | undefined> {
    const reply = await this.#run({ kind: 'get', ask }, caller);
    assert(reply.kind === 'get', 'a get answers a get');
    return reply.answer;
  }

  async stats(ask: StatsAsk): Promise<EndpointStats> {
    const reply = await this.#run({ kind: 'stats', ask });
    assert(reply.kind === 'stats', 'stats answer stats');
    return reply.answer;
  }

  async checkConfig(ask: ConfigCheck): Promise<Verdict> {
    const reply = await this.#run({ kind: 'checkConfig', ask }, undefined, LIMITS.profileCheckMs);
    assert(reply.kind === 'checkConfig', 'a check answers a check');
    return reply.answer;
  }

  /** Waits for running jobs itself: piscina's own close may end while some still run. */
  close(): Promise<void> {
    this.#closing ??= this.#stop();
    return this.#closing;
  }

  async #run(job: Job, caller?: Caller, deadlineMs = this.#deadlineMs): Promise<Answer> {
    if (this.#closing !== undefined) throw givenUp(STOP.closing);
    const queued = new PoolJob(job, this.#clock.now());
    caller?.onGone(() => this.#abandon(queued));
    if (queued.isAbandoned) throw givenUp(STOP.gone);
    const refused = this.#waiting.push(queued.endpoint, queued);
    if (refused !== undefined) this.#refuse(refused);
    this.#startNext();
    const timer = setTimeout(() => this.#expire(queued, deadlineMs), deadlineMs);
    try {
      return await queued.answer;
    } finally {
      clearTimeout(timer);
    }
  }

  #startNext(): void {
    while (this.#running.size < this.#threads) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#running.add(next);
      void this.#carryOut(next);
    }
  }

  /** Never rejects. Faults of a job come as replies; what is thrown here is the end of the worker. */
  async #carryOut(queued: PoolJob): Promise<void> {
    const { job, stop, signal, endpoint } = queued;
    const startedAt = this.#clock.now();
    queued.startedAt = startedAt;
    try {
      // For the balancer; it does not cross to the worker.
      const task = { job, stop, [queueOptionsSymbol]: { endpoint } };
      const { reply, thread, columnBytes } = await this.#pool.run(task, { signal });
      this.#columnBytes.set(thread, columnBytes);
      this.#sums.ended++;
      this.#times.observe(startedAt - queued.queuedAt, this.#clock.now() - startedAt);
      queued.take(reply);
    } catch (error) {
      // Should piscina still have it, nothing is left to do.
      Atomics.store(stop, 0, STOP.gone);
      queued.fail(this.#died(error, queued));
    } finally {
      this.#running.delete(queued);
      this.#startNext();
    }
  }

  #refuse(queued: PoolJob): void {
    this.#sums.refused++;
    queued.fail(givenUp(STOP.crowded));
  }

  #abandon(queued: PoolJob): void {
    queued.isAbandoned = true;
    if (this.#waiting.remove(queued.endpoint, queued)) queued.fail(givenUp(STOP.gone));
    else if (this.#running.has(queued)) queued.tell(STOP.gone, this.#graceMs);
    else return;
    this.#sums.abandoned++;
  }

  /** A search that has hardly run is not too expensive: the server is busy, and a retry may do. */
  #expire(queued: PoolJob, deadlineMs: number): void {
    if (this.#waiting.remove(queued.endpoint, queued)) {
      this.#refuse(queued);
      return;
    }
    const ranMs = this.#clock.now() - (queued.startedAt ?? 0);
    if (ranMs >= deadlineMs / 2) {
      this.#sums.expired++;
      queued.tell(STOP.deadline, this.#graceMs);
    } else {
      this.#sums.refused++;
      queued.tell(STOP.crowded, this.#graceMs);
    }
  }

  /** @returns what the job is answered: a retry would most likely end the next worker as well */
  #died(error: unknown, queued?: PoolJob): Error {
    const ended = queued?.signal.aborted === true;
    const why = ended ? 'ended, because it did not stop when told to' : messageOf(error);
    const message = `a filter worker died: ${why}`;
    this.#sums.deaths++;
    this.#onWorkerDeath(message);
    if (queued?.reason === STOP.gone || queued?.reason === STOP.closing) {
      return givenUp(queued.reason);
    }
    return new Error(message, { cause: error });
  }

  async #stop(): Promise<void> {
    for (let job = this.#waiting.shift(); job !== undefined; job = this.#waiting.shift()) {
      job.fail(givenUp(STOP.closing));
    }
    for (const job of this.#running) job.tell(STOP.closing, this.#graceMs);
    await Promise.allSettled([...this.#running].map(({ answer }) => answer));
    await this.#pool.destroy();
  }
}

function startPiscina({
  path,
  threads,
  columnBytes = LIMITS.columnBytes,
  workerUrl,
  heapMib,
}: FilterPoolOptions): Piscina<Task, Done> {
  const ownBytes = Math.floor(columnBytes / threads);
  const setup: WorkerSetup = { path, columnBytes: ownBytes, nice: NICE };
  // Columns are outside the heap, all but a small part.
  const usualMib = LIMITS.filterWorkerHeapMib + Math.ceil(ownBytes / MIB / 4);
  return new Piscina<Task, Done>({
    filename: (workerUrl ?? WORKER_URL).href,
    name: 'run',
    // Started when first needed: an idle worker costs about 20 MB; the first scan waits 0.1 s for it.
    minThreads: 0,
    maxThreads: threads,
    // The connection and the columns of a worker are worth more than its memory.
    idleTimeout: Infinity,
    // Tasks come only when a thread is free or may start: this bound is never met.
    maxQueue: threads,
    loadBalancer: (task, workers) => {
      const candidates = workers.map((worker) => ({
        id: worker.id,
        idle: worker.currentUsage === 0,
        worker,
      }));
      return homeWorker(endpointOf(task[queueOptionsSymbol]), candidates)?.worker ?? null;
    },
    workerData: setup,
    // Not the process's own: a test runner's loaders make a worker take seconds to start.
    execArgv: ['--import', STRIP_CACHE_URL.href],
    resourceLimits: {
      maxOldGenerationSizeMb: heapMib ?? usualMib,
      maxYoungGenerationSizeMb: YOUNG_MIB,
    },
    recordTiming: false,
  });
}

function endpointOf(options: object | null): number {
  assert(options !== null && 'endpoint' in options, 'a task comes with its endpoint');
  assert(typeof options.endpoint === 'number', 'an endpoint is a row');
  return options.endpoint;
}
