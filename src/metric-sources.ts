/**
 * Who tells what at a scrape: the front end its requests, the writer and the filter workers what they
 * do, the backup its status, the file system the sizes of the database, the threads how busy they
 * are. Each is asked anew every time, and what it is asked costs no scan.
 */
import { backupMetrics } from './backup/metrics-view.ts';
import type { BackupStatus } from './backup/status.ts';
import { databaseSizes, type DatabaseSizes } from './database-statistics.ts';
import { poolMetricFamilies } from './filter-workers/pool-metrics.ts';
import type { Clock } from './platform/clock.ts';
import type { HistogramFamily } from './platform/histogram.ts';
import type { MetricFamily, MetricSource } from './platform/metrics.ts';
import type { ThreadMetrics } from './platform/thread-metrics.ts';
import type { StoreMetrics } from './store-metrics.ts';

export interface MetricSourceParts {
  readonly databasePath: string;
  /** Undefined: no storage is configured. */
  readonly backupStatus: (() => Promise<BackupStatus>) | undefined;
  readonly store: StoreMetrics;
  readonly threads: ThreadMetrics;
  /** What the front end has counted. */
  readonly requests: () => readonly (MetricFamily | HistogramFamily)[];
  readonly clock: Clock;
}

export function metricSources(parts: MetricSourceParts): MetricSource[] {
  const { databasePath, backupStatus, store, threads, requests, clock } = parts;
  const database: MetricSource = {
    name: 'database',
    read: async () => databaseMetrics(await databaseSizes(databasePath)),
  };
  const filterWorkers: MetricSource = {
    name: 'filterWorkers',
    read: () => Promise.resolve(poolMetricFamilies(store.pool())),
  };
  const sources = [
    { name: 'requests', read: () => Promise.resolve(requests()) },
    database,
    { name: 'writer', read: () => store.writer() },
    filterWorkers,
    { name: 'threads', read: () => threads.families() },
  ];
  if (backupStatus === undefined) return sources;
  const backup: MetricSource = {
    name: 'backup',
    read: async () => backupMetrics(await backupStatus(), clock.now()),
  };
  return [...sources, backup];
}

function databaseMetrics({ bytes, walBytes, logBytes }: DatabaseSizes): MetricFamily[] {
  return [
    sizeMetric('bytes', 'The data file, without its WAL.', bytes),
    sizeMetric('wal_bytes', 'Its write-ahead log.', walBytes),
    sizeMetric('log_bytes', 'The request log, its WAL included.', logBytes),
  ];
}

function sizeMetric(name: string, help: string, value: number): MetricFamily {
  return {
    name: `scimlane_database_${name}`,
    kind: 'gauge',
    help,
    samples: [{ labels: {}, value }],
  };
}
