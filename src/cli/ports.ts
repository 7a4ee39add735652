/**
 * What the command line asks of others: of the backup, and of the terminal it was called from.
 * `command-line.ts` hands in who answers; tests hand in stand-ins.
 */
import type * as backup from '../backup/operations.ts';
import type { BackupConfig } from '../platform/backup-config.ts';
import type { Clock } from '../platform/clock.ts';
import type { Environment } from '../platform/config.ts';

/** Reads the storages and never writes there, so that all of it is safe beside a running server. */
export type BackupOperations = Pick<backup.BackupOperations, keyof backup.BackupOperations>;

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
