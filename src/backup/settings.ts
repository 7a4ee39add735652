/** What a backup is told to do, and what it tells while it does. */
import type { RetentionPolicy } from './retention.ts';

export interface BackupSettings {
  readonly databasePath: string;
  readonly logPath: string;
  readonly shipIntervalMs: number;
  readonly snapshotIntervalMs: number;
  /** Bytes of segments since the last snapshot that make one due. */
  readonly snapshotBytes: number;
  /** `remote`: every commit is shipped at once, because somebody waits for it. */
  readonly acknowledge: 'local' | 'remote';
  readonly required: boolean;
  readonly remoteAhead: 'refuse' | 'restore';
  readonly spoolBytesMax: number;
  readonly leaseMs: number;
  /** Undefined: no drills. */
  readonly drillIntervalMs: number | undefined;
  /** Undefined: the request log is not backed up. */
  readonly logsIntervalMs: number | undefined;
  readonly retention: RetentionPolicy;
  readonly bounds: BackupBounds;
}

export interface BackupBounds {
  /** One request to a storage. */
  readonly requestTimeoutMs: number;
  /** Attempts to upload a snapshot. */
  readonly uploadAttempts: number;
  /** The slowest upload that is waited for. */
  readonly uploadBytesPerSecondMin: number;
  readonly backoffMs: (attempt: number) => number;
}

export interface BackupEvents {
  /** The first storage has everything up to this commit. */
  shipped(sequence: number): void;
  warning(message: string): void;
  /** Another process owns a storage: this one must not acknowledge anything any more. */
  fenced(message: string): void;
}
