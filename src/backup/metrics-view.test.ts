import t from 'tap';
import { backupMetrics } from './metrics-view.ts';
import type { BackupStatus, StorageStatus } from './status.ts';
import { statusOf, storageOf, TIME } from './test/status-samples.ts';

const NOW = TIME + 5000;

/** `name{label="value"} → value` of all samples, without the prefix. */
function told(fields: Partial<BackupStatus> = {}): Record<string, number> {
  const samples = backupMetrics(statusOf(fields), NOW).flatMap(({ name, samples: each }) =>
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
  const kinds = backupMetrics(statusOf(), NOW).map(({ name, kind }) => [
    name.endsWith('_total'),
    kind,
  ]);
  t.ok(kinds.every(([isTotal, kind]) => isTotal === (kind === 'counter')));
  t.end();
});

t.test('each storage under its label', (t) => {
  const second = storageOf({ label: 'blob a/b', state: 'retrying', lastSnapshot: undefined });
  const all = told({ storages: [storageOf(), second] });
  t.match(all, {
    'storage_position{storage="folder ./backup"}': 50,
    'storage_waiting_segments{storage="folder ./backup"}': 2,
    'storage_waiting_bytes{storage="folder ./backup"}': 90,
    'storage_snapshots{storage="blob a/b"}': 3,
    'storage_last_snapshot_timestamp_seconds{storage="folder ./backup"}': TIME / 1000,
    'storage_last_snapshot_bytes{storage="folder ./backup"}': 10,
    'storage_state{storage="folder ./backup",state="ok"}': 1,
    'storage_state{storage="folder ./backup",state="retrying"}': 0,
    'storage_state{storage="blob a/b",state="retrying"}': 1,
    'storage_state{storage="blob a/b",state="fenced"}': 0,
  });
  t.notOk(Object.hasOwn(all, 'storage_last_snapshot_bytes{storage="blob a/b"}'));
  t.end();
});

t.test('a position ages only while it is behind', (t) => {
  const lag = (fields: Partial<StorageStatus>): number | undefined =>
    told({ storages: [storageOf(fields)] })['storage_lag_seconds{storage="folder ./backup"}'];
  t.equal(lag({ sequence: 57 }), 0, 'everything is stored, however long ago');
  t.equal(lag({}), 5);
  t.equal(lag({ at: NOW + 9000 }), 0, 'the clock was set back');
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
