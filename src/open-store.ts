/**
 * Opens the store that the configuration asks for: with backups, or on the local disk alone. What
 * the rest of the process needs of either comes back in one shape.
 */
import { BackedUpStore } from './backed-up-store.ts';
import { StoreBackupPort } from './backup-port.ts';
import type { BackupStatus } from './backup/status.ts';
import { spoolFolderOf } from './backup/spool-folder.ts';
import { openEmbeddedStore } from './embedded-store.ts';
import type { BackupPort } from './http/ports.ts';
import type { LaunchedBackup } from './launched-backup.ts';
import type { LaunchedWriter } from './launched-writer.ts';
import { NoBackup } from './no-backup.ts';
import type { Config } from './platform/config.ts';
import type { StoreMetrics } from './store-metrics.ts';
import type { Store } from './store/store.ts';

export interface OpenedStore {
  readonly store: Store;
  readonly backup: BackupPort;
  /** One line about how the database came to be; undefined when there is nothing to tell. */
  readonly explanation: string | undefined;
  readonly spoolFolder: string | undefined;
  /** Undefined: no storage is configured. */
  readonly backupStatus: (() => Promise<BackupStatus>) | undefined;
  readonly metrics: StoreMetrics;
  /** After `store.close`: whether everything that was acknowledged is in every storage. */
  readonly shipped: () => boolean;
}

/** @throws Error in one line */
export async function openStore(
  config: Config,
  backup: LaunchedBackup | undefined,
  writer: LaunchedWriter,
  onLost: (error: Error) => void,
): Promise<OpenedStore> {
  const { databasePath, filterWorkers, filterMemory } = config;
  if (backup !== undefined) {
    const store = await BackedUpStore.open({
      databasePath,
      filterWorkers,
      filterMemory,
      backup,
      writer,
      onLost,
    });
    return {
      store,
      backup: new StoreBackupPort(store, backup.config, databasePath),
      explanation: store.start.explanation,
      spoolFolder: spoolFolderOf(databasePath),
      backupStatus: () => store.backup.call('status', null),
      metrics: { pool: () => store.metrics.pool(), writer: () => store.metrics.writer() },
      shipped: () => store.shipped,
    };
  }
  const store = openEmbeddedStore(await writer.started, {
    path: databasePath,
    filterWorkers,
    filterMemory,
    onWarning: writer.warn,
  });
  return {
    store,
    backup: new NoBackup(databasePath),
    explanation: undefined,
    spoolFolder: undefined,
    backupStatus: undefined,
    metrics: store.metrics,
    shipped: () => true,
  };
}
