/** Who carries out the jobs that the main thread must not: threads, or in tests the caller's own. */
import type { ResourceSearch } from '../sqlite/search.ts';
import type { ResourceGet } from '../sqlite/stored-resource.ts';
import type { EndpointStats, SearchResult, StoredResource } from '../store/results.ts';
import type { StatsAsk } from './messages.ts';

/**
 * Every job may be refused: ScimError 400 invalidFilter; 400 tooMany when the deadline passes or the
 * answer is too big; StoreError `overloaded` when the queue is full, `unavailable` when the pool
 * closes or the worker has crashed.
 */
export interface FilterPool {
  search(ask: ResourceSearch): Promise<SearchResult>;

  /** Undefined when there is no such resource. */
  get(ask: ResourceGet): Promise<StoredResource | undefined>;

  stats(ask: StatsAsk): Promise<EndpointStats>;

  /** Ends running jobs at their next slice, refuses new ones, closes the connections. */
  close(): Promise<void>;
}
