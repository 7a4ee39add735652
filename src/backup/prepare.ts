/**
 * Before the writer opens the database: takes the lease of every storage, decides which database to
 * start with, and restores it when that is a backup. Nothing of the local database is changed before
 * the decision, and what a restore replaces is kept aside.
 */
import { existsSync, rmSync } from 'node:fs';
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
  type StartChoice,
} from './choose-start.ts';
import { fetchDatabase, type FetchedDatabase } from './fetch-database.ts';
import { holdAll, releaseAll, type HeldStorage, type HoldParts } from './hold-storages.ts';
import { installDatabase } from './install.ts';
import type { Jobs } from './jobs/client.ts';
import { holderName } from './lease-claim.ts';
import type { Head } from './manifest.ts';
import type { Spool } from './spool.ts';
import type { StartOutcome } from './status.ts';
import type { Storage } from './storage/storage.ts';

export interface PrepareParts extends HoldParts {
  readonly databasePath: string;
  readonly spool: Spool;
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly remoteAhead: 'refuse' | 'restore';
  /** The writer of this process has the database open: it is kept, whatever the storages hold. */
  readonly open: boolean;
  /** Whether a process ran on this disk. */
  readonly wasHere: (holderId: string) => boolean;
}

export interface Prepared {
  readonly outcome: StartOutcome;
  readonly held: readonly HeldStorage[];
  /** Did not answer; only when they are not required. */
  readonly unreachable: readonly Storage[];
}

/** @throws StartRefused, LeaseHeld, Unrestorable, DamagedObject, StorageError: one line each */
export async function prepare(parts: PrepareParts): Promise<Prepared> {
  const startedAt = parts.clock.now();
  const lock = parts.open ? undefined : lockDataFile(parts.databasePath);
  let held: HeldStorage[] = [];
  try {
    const local = readLocal(parts.databasePath);
    const overtaken = new Set<Storage>();
    const mayFollow = (storage: Storage, found: Head): void => {
      if (typeof local !== 'object' || local.sequence === 0) return;
      // Before the lease is taken: a start that is refused must leave no trace in the storage.
      const { database, holder } = found;
      if (database !== undefined) {
        refuseForeign(local.database, 'the local database', [{ label: storage.label, database }]);
      }
      if (parts.wasHere(holder.id)) return;
      refuseOvertaken(storage, found, parts.remoteAhead);
      overtaken.add(storage);
    };
    const all = await holdAll(parts, mayFollow);
    held = all.held;
    const { unreachable } = all;
    const choice = chooseStart(
      local,
      held.flatMap(({ storage, remote, end }, index) =>
        remote === undefined || end === undefined
          ? []
          : [
              {
                index,
                label: storage.label,
                database: remote.manifest.database,
                sequence: end.sequence,
                overtaken: overtaken.has(storage),
              },
            ],
      ),
      parts.remoteAhead,
    );
    const sequence = typeof local === 'object' ? local.sequence : 0;
    if (parts.open && choice.kind !== 'local') {
      throw new StartRefused('a storage leads further than the database that is open');
    }
    const outcome = await carryOut(choice, sequence, held, parts, startedAt);
    return { outcome, held, unreachable };
  } catch (error) {
    await releaseAll(held);
    throw error;
  } finally {
    lock?.close();
  }
}

/** @throws StartRefused unless the operator has said that the backup counts */
function refuseOvertaken(
  { label }: Storage,
  { holder }: Head,
  remoteAhead: 'refuse' | 'restore',
): void {
  if (remoteAhead === 'restore') return;
  throw new StartRefused(
    `${label} was last used by ${holderName(holder)}, which did not run on this disk: each may hold commits that the other lacks. Start with BACKUP_REMOTE_AHEAD=restore to take the backup (the local file is kept aside), or give the server an empty storage to keep the local database`,
  );
}

/** Reads the position without changing anything: a read-only connection leaves the WAL as it is. */
function readLocal(path: string): LocalDatabase | 'damaged' | undefined {
  if (!existsSync(path)) return undefined;
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

async function carryOut(
  choice: StartChoice,
  sequence: number,
  held: readonly HeldStorage[],
  parts: PrepareParts,
  startedAt: number,
): Promise<StartOutcome> {
  const facts = { snapshot: undefined, segments: 0, durationMs: 0 };
  switch (choice.kind) {
    case 'new':
      parts.spool.clear();
      return {
        choice: 'new',
        explanation: 'no database here and no backup anywhere: a new database begins',
        sequence: 0,
        ...facts,
      };
    case 'local':
      return {
        choice: 'local',
        explanation: `the local database is kept, at commit ${sequence}; no backup leads further`,
        sequence,
        ...facts,
      };
    case 'restore':
      return restore(choice, held, parts, startedAt);
  }
}

async function restore(
  { index, because }: Extract<StartChoice, { kind: 'restore' }>,
  held: readonly HeldStorage[],
  parts: PrepareParts,
  startedAt: number,
): Promise<StartOutcome> {
  const { databasePath, clock, spool } = parts;
  const draft = `${databasePath}.restoring`;
  const end = held[index]?.end?.sequence;
  const sources = held.filter((source, at) => at === index || source.end?.sequence === end);
  const { source, plan, facts } = await fetchFromAny(sources, draft, parts);
  const aside = `${databasePath}.before-restore-${Math.floor(clock.now())}`;
  installDatabase(draft, databasePath, { setAside: aside });
  clearSpool(facts.sequence, `${aside}.spool`, parts);
  if (facts.database !== undefined) {
    // The restored file has no WAL: what the writer commits first is the next segment.
    spool.moveTo({
      database: facts.database,
      run: 1,
      sequence: facts.sequence,
      wal: undefined,
      brokenAt: undefined,
    });
  }
  const durationMs = Math.round(clock.now() - startedAt);
  const when = new Date(plan.at).toISOString();
  return {
    choice: 'restored',
    explanation: `${because}: restored from ${source.storage.label} to commit ${facts.sequence}, ${when}, with ${plan.segments.length} segments on ${plan.snapshot.name}`,
    sequence: facts.sequence,
    snapshot: plan.snapshot.name,
    segments: plan.segments.length,
    durationMs,
  };
}

/** From the first of storages that lead equally far whose objects are whole. */
async function fetchFromAny(
  sources: readonly HeldStorage[],
  into: string,
  { databasePath, jobs, warn }: PrepareParts,
): Promise<FetchedDatabase & { readonly source: HeldStorage }> {
  let refusal: unknown = new StartRefused('there is no backup to restore');
  for (const [index, source] of sources.entries()) {
    if (source.remote === undefined) continue;
    rmSync(into, { force: true });
    try {
      const fetched = await fetchDatabase(source.remote, {
        target: {},
        into,
        scratch: `${databasePath}.download`,
        jobs,
        signal: new AbortController().signal,
        warn,
      });
      return { ...fetched, source };
    } catch (error) {
      if (index === 0) refusal = error;
      if (sources.length > 1) warn(`${source.storage.label}: ${toError(error).message}`);
    }
  }
  throw refusal;
}

/** What the spool holds beyond the restored commit is nowhere else: it is kept for a person to look at. */
function clearSpool(sequence: number, aside: string, { spool, warn }: PrepareParts): void {
  const beyond = spool.segments.findLast(({ to }) => to > sequence);
  if (beyond === undefined) {
    spool.clear();
    return;
  }
  spool.clear(aside);
  warn(`the spool led on to commit ${beyond.to}, which no storage holds: it is kept as ${aside}`);
}

function toError(value: unknown): Error {
  return value instanceof Error ? value : new Error(String(value));
}
