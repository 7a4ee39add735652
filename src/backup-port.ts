/** What http is handed when there are backups: questions go to the backup, going back to the store. */
import { backupStatsView, drillView, restoreRangeView, snapshotView } from './backup/admin-view.ts';
import type { BackedUpStore } from './backed-up-store.ts';
import { BackupRefused, type BackupPort, type RestoreTarget } from './http/ports.ts';
import type { BackupConfig } from './platform/backup-config.ts';
import type { JsonObject } from './scim/json.ts';

export class StoreBackupPort implements BackupPort {
  readonly #store: BackedUpStore;
  readonly #config: BackupConfig;
  readonly #databasePath: string;

  constructor(store: BackedUpStore, config: BackupConfig, databasePath: string) {
    this.#store = store;
    this.#config = config;
    this.#databasePath = databasePath;
  }

  stats(): Promise<JsonObject> {
    return refusing(async () => {
      const status = await this.#store.backup.call('status', null);
      return backupStatsView(status, this.#config, this.#databasePath);
    });
  }

  trigger(): Promise<JsonObject> {
    return refusing(async () => {
      const label = this.#config.storages.map(({ kind }) => kind).join(', ');
      return snapshotView(label, await this.#store.backup.call('snapshot', null));
    });
  }

  snapshots(): Promise<JsonObject[]> {
    return refusing(async () => {
      const listings = await this.#store.backup.call('list', null);
      return listings.flatMap(({ storage, snapshots }) =>
        snapshots.map((snapshot) => snapshotView(storage, snapshot)),
      );
    });
  }

  restorePoints(): Promise<JsonObject[]> {
    return refusing(async () => {
      const listings = await this.#store.backup.call('list', null);
      return listings.flatMap(({ ranges }) => ranges.map(restoreRangeView));
    });
  }

  verify(): Promise<JsonObject> {
    return refusing(async () => {
      const { ok, problems, checkedObjects, checkedBytes } = await this.#store.backup.call(
        'verify',
        null,
      );
      return { ok, problems: [...problems], checkedObjects, checkedBytes };
    });
  }

  drill(): Promise<JsonObject> {
    return refusing(async () => drillView(await this.#store.backup.call('drill', null)));
  }

  restore(target: RestoreTarget): Promise<JsonObject> {
    return refusing(async () => {
      const went = await this.#store.goBack(target);
      return {
        storage: went.storage,
        position: went.sequence,
        time: new Date(went.at).toISOString(),
        snapshot: went.snapshot,
        segments: went.segments,
        formerDatabase: went.setAside,
        backedUp: went.notBackedUp === undefined,
        problem: went.notBackedUp ?? null,
      };
    });
  }
}

async function refusing<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Error)) throw new BackupRefused(String(error));
    // The class is lost on its way from the worker; the name comes through.
    throw new BackupRefused(error.message, error.name === 'Unrestorable' ? 409 : 503);
  }
}
