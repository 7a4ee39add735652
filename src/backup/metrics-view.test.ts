import t from 'tap';
import type { SnapshotEntry } from './manifest.ts';
import { backupMetrics } from './metrics-view.ts';
import type { BackupStatus, StorageStatus } from './status.ts';

const NOW = Date.UTC(2026, 10, 21, 5, 23, 40);

const SNAPSHOT: SnapshotEntry = {
  name: 'snapshots/a',
  sequence: 40,
  takenAt: NOW - 60_000,
  bytes: 1234,
  sha256: 'a'.repeat(64),
  databaseBytes: 5000,
  databaseSha256: 'b'.repeat(64),
  schemaVersion: 1,
  rows: {},
};

function storage(fields: Partial<StorageStatus> = {}): StorageStatus {
  return {
    label: 'folder /backup',
    state: 'ok',
    sequence: 57,
    at: NOW - 5000,
    waitingSegments: 2,
    waitingBytes: 90,
    lastError: undefined,
    lastErrorAt: undefined,
    snapshots: 3,
    lastSnapshot: SNAPSHOT,
    ...fields,
  };
}

function status(fields: Partial<BackupStatus> = {}): BackupStatus {
  return {
    start: undefined,
    committed: 57,
    spooled: 55,
    spoolBytes: 100,
    spoolBytesMax: 1000,
    storages: [storage()],
    snapshotRunning: false,
    backupCount: 2,
    snapshotFailures: 4,
    lastSnapshotAt: undefined,
    lastSnapshotError: undefined,
    lastDrill: undefined,
    gaps: 1,
    ...fields,
  };
}

/** `name{label="value"} → value` of all samples, without the prefix. */
function told(fields: Partial<BackupStatus> = {}): Record<string, number> {
  const samples = backupMetrics(status(fields), NOW).flatMap(({ name, samples: each }) =>
    each.map(({ labels, value }) => {
      const list = Object.entries(labels).map(([key, text]) => `${key}="${text}"`);
      const braces = list.length === 0 ? '' : `{${list.join(',')}}`;
      return [`${name.replace(/^scimlane_backup_/, '')}${braces}`, value] as const;
    }),
  );
  return Object.fromEntries(samples);
}

t.test('positions, sizes and counts as the status has them', (t) => {
  t.strictSame(told({ storages: [] }), {
    committed_position: 57,
    spooled_position: 55,
    spool_bytes: 100,
    spool_max_bytes: 1000,
    gaps_total: 1,
    snapshots_total: 2,
    snapshot_failures_total: 4,
  });
  const kinds = backupMetrics(status(), NOW).map(({ name, kind }) => [
    name.endsWith('_total'),
    kind,
  ]);
  t.ok(kinds.every(([isTotal, kind]) => isTotal === (kind === 'counter')));
  t.end();
});

t.test('each storage under its label', (t) => {
  const second = storage({ label: 'blob a/b', state: 'retrying', lastSnapshot: undefined });
  const all = told({ storages: [storage(), second] });
  t.match(all, {
    'storage_position{storage="folder /backup"}': 57,
    'storage_waiting_segments{storage="folder /backup"}': 2,
    'storage_waiting_bytes{storage="folder /backup"}': 90,
    'storage_snapshots{storage="blob a/b"}': 3,
    'storage_last_snapshot_timestamp_seconds{storage="folder /backup"}': NOW / 1000 - 60,
    'storage_last_snapshot_bytes{storage="folder /backup"}': 1234,
    'storage_state{storage="folder /backup",state="ok"}': 1,
    'storage_state{storage="folder /backup",state="retrying"}': 0,
    'storage_state{storage="blob a/b",state="retrying"}': 1,
    'storage_state{storage="blob a/b",state="fenced"}': 0,
  });
  t.notOk(Object.hasOwn(all, 'storage_last_snapshot_bytes{storage="blob a/b"}'));
  t.end();
});

t.test('a position ages only while it is behind', (t) => {
  const lag = (fields: Partial<StorageStatus>): number | undefined =>
    told({ storages: [storage(fields)] })['storage_lag_seconds{storage="folder /backup"}'];
  t.equal(lag({}), 0, 'everything is stored, however long ago');
  t.equal(lag({ sequence: 56 }), 5);
  t.equal(lag({ sequence: 56, at: NOW + 9000 }), 0, 'the clock was set back');
  t.equal(lag({ sequence: 0, at: undefined }), Infinity, 'nothing is known to be there');
  t.end();
});

t.test('drill and start', (t) => {
  const drill = { at: NOW, storage: 'a', ok: false, sequence: 5, durationMs: 1500, problem: 'x' };
  const start = {
    choice: 'restored',
    explanation: '',
    sequence: 9,
    snapshot: 'snapshots/a',
    segments: 2,
    durationMs: 2500,
  } as const;
  t.match(told({ lastDrill: drill, start }), {
    last_drill_timestamp_seconds: NOW / 1000,
    last_drill_ok: 0,
    last_drill_duration_seconds: 1.5,
    'start{choice="restored"}': 1,
    'start{choice="local"}': 0,
    start_restore_seconds: 2.5,
  });
  const kept = told({ start: { ...start, choice: 'local', durationMs: 0 } });
  t.equal(kept['start{choice="local"}'], 1);
  t.notOk(Object.hasOwn(kept, 'start_restore_seconds'));
  t.end();
});
