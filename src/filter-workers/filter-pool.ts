/** Who carries out the jobs that the main thread must not: threads, or in tests the caller's own. */
import type { ConfigCheck } from '../sqlite/check-config.ts';
import type { ResourceSearch } from '../sqlite/search/run.ts';
import type { ResourceGet } from '../sqlite/stored-resource.ts';
import type { Verdict } from '../store/commands.ts';
import type { Caller } from '../store/queries.ts';
import type { EndpointStats, StoredResource } from '../store/results.ts';
import type { SearchAnswer, StatsAsk } from './messages.ts';
import type { PoolMetrics } from './pool-metrics.ts';

/**
 * Every job may be refused: ScimError 400 invalidFilter; 400 tooMany when the deadline passes or the
 * answer is too big; StoreError `overloaded` when the queue is full or too slow, `unavailable` when
 * the pool closes; Error when the worker has died of it.
 */
export interface FilterPool {
  /** @param caller ends its job when he has gone: it is refused with `abandoned` */
  search(ask: ResourceSearch, caller?: Caller): Promise<SearchAnswer>;

  /** Undefined when there is no such resource. @param caller as in `search` */
  get(ask: ResourceGet, caller?: Caller): Promise<StoredResource | undefined>;

  stats(ask: StatsAsk): Promise<EndpointStats>;

  /** Has a deadline of its own: nobody but an administrator waits for it. */
  checkConfig(ask: ConfigCheck): Promise<Verdict>;

  metrics(): PoolMetrics;

  /** Ends running jobs at their next slice, refuses new ones, closes the connections. */
  close(): Promise<void>;
}
