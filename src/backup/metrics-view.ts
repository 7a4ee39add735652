/**
 * The backup's status as metrics. Pure. Times are absolute where a reader can subtract, and ages
 * only where they are the danger itself. A value that is not known is left out, not told as 0.
 */
import type { MetricFamily, MetricSample } from '../platform/metrics.ts';
import type { BackupStatus, DrillResult, StartOutcome, StorageStatus } from './status.ts';

const PREFIX = 'scimlane_backup_';

const STATES: readonly StorageStatus['state'][] = ['ok', 'retrying', 'needsSnapshot', 'fenced'];
const CHOICES: readonly StartOutcome['choice'][] = ['new', 'local', 'restored'];

/** @param now milliseconds since 1970 */
export function backupMetrics(status: BackupStatus, now: number): MetricFamily[] {
  return [
    gauge('committed_position', 'Newest commit of the writer.', one(status.committed)),
    gauge('spooled_position', 'Newest commit in the local spool.', one(status.spooled)),
    gauge(
      'spool_bytes',
      'Segments on the local disk that some storage lacks.',
      one(status.spoolBytes),
    ),
    gauge('spool_max_bytes', 'BACKUP_SPOOL_MAX.', one(status.spoolBytesMax)),
    counter('gaps_total', 'Times commits were missing; a snapshot followed each.', status.gaps),
    counter('snapshots_total', 'Snapshots taken and stored by this process.', status.backupCount),
    counter('snapshot_failures_total', 'Attempts that ended without one.', status.snapshotFailures),
    ...storageMetrics(status, now),
    ...drillMetrics(status.lastDrill),
    ...startMetrics(status.start),
  ];
}

function storageMetrics({ storages, committed }: BackupStatus, now: number): MetricFamily[] {
  const each = (
    name: string,
    help: string,
    valueOf: (storage: StorageStatus) => number | undefined,
  ): MetricFamily =>
    gauge(
      `storage_${name}`,
      help,
      storages.flatMap((storage) => {
        const value = valueOf(storage);
        return value === undefined ? [] : [{ labels: { storage: storage.label }, value }];
      }),
    );
  return [
    each('position', 'Everything up to this commit is stored there.', ({ sequence }) => sequence),
    each(
      'lag_seconds',
      'Age of the stored position while it is behind the writer; 0 when it has everything.',
      (storage) => lagSeconds(storage, committed, now),
    ),
    each('waiting_segments', 'Segments spooled, not stored there.', (s) => s.waitingSegments),
    each('waiting_bytes', 'Their bytes.', (storage) => storage.waitingBytes),
    each('snapshots', 'Snapshots listed there.', ({ snapshots }) => snapshots),
    each(
      'last_snapshot_timestamp_seconds',
      'When the newest snapshot listed there was taken.',
      ({ lastSnapshot }) => lastSnapshot && lastSnapshot.takenAt / 1000,
    ),
    each(
      'last_snapshot_bytes',
      'Bytes of the newest snapshot, as stored.',
      ({ lastSnapshot }) => lastSnapshot?.bytes,
    ),
    gauge(
      'storage_state',
      '1 for the state it is in, 0 for the others.',
      storages.flatMap(({ label, state }) => oneOf('state', STATES, state, { storage: label })),
    ),
  ];
}

/** A storage that nothing is known of holds nothing for all we know: its position is infinitely old. */
function lagSeconds({ sequence, at }: StorageStatus, committed: number, now: number): number {
  if (sequence >= committed) return 0;
  return at === undefined ? Infinity : Math.max(0, now - at) / 1000;
}

function drillMetrics(drill: DrillResult | undefined): MetricFamily[] {
  const of = (valueOf: (drill: DrillResult) => number): MetricSample[] =>
    drill === undefined ? [] : one(valueOf(drill));
  return [
    gauge(
      'last_drill_timestamp_seconds',
      'When the last drill began.',
      of(({ at }) => at / 1000),
    ),
    gauge(
      'last_drill_ok',
      '1 when it found what it should.',
      of(({ ok }) => (ok ? 1 : 0)),
    ),
    gauge(
      'last_drill_duration_seconds',
      'How long it took.',
      of((d) => d.durationMs / 1000),
    ),
  ];
}

function startMetrics(start: StartOutcome | undefined): MetricFamily[] {
  return [
    gauge(
      'start',
      '1 for how the database came to be at this start, 0 for the others.',
      start === undefined ? [] : oneOf('choice', CHOICES, start.choice),
    ),
    gauge(
      'start_restore_seconds',
      'How long the restore at this start took; missing when there was none.',
      start?.choice === 'restored' ? one(start.durationMs / 1000) : [],
    ),
  ];
}

function gauge(name: string, help: string, samples: readonly MetricSample[]): MetricFamily {
  return { name: `${PREFIX}${name}`, kind: 'gauge', help, samples };
}

function counter(name: string, help: string, value: number): MetricFamily {
  return { name: `${PREFIX}${name}`, kind: 'counter', help, samples: one(value) };
}

function one(value: number): MetricSample[] {
  return [{ labels: {}, value }];
}

function oneOf(
  label: string,
  values: readonly string[],
  current: string,
  labels: Readonly<Record<string, string>> = {},
): MetricSample[] {
  return values.map((value) => ({
    labels: { ...labels, [label]: value },
    value: value === current ? 1 : 0,
  }));
}
