/**
 * What the command line asks of others: of the backup, and of the terminal it was called from.
 * `command-line.ts` hands in who answers; tests hand in stand-ins.
 */
import type * as backup from '../backup/operations.ts';
import type { BackupConfig } from '../platform/backup-config.ts';
import type { Clock } from '../platform/clock.ts';
import type { OnProgress } from '../backup/status.ts';
import type { Config, Environment } from '../platform/config.ts';
import type { ImportRequest } from './import-arguments.ts';
import type { ImportResult } from './import-report.ts';
import type { AzureParts } from './azure/ports.ts';

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
  /** As `openOperations`; rejects when nothing could be begun, or when it could not go on. */
  readonly importDatabase: (
    config: Config,
    request: ImportRequest,
    onProgress: OnProgress,
    warn: (message: string) => void,
  ) => Promise<ImportResult>;
  /** For the Azure commands. */
  readonly openAzure: () => AzureParts;
}
