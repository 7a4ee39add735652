/**
 * Opens the data file, migrated and with a first endpoint. A damaged one stops the start, because
 * nothing else may be done with it than restore it. (The log's file is in open-request-log.ts.)
 */
import { migrate } from '../sqlite/migrate.ts';
import { openWriter, type Connection, type WriterOptions } from '../sqlite/open.ts';
import { MIGRATIONS } from '../sqlite/schema.ts';
import { EndpointTable } from '../sqlite/tables/endpoints.ts';
import { countCommit, StateTable } from '../sqlite/tables/state.ts';
import { reconcileAll } from './index-reconcile.ts';

/** The endpoint that `/scim/v2/Users` means. */
export const DEFAULT_ENDPOINT_NAME = 'default';

/**
 * Everything is in place when it returns, and committed. The commits of a new file are not counted:
 * there is no backup of it yet. Those of an upgrade, and of what it wants indexed, are, so that no position has two contents and the
 * backups go on behind it.
 * @param now milliseconds since 1970
 * @param defaultEndpointId id of the endpoint `default`, created when the file is new
 * @throws Error when the database is damaged, or newer than this build
 */
export function openData(
  path: string,
  options: WriterOptions,
  now: number,
  defaultEndpointId: string,
): Connection {
  const db = openWriter(path, options);
  try {
    migrate(db, MIGRATIONS, now, () => countCommit(db));
    db.exec('BEGIN IMMEDIATE');
    const endpoints = new EndpointTable(db);
    // Nothing was ever written: a start that was killed right after the migration comes by here too.
    const isNew = new StateTable(db).read().change === 0 && endpoints.all().length === 0;
    if (isNew) {
      endpoints.insert({
        id: defaultEndpointId,
        name: DEFAULT_ENDPOINT_NAME,
        display_name: null,
        description: null,
        config: '{}',
        active: 1,
        created_at: now,
        updated_at: now,
      });
    }
    if (reconcileAll(db) && !isNew) countCommit(db);
    db.exec('COMMIT');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
