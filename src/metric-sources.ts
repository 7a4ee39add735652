/**
 * Who tells what at a scrape: the backup its status, the file system the sizes of the
 * database, the filter workers what they do. Each
 * is asked anew every time, and what it is asked costs no scan.
 */
import { backupMetrics } from './backup/metrics-view.ts';
import type { BackupStatus } from './backup/status.ts';
import { databaseSizes, type DatabaseSizes } from './database-statistics.ts';
import { poolMetricFamilies, type PoolMetrics } from './filter-workers/pool-metrics.ts';
import type { Clock } from './platform/clock.ts';
import type { MetricFamily, MetricSource } from './platform/metrics.ts';

export interface MetricSourceParts {
  readonly databasePath: string;
  /** Undefined: no storage is configured. */
  readonly backupStatus: (() => Promise<BackupStatus>) | undefined;
  readonly poolMetrics: () => PoolMetrics;
  readonly clock: Clock;
}

export function metricSources(parts: MetricSourceParts): MetricSource[] {
  const { databasePath, backupStatus, poolMetrics, clock } = parts;
  const database: MetricSource = {
    name: 'database',
    read: async () => databaseMetrics(await databaseSizes(databasePath)),
  };
  const filterWorkers: MetricSource = {
    name: 'filterWorkers',
    read: () => Promise.resolve(poolMetricFamilies(poolMetrics())),
  };
  if (backupStatus === undefined) return [database, filterWorkers];
  const backup: MetricSource = {
    name: 'backup',
    read: async () => backupMetrics(await backupStatus(), clock.now()),
  };
  return [database, filterWorkers, backup];
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
