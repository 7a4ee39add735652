/**
 * How the backup's own records look to administrators: plain JSON, times in ISO form, `null` for
 * what is not there. Pure. The names of the earlier SCIMServer's fields stay as they were; ours
 * stand beside them. No credential is ever part of it.
 */
import type { BackupConfig } from '../platform/backup-config.ts';
import type { SnapshotEntry } from './manifest.ts';
import type {
  BackupStatus,
  DrillResult,
  RestoreRange,
  StartOutcome,
  StorageStatus,
} from './status.ts';

export type Json = string | number | boolean | null | Json[] | JsonFields;

export interface JsonFields {
  [name: string]: Json;
}

/** `GET /scim/admin/backup/stats` of a server that keeps backups. */
export function backupStatsView(
  status: BackupStatus,
  config: BackupConfig,
  databasePath: string,
): JsonFields {
  const { lastSnapshotError } = status;
  const lastAt = lastBackupAt(status);
  return {
    ...earlierPlaces(config),
    backupCount: status.backupCount,
    lastBackupTime: timeOrNull(lastAt),
    lastBackupSucceeded: lastSnapshotError === undefined ? succeededAt(lastAt) : false,
    lastError: lastSnapshotError ?? newestStorageError(status) ?? null,
    restoredFromSnapshot: status.start?.choice === 'restored',
    hasSnapshots: status.storages.some(({ snapshots }) => snapshots > 0),
    localDbPath: databasePath,
    position: status.committed,
    spooled: status.spooled,
    spoolLag: status.committed - status.spooled,
    spoolBytes: status.spoolBytes,
    spoolBytesMax: status.spoolBytesMax,
    snapshotRunning: status.snapshotRunning,
    gaps: status.gaps,
    storages: status.storages.map((storage) => storageView(storage, status.committed)),
    lastDrill: status.lastDrill === undefined ? null : drillView(status.lastDrill),
    start: status.start === undefined ? null : startView(status.start),
  };
}

/** `GET /scim/admin/backup/stats` of a server without any storage. */
export function noBackupStatsView(databasePath: string): JsonFields {
  return {
    mode: 'none',
    blobAccount: null,
    blobContainer: null,
    backupCount: 0,
    lastBackupTime: null,
    lastBackupSucceeded: null,
    lastError: null,
    restoredFromSnapshot: false,
    hasSnapshots: false,
    localDbPath: databasePath,
    storages: [],
    lastDrill: null,
    start: null,
  };
}

export function snapshotView(storage: string, snapshot: SnapshotEntry): JsonFields {
  return {
    storage,
    name: snapshot.name,
    position: snapshot.sequence,
    time: isoTime(snapshot.takenAt),
    bytes: snapshot.bytes,
    sha256: snapshot.sha256,
    databaseBytes: snapshot.databaseBytes,
    schemaVersion: snapshot.schemaVersion,
    rows: { ...snapshot.rows },
  };
}

export function restoreRangeView(range: RestoreRange): JsonFields {
  return {
    storage: range.storage,
    from: isoTime(range.fromTime),
    to: isoTime(range.toTime),
    fromPosition: range.fromSequence,
    toPosition: range.toSequence,
    continuous: range.continuous,
  };
}

export function drillView(drill: DrillResult): JsonFields {
  return {
    time: isoTime(drill.at),
    storage: drill.storage,
    ok: drill.ok,
    position: drill.sequence,
    durationMs: drill.durationMs,
    problem: drill.problem ?? null,
  };
}

/** Of the storage that is trusted most, in the words of the earlier SCIMServer. */
function earlierPlaces({ storages }: BackupConfig): JsonFields {
  const [first] = storages;
  const blob = storages.find(({ kind }) => kind === 'blob');
  const mode = first?.kind === 'files' ? 'azureFiles' : (first?.kind ?? 'none');
  if (blob?.kind !== 'blob') return { mode, blobAccount: null, blobContainer: null };
  return { mode, blobAccount: blob.account ?? null, blobContainer: blob.container };
}

function storageView(storage: StorageStatus, committed: number): JsonFields {
  const { lastSnapshot } = storage;
  return {
    storage: storage.label,
    state: storage.state,
    position: storage.sequence,
    positionTime: timeOrNull(storage.at),
    uploadLag: committed - storage.sequence,
    waitingSegments: storage.waitingSegments,
    waitingBytes: storage.waitingBytes,
    snapshots: storage.snapshots,
    lastSnapshot: lastSnapshot === undefined ? null : snapshotView(storage.label, lastSnapshot),
    lastError: storage.lastError ?? null,
    lastErrorTime: timeOrNull(storage.lastErrorAt),
  };
}

function startView(start: StartOutcome): JsonFields {
  return {
    choice: start.choice,
    explanation: start.explanation,
    position: start.sequence,
    snapshot: start.snapshot ?? null,
    segments: start.segments,
    durationMs: start.durationMs,
  };
}

/** Also one of an earlier process, as the storages know it. */
function lastBackupAt({ lastSnapshotAt, storages }: BackupStatus): number | undefined {
  const times = [lastSnapshotAt, ...storages.map(({ lastSnapshot }) => lastSnapshot?.takenAt)];
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** Null before the first one, as the earlier SCIMServer said it. */
function succeededAt(lastAt: number | undefined): true | null {
  return lastAt === undefined ? null : true;
}

/** Of a storage that works again the last error is history: it stays with the storage. */
function newestStorageError({ storages }: BackupStatus): string | undefined {
  const failing = storages.filter(
    ({ state, lastError }) => state !== 'ok' && lastError !== undefined,
  );
  return failing.sort((a, b) => (b.lastErrorAt ?? 0) - (a.lastErrorAt ?? 0))[0]?.lastError;
}

function timeOrNull(time: number | undefined): string | null {
  return time === undefined ? null : isoTime(time);
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}
