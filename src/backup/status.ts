/** What the backup tells about itself: to the admin API, the metrics and the command line. */
import type { SnapshotEntry } from './manifest.ts';

/** How the database at hand came to be, at this start. */
export interface StartOutcome {
  readonly choice: 'new' | 'local' | 'restored';
  /** One line for a person. */
  readonly explanation: string;
  /** Commit sequence the server started with. */
  readonly sequence: number;
  /** The snapshot restored from. */
  readonly snapshot: string | undefined;
  readonly segments: number;
  readonly durationMs: number;
}

export interface StorageStatus {
  readonly label: string;
  readonly state: 'ok' | 'retrying' | 'needsSnapshot' | 'fenced';
  /** Everything up to this commit is stored there. */
  readonly sequence: number;
  /** When the content at `sequence` was current. */
  readonly at: number | undefined;
  /** Segments spooled but not stored there. */
  readonly waitingSegments: number;
  readonly waitingBytes: number;
  readonly lastError: string | undefined;
  readonly lastErrorAt: number | undefined;
  readonly snapshots: number;
  readonly lastSnapshot: SnapshotEntry | undefined;
}

export interface DrillResult {
  readonly at: number;
  readonly storage: string;
  readonly ok: boolean;
  /** Position that was restored and compared. */
  readonly sequence: number;
  readonly durationMs: number;
  /** What differed, or why it could not be done. */
  readonly problem: string | undefined;
}

export interface BackupStatus {
  readonly start: StartOutcome | undefined;
  /** Newest commit of the writer. */
  readonly committed: number;
  /** Newest commit in the local spool. */
  readonly spooled: number;
  readonly spoolBytes: number;
  readonly spoolBytesMax: number;
  readonly storages: readonly StorageStatus[];
  readonly snapshotRunning: boolean;
  /** Snapshots this process has taken and verified. */
  readonly backupCount: number;
  /** Attempts of this process that ended without a snapshot. */
  readonly snapshotFailures: number;
  readonly lastSnapshotAt: number | undefined;
  readonly lastSnapshotError: string | undefined;
  readonly lastDrill: DrillResult | undefined;
  /** Chains begun anew because commits were missing: each was followed by a snapshot. */
  readonly gaps: number;
}

/** A moment one can go back to: every one between `from` and `to`, as far as segments go. */
export interface RestoreRange {
  readonly storage: string;
  readonly fromSequence: number;
  readonly toSequence: number;
  readonly fromTime: number;
  readonly toTime: number;
  /** False: only the snapshot's own position, no segments lead on. */
  readonly continuous: boolean;
}

/** Told as work goes on: `done` of `total` objects or bytes, and what is at hand. */
export type OnProgress = (done: number, total: number, what: string) => void;
