/**
 * Before the writer opens the database: takes the lease of every storage, decides which database to
 * start with, and restores it when that is a backup. Nothing of the local database is changed before
 * the decision, and what a restore replaces is kept aside. What is spooled goes on only from a
 * database that nobody has edited since.
 */
import { statSync } from 'node:fs';
import type { Clock } from '../platform/clock.ts';
import { isCorruption } from '../sqlite/error-code.ts';
import { lockDataFile } from '../sqlite/lock.ts';
import { openReader } from '../sqlite/open.ts';
import { positionOf } from '../sqlite/tables/state.ts';
import {
  chooseStart,
  refuseForeign,
  StartRefused,
  type LocalDatabase,
  type RemotePosition,
  type StartChoice,
} from './choose-start.ts';
import { leadsOn } from './continuity.ts';
import { holdAll, releaseAll, type HeldStorage, type HoldParts } from './hold-storages.ts';
import type { Jobs } from './jobs/client.ts';
import { holderName } from './lease-claim.ts';
import type { LineageRecord } from './lineage-record.ts';
import type { Head } from './manifest.ts';
import { RestRecord } from './rest-record.ts';
import { restoreAtStart } from './restore-at-start.ts';
import type { Spool } from './spool.ts';
import type { StartOutcome } from './status.ts';
import type { Storage } from './storage/storage.ts';
import { WalFile } from './wal-scan.ts';

export interface PrepareParts extends HoldParts {
  readonly databasePath: string;
  readonly spool: Spool;
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly remoteAhead: 'refuse' | 'restore';
  /** The writer of this process has the database open: it is kept, whatever the storages hold. */
  readonly open: boolean;
  readonly lineage: LineageRecord;
  /** Whether a process ran on this disk. */
  readonly wasHere: (holderId: string) => boolean;
  /** Records whether this process counts as one that ran on this disk. */
  readonly setOwnHere: (isHere: boolean) => void;
}

export interface Prepared {
  readonly outcome: StartOutcome;
  readonly held: readonly HeldStorage[];
  /** Did not answer; only when they are not required. */
  readonly unreachable: readonly Storage[];
  /** Whether the database was changed while no server ran: a snapshot follows. */
  readonly gap: boolean;
}

/** @throws StartRefused, LeaseHeld, Unrestorable, DamagedObject, StorageError: one line each */
export async function prepare(parts: PrepareParts): Promise<Prepared> {
  const lock = parts.open ? undefined : lockDataFile(parts.databasePath);
  try {
    return await prepareLocked(parts);
  } finally {
    lock?.close();
  }
}

async function prepareLocked(parts: PrepareParts): Promise<Prepared> {
  const local = readLocal(parts.databasePath);
  // Before a storage is taken: a start that is killed behind that has not made a stranger of itself.
  if (typeof local === 'object' || parts.spool.position !== undefined) parts.setOwnHere(true);
  const strangers = new Set<Storage>();
  const { held, unreachable } = await holdAll(parts, (storage, found) => {
    if (typeof local === 'object') refuseOther(local, storage, found, parts);
    if (parts.wasHere(found.holder.id)) return;
    strangers.add(storage);
    // Until the disk holds what this storage does, it is as before: another server's.
    parts.setOwnHere(false);
  });
  try {
    const choice = chooseStart(local, positionsOf(held, strangers), parts.remoteAhead);
    if (parts.open && choice.kind !== 'local') {
      throw new StartRefused('a storage leads further than the database that is open');
    }
    const rest = new RestRecord(parts.databasePath);
    const outcome = await carryOut(choice, local, { parts, held, strangers, rest });
    const gap = choice.kind === 'local' && !parts.open && beginAnewIfEdited(local, rest, parts);
    parts.setOwnHere(true);
    return { outcome, held, unreachable, gap };
  } catch (error) {
    await releaseAll(held);
    throw error;
  }
}

/** @throws StartRefused for a storage that a server elsewhere has used, or uses for another database */
function refuseOther(
  local: LocalDatabase,
  { label }: Storage,
  { database, holder }: Head,
  { wasHere, remoteAhead }: PrepareParts,
): void {
  if (local.sequence === 0) return;
  // Before the lease is taken: a start that is refused must leave no trace in the storage.
  if (database !== undefined) {
    refuseForeign(local.database, 'the local database', [{ label, database }]);
  }
  if (wasHere(holder.id) || remoteAhead === 'restore') return;
  throw new StartRefused(
    `${label} was last used by ${holderName(holder)}, which did not run on this disk: each may hold commits that the other lacks. Start with BACKUP_REMOTE_AHEAD=restore to take the backup (the local file is kept aside), or give the server an empty storage to keep the local database`,
  );
}

/** Reads the position without changing anything: a read-only connection leaves the WAL as it is. */
function readLocal(path: string): LocalDatabase | 'damaged' | undefined {
  const file = statSync(path, { throwIfNoEntry: false });
  // Beside an empty file SQLite would delete the log, which a restore may still need.
  if (file === undefined || file.size === 0) return undefined;
  try {
    const db = openReader(path);
    try {
      const { commit, databaseId } = positionOf(db);
      return { database: databaseId, sequence: commit };
    } finally {
      db.close();
    }
  } catch (error) {
    if (isCorruption(error)) return 'damaged';
    throw error;
  }
}

function positionsOf(
  held: readonly HeldStorage[],
  strangers: ReadonlySet<Storage>,
): RemotePosition[] {
  return held.flatMap(({ storage, remote, end }, index) => {
    if (remote === undefined || end === undefined) return [];
    const { database } = remote.manifest;
    const { sequence } = end;
    return [{ index, label: storage.label, database, sequence, overtaken: strangers.has(storage) }];
  });
}

interface Start {
  readonly parts: PrepareParts;
  readonly held: readonly HeldStorage[];
  /** Storages whose last holder did not run on this disk. */
  readonly strangers: ReadonlySet<Storage>;
  readonly rest: RestRecord;
}

async function carryOut(
  choice: StartChoice,
  local: LocalDatabase | 'damaged' | undefined,
  { parts, held, strangers, rest }: Start,
): Promise<StartOutcome> {
  const facts = { snapshot: undefined, segments: 0, durationMs: 0 };
  switch (choice.kind) {
    case 'new':
      parts.spool.clear();
      parts.lineage.beginAnew();
      return {
        choice: 'new',
        explanation: 'no database here and no backup anywhere: a new database begins',
        sequence: 0,
        ...facts,
      };
    case 'local': {
      const sequence = typeof local === 'object' ? local.sequence : 0;
      return {
        choice: 'local',
        explanation: `the local database is kept, at commit ${sequence}; no backup leads further`,
        sequence,
        ...facts,
      };
    }
    case 'restore': {
      // The spool of a database that a storage has overtaken is of another history.
      const spoolFollows = ({ storage, remote }: HeldStorage): boolean =>
        typeof local !== 'object' &&
        !strangers.has(storage) &&
        remote?.manifest.database === parts.spool.position?.database;
      return restoreAtStart(choice, held, { ...parts, rest, spoolFollows });
    }
  }
}

/**
 * An edit that the shell has emptied into the file is in no log, and no commit counts it.
 * @returns whether a new run begins: what the storages hold does not lead on to this file
 */
function beginAnewIfEdited(
  local: LocalDatabase | 'damaged' | undefined,
  rest: RestRecord,
  { databasePath, spool, clock, warn }: PrepareParts,
): boolean {
  const { position } = spool;
  if (typeof local !== 'object' || position?.database !== local.database) return false;
  if (position === undefined) return false;
  const wal = new WalFile(`${databasePath}-wal`);
  try {
    const log = wal.start();
    if (leadsOn(rest.holds, log, position.wal)) return false;
    const { sequence } = local;
    const run = position.run + 1;
    const end = log && wal.scan(log).end;
    spool.moveTo({ database: position.database, run, sequence, wal: end, brokenAt: sequence });
    rest.record(clock.now());
    warn(
      `${databasePath} is not as the server left it, and no write-ahead log tells why: it was edited, copied or put there while no server ran; a snapshot follows`,
    );
    return true;
  } finally {
    wal.close();
  }
}
