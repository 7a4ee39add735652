/**
 * What the command line asks of others: of the backup, and of the terminal it was called from.
 * `command-line.ts` hands in who answers; tests hand in stand-ins.
 */
import type { SnapshotEntry } from '../backup/manifest.ts';
import type { DrillResult, RestoreRange } from '../backup/status.ts';
import type { BackupConfig } from '../platform/backup-config.ts';
import type { Clock } from '../platform/clock.ts';
import type { Environment } from '../platform/config.ts';

/** Told as work goes on: `done` of `total` objects or bytes, and what is at hand. */
export type OnProgress = (done: number, total: number, what: string) => void;

export interface StoredBackups {
  readonly storage: string;
  readonly snapshots: readonly SnapshotEntry[];
  readonly ranges: readonly RestoreRange[];
}

export interface Verification {
  readonly ok: boolean;
  /** One line each: the object, and what is wrong with it. */
  readonly problems: readonly string[];
  readonly checkedObjects: number;
  readonly checkedBytes: number;
}

export interface Restoration {
  readonly storage: string;
  readonly sequence: number;
  /** When that content was current, milliseconds since 1970. */
  readonly at: number;
  readonly snapshot: string;
  readonly segments: number;
  readonly durationMs: number;
}

/** Neither given: the newest position. */
export interface RestoreTarget {
  readonly sequence?: number;
  readonly time?: number;
}

/** Reads the storages and never writes there, so that all of it is safe beside a running server. */
export interface BackupOperations {
  list(): Promise<readonly StoredBackups[]>;
  verify(progress: OnProgress): Promise<Verification>;
  /** @param into a file that is not there yet */
  restoreInto(target: RestoreTarget, into: string, progress: OnProgress): Promise<Restoration>;
  /** @param scratch a file that is not there yet; whoever asked removes it */
  drill(scratch: string, progress: OnProgress): Promise<DrillResult>;
  close(): Promise<void>;
}

export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface CommandLineParts {
  readonly env: Environment;
  /** For the result. */
  readonly stdout: TextStream;
  /** For progress and for what went wrong. */
  readonly stderr: TextStream;
  readonly clock: Clock;
  /** @param warn takes one line for the operator */
  readonly openOperations: (
    config: BackupConfig,
    warn: (message: string) => void,
  ) => Promise<BackupOperations>;
}
