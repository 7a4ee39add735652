/** The filter pool on the caller's own thread and a connection of its own, for tests and tools. */
import { assert } from '../platform/assert.ts';
import { LIMITS } from '../platform/limits.ts';
import type { Clock } from '../platform/clock.ts';
import type { ConfigCheck } from '../sqlite/check-config.ts';
import type { Reader } from '../sqlite/reader.ts';
import type { ResourceSearch } from '../sqlite/search/run.ts';
import type { ResourceGet } from '../sqlite/stored-resource.ts';
import type { Verdict } from '../store/commands.ts';
import type { Caller } from '../store/queries.ts';
import type { EndpointStats, StoredResource } from '../store/results.ts';
import type { FilterPool } from './filter-pool.ts';
import { givenUp } from './given-up.ts';
import { STOP, type Answer, type Job, type SearchAnswer, type StatsAsk } from './messages.ts';
import { noSums, type PoolMetrics, PoolTimes } from './pool-metrics.ts';
import { jobTools, runJob, type JobTools } from './run-job.ts';

export class InProcessFilterPool implements FilterPool {
  readonly #reader: Reader;
  readonly #tools: JobTools;
  readonly #clock: Clock;
  readonly #deadlineMs: number;
  #closed = false;

  /** @param reader closed with the pool */
  constructor(reader: Reader, clock: Clock, deadlineMs: number = LIMITS.filterDeadlineMs) {
    this.#reader = reader;
    this.#tools = jobTools(reader);
    this.#clock = clock;
    this.#deadlineMs = deadlineMs;
  }

  async search(ask: ResourceSearch, caller?: Caller): Promise<SearchAnswer> {
    const reply = this.#run({ kind: 'search', ask }, caller);
    assert(reply.kind === 'search', 'a search answers a search');
    return Promise.resolve(reply.answer);
  }

  async get(ask: ResourceGet, caller?: Caller): Promise<StoredResource | undefined> {
    const reply = this.#run({ kind: 'get', ask }, caller);
    assert(reply.kind === 'get', 'a get answers a get');
    return Promise.resolve(reply.answer);
  }

  async stats(ask: StatsAsk): Promise<EndpointStats> {
    const reply = this.#run({ kind: 'stats', ask });
    assert(reply.kind === 'stats', 'stats answer stats');
    return Promise.resolve(reply.answer);
  }

  async checkConfig(ask: ConfigCheck): Promise<Verdict> {
    const reply = this.#run({ kind: 'checkConfig', ask }, undefined, LIMITS.profileCheckMs);
    assert(reply.kind === 'checkConfig', 'a check answers a check');
    return Promise.resolve(reply.answer);
  }

  /** Nothing waits here, and nothing is counted. */
  metrics(): PoolMetrics {
    const columnBytes = this.#tools.columns.bytes;
    const times = new PoolTimes().samples();
    return { workers: 0, waiting: 0, running: 0, columnBytes, sums: noSums(), times };
  }

  async close(): Promise<void> {
    if (!this.#closed) this.#reader.close();
    this.#closed = true;
    return Promise.resolve();
  }

  #run(job: Job, caller?: Caller, deadlineMs = this.#deadlineMs): Answer {
    if (this.#closed) throw givenUp(STOP.closing);
    const end = this.#clock.now() + deadlineMs;
    let isGone = false;
    caller?.onGone(() => {
      isGone = true;
    });
    return runJob(this.#tools, job, () => {
      if (isGone) return STOP.gone;
      return this.#clock.now() > end ? STOP.deadline : STOP.no;
    });
  }
}
