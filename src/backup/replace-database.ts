/**
 * Going back while the server runs: builds the database of an earlier position beside the live one,
 * and later, when the writer has closed, puts it in its place. The commits since then are not undone
 * in the storages: going back is a commit of its own, so positions only ever grow, and so do
 * versions: no ETag of a client means two contents.
 */
import type { Clock } from '../platform/clock.ts';
import { openReader, openWriter } from '../sqlite/open.ts';
import { StateTable } from '../sqlite/tables/state.ts';
import { removeDatabase } from './database-files.ts';
import { installDatabase } from './install.ts';
import type { FetchedDraft } from './messages.ts';
import type { BackupOperations } from './operations.ts';
import type { RestoreTarget } from './restore-plan.ts';

export class DatabaseReplacement {
  readonly #databasePath: string;
  readonly #operations: BackupOperations;
  readonly #clock: Clock;

  constructor(databasePath: string, operations: BackupOperations, clock: Clock) {
    this.#databasePath = databasePath;
    this.#operations = operations;
    this.#clock = clock;
  }

  /** @throws Error in one line; nothing was changed then */
  async fetch(target: RestoreTarget): Promise<FetchedDraft> {
    const path = `${this.#databasePath}.replacement`;
    removeDatabase(path);
    const restored = await this.#operations.restoreInto(target, path, () => undefined);
    const { storage, sequence, at, snapshot, segments } = restored;
    return { path, storage, sequence, at, snapshot, segments };
  }

  /** The database is closed. @returns where the former one is kept */
  install(draft: FetchedDraft): { setAside: string } {
    const live = sequencesOf(this.#databasePath);
    const db = openWriter(draft.path, { synchronous: 'FULL' });
    try {
      new StateTable(db).write({ commit: live.commit + 1, change: live.change + 1 });
      db.pragma('wal_checkpoint(TRUNCATE)');
    } finally {
      db.close();
    }
    const setAside = `${this.#databasePath}.before-restore-${Math.floor(this.#clock.now())}`;
    installDatabase(draft.path, this.#databasePath, { setAside });
    return { setAside };
  }
}

function sequencesOf(path: string): { commit: number; change: number } {
  const db = openReader(path);
  try {
    return new StateTable(db).read();
  } finally {
    db.close();
  }
}
