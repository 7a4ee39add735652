/** The status of a backup for tests, complete: one storage, somewhat behind, with a snapshot. */
import type { SnapshotEntry } from '../manifest.ts';
import type { BackupStatus, StorageStatus } from '../status.ts';

/** When the sample's content was stored. */
export const TIME = Date.UTC(2026, 10, 21, 5, 23, 40);

export const SNAPSHOT: SnapshotEntry = {
  name: 'snapshots/41.db.zst',
  sequence: 41,
  takenAt: TIME,
  bytes: 10,
  sha256: 'ab',
  databaseBytes: 40,
  databaseSha256: 'cd',
  schemaVersion: 2,
  rows: { resources: 3 },
};

export function storageOf(fields: Partial<StorageStatus> = {}): StorageStatus {
  return {
    label: 'folder ./backup',
    state: 'ok',
    sequence: 50,
    at: TIME,
    waitingSegments: 2,
    waitingBytes: 90,
    lastError: undefined,
    lastErrorAt: undefined,
    snapshots: 3,
    lastSnapshot: SNAPSHOT,
    ...fields,
  };
}

export function statusOf(fields: Partial<BackupStatus> = {}): BackupStatus {
  return {
    start: undefined,
    committed: 57,
    spooled: 55,
    spoolBytes: 100,
    spoolBytesMax: 1000,
    storages: [storageOf()],
    snapshotRunning: false,
    backupCount: 2,
    snapshotFailures: 4,
    lastSnapshotAt: TIME + 60_000,
    lastSnapshotError: undefined,
    lastDrill: undefined,
    gaps: 1,
    ...fields,
  };
}
