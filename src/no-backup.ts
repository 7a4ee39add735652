/** What http is handed when no storage is configured: the truth, and what to set. */
import { noBackupStatsView } from './backup/admin-view.ts';
import { BackupRefused, type BackupPort } from './http/ports.ts';
import { STORAGE_VARIABLES } from './platform/backup-config.ts';
import type { JsonObject } from './scim/json.ts';

export class NoBackup implements BackupPort {
  readonly #databasePath: string;

  constructor(databasePath: string) {
    this.#databasePath = databasePath;
  }

  stats(): Promise<JsonObject> {
    return Promise.resolve(noBackupStatsView(this.#databasePath));
  }

  snapshots(): Promise<JsonObject[]> {
    return Promise.resolve([]);
  }

  restorePoints(): Promise<JsonObject[]> {
    return Promise.resolve([]);
  }

  trigger(): Promise<JsonObject> {
    return this.#refuse();
  }

  verify(): Promise<JsonObject> {
    return this.#refuse();
  }

  restore(): Promise<JsonObject> {
    return this.#refuse();
  }

  #refuse(): Promise<never> {
    const reason = `no backup storage is configured: set ${STORAGE_VARIABLES}`;
    return Promise.reject(new BackupRefused(reason));
  }
}
