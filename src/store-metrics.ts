/** What the parts of a store tell at a scrape. Each is asked for itself: one that hangs takes no other with it. */
import type { WriterFamily } from './db-worker/writer-metrics.ts';
import type { PoolMetrics } from './filter-workers/pool-metrics.ts';

export interface StoreMetrics {
  readonly pool: () => PoolMetrics;
  /** @throws StoreError when the writer has died or the store is closed */
  readonly writer: () => Promise<WriterFamily[]>;
}
