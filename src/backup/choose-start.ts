/**
 * Which database the server starts with, decided by positions alone. Pure. The rule behind it: a
 * choice that could lose an acknowledged write is refused, unless an operator has said what to do.
 */

/** The database file that is here. */
export interface LocalDatabase {
  readonly database: string | undefined;
  readonly sequence: number;
}

/** What one storage holds; `index` is its place in the order of trust. */
export interface RemotePosition {
  readonly index: number;
  readonly label: string;
  readonly database: string | undefined;
  readonly sequence: number;
  /** Its last holder did not run on this disk. */
  readonly overtaken: boolean;
}

export type StartChoice =
  /** Nothing anywhere: the database begins. */
  | { readonly kind: 'new' }
  | { readonly kind: 'local' }
  | { readonly kind: 'restore'; readonly index: number; readonly because: string };

/** What stops the start, in one line. */
export class StartRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StartRefused';
  }
}

/**
 * @param local undefined: there is no file; `damaged`: SQLite cannot read it
 * @param remoteAhead what to do when a storage has commits that a local database lacks
 * @throws StartRefused
 */
export function chooseStart(
  local: LocalDatabase | 'damaged' | undefined,
  remotes: readonly RemotePosition[],
  remoteAhead: 'refuse' | 'restore',
): StartChoice {
  const furthest = furthestOf(remotes);
  if (furthest !== undefined) refuseForeign(furthest.database, furthest.label, remotes);
  if (local === 'damaged') {
    if (furthest === undefined) {
      throw new StartRefused(
        'the local database is damaged and no storage holds a backup: keep the file and look at it with the sqlite3 shell (.recover)',
      );
    }
    return restore(furthest, 'the local database is damaged');
  }
  if (local === undefined || local.sequence === 0) {
    if (furthest === undefined) return { kind: local === undefined ? 'new' : 'local' };
    if (local !== undefined && furthest.sequence === 0) {
      const same = furthest.database === local.database;
      return same ? { kind: 'local' } : restore(furthest, 'the local database is empty');
    }
    return restore(furthest, `there is no local database`);
  }
  refuseForeign(local.database, 'the local database', remotes);
  const overtaken = furthestOf(remotes.filter((remote) => remote.overtaken));
  if (overtaken !== undefined && remoteAhead === 'restore') {
    return restore(overtaken, `another server used ${overtaken.label} since this disk was used`);
  }
  if (furthest === undefined || furthest.sequence <= local.sequence) return { kind: 'local' };
  const behind = `the local database is at commit ${local.sequence}, ${furthest.label} at ${furthest.sequence}`;
  if (remoteAhead === 'restore') return restore(furthest, behind);
  throw new StartRefused(
    `${behind}: this disk is an old one. Start with BACKUP_REMOTE_AHEAD=restore to take the backup (the local file is kept aside), or give the server an empty storage to keep the local database`,
  );
}

/** The first of those that lead furthest. */
function furthestOf(remotes: readonly RemotePosition[]): RemotePosition | undefined {
  return remotes.reduce<RemotePosition | undefined>(
    (best, remote) => (best === undefined || remote.sequence > best.sequence ? remote : best),
    undefined,
  );
}

/** @throws StartRefused when a storage holds backups of another database than this one */
export function refuseForeign(
  database: string | undefined,
  whose: string,
  remotes: readonly Pick<RemotePosition, 'label' | 'database'>[],
): void {
  const foreign = remotes.find((remote) => remote.database !== database);
  if (foreign === undefined) return;
  throw new StartRefused(
    `${foreign.label} holds backups of database ${foreign.database}, ${whose} is ${database}: give each server a storage of its own`,
  );
}

function restore(remote: RemotePosition, because: string): StartChoice {
  return { kind: 'restore', index: remote.index, because };
}
