/**
 * Starts the backup's thread, which takes the storages and restores what is to be restored, while the
 * main thread still loads the rest of the server: a start with backups is then hardly longer. Nothing
 * here may open the database.
 */
import { hostname } from 'node:os';
import { BackupClient } from './backup/client.ts';
import type { StartOutcome } from './backup/status.ts';
import { logPathOf } from './db-worker/log-path.ts';
import { WalGate } from './db-worker/wal-gate.ts';
import type { BackupConfig } from './platform/backup-config.ts';
import { StoreError } from './store/results.ts';

export interface LaunchedBackup {
  readonly config: BackupConfig;
  readonly gate: WalGate;
  /** Rejects, in one line, when the server must not start. */
  readonly opened: Promise<{ readonly client: BackupClient; readonly start: StartOutcome }>;
  /** Resolves when backups cannot go on, or another process owns them: this one must stop. */
  readonly lost: Promise<Error>;
}

/**
 * @param databasePath in a folder that has been checked
 * @param warn takes one line for the operator
 */
export function launchBackup(
  config: BackupConfig,
  databasePath: string,
  warn: (message: string) => void,
): LaunchedBackup {
  const gate = WalGate.create();
  const lost = Promise.withResolvers<Error>();
  const setup = {
    config,
    databasePath,
    logPath: logPathOf(databasePath),
    gate: gate.buffer,
    host: hostname(),
  };
  const events = { warning: warn, lost: (error: Error) => lost.resolve(error) };
  const opened = BackupClient.start(setup, events, outcomeUnknown);
  // Whoever awaits it sees the rejection still; until then it must not end the process.
  opened.catch(() => undefined);
  return { config, gate, opened, lost: lost.promise };
}

function outcomeUnknown(reason: string): StoreError {
  return new StoreError('outcomeUnknown', `the outcome of the write is unknown: ${reason}`);
}
