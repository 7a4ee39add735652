import t from 'tap';
import type { BackupConfig, StorageConfig } from '../platform/backup-config.ts';
import {
  backupStatsView,
  drillView,
  noBackupStatsView,
  restoreRangeView,
  snapshotView,
} from './admin-view.ts';
import type { BackupStatus, StorageStatus } from './status.ts';
import { SNAPSHOT, statusOf, storageOf, TIME } from './test/status-samples.ts';

const ISO = '2026-11-21T05:23:40.000Z';
const LATER_ISO = '2026-11-21T05:24:40.000Z';

function config(...storages: StorageConfig[]): BackupConfig {
  return {
    storages,
    required: true,
    remoteAhead: 'refuse',
    acknowledge: 'local',
    shipIntervalMs: 1000,
    snapshotIntervalMs: 1000,
    keepDays: 7,
    keepLast: 20,
    spoolBytesMax: 1000,
    leaseMs: 1000,
    stopBudgetMs: 1000,
    drillIntervalMs: undefined,
    logsIntervalMs: undefined,
  };
}

const FOLDER: StorageConfig = { kind: 'folder', folder: './backup' };

t.test('the fields of the earlier SCIMServer, and ours', (t) => {
  t.strictSame(backupStatsView(statusOf(), config(FOLDER), 'data/scimlane.db'), {
    mode: 'folder',
    blobAccount: null,
    blobContainer: null,
    backupCount: 2,
    lastBackupTime: LATER_ISO,
    lastBackupSucceeded: true,
    lastError: null,
    restoredFromSnapshot: false,
    hasSnapshots: true,
    localDbPath: 'data/scimlane.db',
    position: 57,
    spooled: 55,
    spoolLag: 2,
    spoolBytes: 100,
    spoolBytesMax: 1000,
    snapshotRunning: false,
    gaps: 1,
    storages: [
      {
        storage: 'folder ./backup',
        state: 'ok',
        position: 50,
        positionTime: ISO,
        uploadLag: 7,
        waitingSegments: 2,
        waitingBytes: 90,
        snapshots: 3,
        lastSnapshot: snapshotView('folder ./backup', SNAPSHOT),
        lastError: null,
        lastErrorTime: null,
      },
    ],
    lastDrill: null,
    start: null,
  });
  t.end();
});

t.test('without a storage the same fields are there', (t) => {
  const none = noBackupStatsView('x.db');
  t.match(none, { mode: 'none', hasSnapshots: false, localDbPath: 'x.db', storages: [] });
  const ours = ['position', 'spooled', 'spoolLag', 'spoolBytes', 'spoolBytesMax', 'gaps'];
  const kept = Object.keys(backupStatsView(statusOf(), config(FOLDER), 'x.db')).filter(
    (name) => ![...ours, 'snapshotRunning'].includes(name),
  );
  t.same(Object.keys(none).sort(), kept.sort());
  t.end();
});

t.test('the mode is that of the storage trusted most', (t) => {
  const blob: StorageConfig = { kind: 'blob', account: 'abc', container: 'scim' };
  const files: StorageConfig = { kind: 'files', connectionString: 'AccountKey=k', share: 's' };
  const view = (...storages: StorageConfig[]) =>
    backupStatsView(statusOf(), config(...storages), 'x.db');
  t.match(view(blob), { mode: 'blob', blobAccount: 'abc', blobContainer: 'scim' });
  t.match(view(files, blob), { mode: 'azureFiles', blobContainer: 'scim' });
  t.match(view(FOLDER, files), { mode: 'folder', blobContainer: null });
  const secret: StorageConfig = { kind: 'blob', connectionString: 'AccountKey=k', container: 'c' };
  t.notMatch(JSON.stringify(view(files, secret)), /AccountKey/);
  t.end();
});

t.test('whether the last backup worked: unknown before the first, false after a failure', (t) => {
  const view = (fields: Partial<BackupStatus>) =>
    backupStatsView(statusOf(fields), config(FOLDER), 'x.db');
  const empty = storageOf({ lastSnapshot: undefined, snapshots: 0 });
  t.match(view({ lastSnapshotAt: undefined, storages: [empty] }), {
    lastBackupTime: null,
    lastBackupSucceeded: null,
    hasSnapshots: false,
  });
  t.match(view({ lastSnapshotError: 'disk full' }), {
    lastBackupTime: LATER_ISO,
    lastBackupSucceeded: false,
    lastError: 'disk full',
  });
  t.match(
    view({ lastSnapshotAt: undefined }),
    { lastBackupTime: ISO, lastBackupSucceeded: true },
    'one of an earlier process',
  );
  t.end();
});

t.test('the last error is that of a storage that still fails', (t) => {
  const failing = (state: StorageStatus['state'], lastError: string, lastErrorAt: number) =>
    storageOf({ state, lastError, lastErrorAt });
  const view = (...storages: StorageStatus[]) =>
    backupStatsView(statusOf({ storages }), config(FOLDER), 'x.db');
  t.match(view(failing('ok', 'long ago', TIME)), {
    lastError: null,
    storages: [{ lastError: 'long ago', lastErrorTime: ISO }],
  });
  const two = view(failing('retrying', 'older', 1), failing('fenced', 'newer', 2));
  t.equal(two['lastError'], 'newer');
  t.end();
});

t.test('how the start went, and the last drill', (t) => {
  const start = {
    choice: 'restored',
    explanation: 'there was no database here',
    sequence: 41,
    snapshot: SNAPSHOT.name,
    segments: 3,
    durationMs: 120,
  } as const;
  const lastDrill = {
    at: TIME,
    storage: 'folder ./backup',
    ok: false,
    sequence: 41,
    durationMs: 9,
    problem: 'rows differ',
  };
  t.match(backupStatsView(statusOf({ start, lastDrill }), config(FOLDER), 'x.db'), {
    restoredFromSnapshot: true,
    start: { choice: 'restored', position: 41, segments: 3 },
    lastDrill: { time: ISO, ok: false, position: 41, problem: 'rows differ' },
  });
  t.match(drillView({ ...lastDrill, ok: true, problem: undefined }), { problem: null });
  t.end();
});

t.test('a snapshot and a stretch of time', (t) => {
  t.strictSame(snapshotView('blob abc/scim', SNAPSHOT), {
    storage: 'blob abc/scim',
    name: 'snapshots/41.db.zst',
    position: 41,
    time: ISO,
    bytes: 10,
    sha256: 'ab',
    databaseBytes: 40,
    schemaVersion: 2,
    rows: { resources: 3 },
  });
  const range = {
    storage: 'blob abc/scim',
    fromSequence: 41,
    toSequence: 57,
    fromTime: TIME,
    toTime: TIME + 60_000,
    continuous: true,
  };
  t.strictSame(restoreRangeView(range), {
    storage: 'blob abc/scim',
    from: ISO,
    to: LATER_ISO,
    fromPosition: 41,
    toPosition: 57,
    continuous: true,
  });
  t.end();
});
