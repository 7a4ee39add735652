/**
 * The restore of a start: the furthest storage, and where the local database is lost but its spool is
 * not, what the spool and the log hold beyond. What is replaced is kept aside. The order matters: a
 * kill between any two steps leaves a start that restores again, or one that begins anew with a
 * snapshot, never a spool that leads on from another database.
 */
import type { Clock } from '../platform/clock.ts';
import { messageOf } from '../platform/thrown.ts';
import { StartRefused, type StartChoice } from './choose-start.ts';
import { removeDatabase } from './database-files.ts';
import { fetchDatabase, type FetchedDatabase } from './fetch-database.ts';
import type { HeldStorage } from './hold-storages.ts';
import type { RemoteEnd } from './onward.ts';
import { installDatabase } from './install.ts';
import type { Jobs } from './jobs/client.ts';
import type { LineageRecord } from './lineage-record.ts';
import { raiseVersions } from './raise-versions.ts';
import type { RestRecord } from './rest-record.ts';
import type { Spool } from './spool.ts';
import { segmentsBehind } from './spool-onward.ts';
import type { SpoolPosition } from './spool-position.ts';
import type { StartOutcome } from './status.ts';

export interface RestoreParts {
  readonly databasePath: string;
  readonly spool: Spool;
  /** Whether the spool, and the log beside it, are of the history that a storage holds. */
  readonly spoolFollows: (source: HeldStorage) => boolean;
  readonly rest: RestRecord;
  readonly lineage: LineageRecord;
  readonly jobs: Jobs;
  readonly clock: Clock;
  /** Records whether this process counts as one that ran on this disk. */
  readonly setOwnHere: (isHere: boolean) => void;
  readonly warn: (message: string) => void;
}

interface Restored extends FetchedDatabase {
  readonly source: HeldStorage;
  /** Whether the spool leads on from what the source holds. */
  readonly spoolLeadsOn: boolean;
}

/** @throws StartRefused, Unrestorable, DamagedObject, StorageError; the local database is as it was then */
export async function restoreAtStart(
  { index, because }: Extract<StartChoice, { kind: 'restore' }>,
  held: readonly HeldStorage[],
  parts: RestoreParts,
): Promise<StartOutcome> {
  const { databasePath, spool, rest, clock } = parts;
  const startedAt = clock.now();
  const draft = `${databasePath}.restoring`;
  const end = held[index]?.end?.sequence;
  const sources = held.filter((source, at) => at === index || source.end?.sequence === end);
  const restored = await fetchFromAny(sources, draft, parts);
  const aside = `${databasePath}.before-restore-${Math.floor(clock.now())}`;
  const goesOn = isWholeSpoolIn(restored, spool);
  if (!goesOn) setSpoolAside(restored, `${aside}.spool`, parts);
  const raised = spool.draftPath();
  const raising = raiseVersions(draft, raised);
  // Before the file is in place: without it the next start would take the storage for overtaken.
  parts.setOwnHere(true);
  // Killed before they are entered again, the next start leads each storage on by a snapshot.
  parts.lineage.beginAnew();
  installDatabase(draft, databasePath, { setAside: aside });
  const last = goesOn ? spoolRest(restored, spool) : newRun(restored);
  if (last !== undefined) {
    const { run, sequence: from } = last;
    const to = from + 1;
    const segment = { run, from, to, at: Math.floor(clock.now()), ...raising };
    spool.add(raised, segment, { ...last, sequence: to });
  }
  for (const { storage, end } of held) {
    if (isOfOneHistory(restored, end)) parts.lineage.add(storage.label);
  }
  rest.record(clock.now());
  return outcomeOf(restored, because, Math.round(clock.now() - startedAt));
}

/** From the first of storages that lead equally far whose objects are whole. */
async function fetchFromAny(
  sources: readonly HeldStorage[],
  into: string,
  { databasePath, spool, spoolFollows, jobs, clock, warn }: RestoreParts,
): Promise<Restored> {
  const local = { spool, walPath: `${databasePath}-wal`, clock, warn };
  let refusal: unknown = new StartRefused('there is no backup to restore');
  for (const [index, source] of sources.entries()) {
    if (source.remote === undefined) continue;
    // With what a start that was killed may have left beside it.
    removeDatabase(into);
    let spoolLeadsOn = false;
    try {
      const fetched = await fetchDatabase(source.remote, {
        target: {},
        into,
        scratch: `${databasePath}.download`,
        jobs,
        signal: new AbortController().signal,
        onward: (sequence) => {
          const segments = spoolFollows(source) ? segmentsBehind(sequence, local) : undefined;
          spoolLeadsOn = segments !== undefined;
          return segments ?? [];
        },
        warn,
      });
      return { ...fetched, source, spoolLeadsOn };
    } catch (error) {
      if (index === 0) refusal = error;
      if (sources.length > 1) warn(`${source.storage.label}: ${messageOf(error)}`);
    }
  }
  throw refusal;
}

/** Then it goes on behind the restored commit, and the storages that lag get what it holds. */
function isWholeSpoolIn({ facts, spoolLeadsOn }: Restored, spool: Spool): boolean {
  return spoolLeadsOn && facts.sequence >= (spool.position?.sequence ?? Infinity);
}

/** What it holds beyond the restored commit is nowhere else: it is kept for a person to look at. */
function setSpoolAside({ facts }: Restored, aside: string, { spool, warn }: RestoreParts): void {
  const beyond = spool.segments.findLast(({ to }) => to > facts.sequence);
  if (beyond === undefined) {
    spool.clear();
    return;
  }
  spool.clear(aside);
  warn(`the spool led on to commit ${beyond.to}, which no storage holds: it is kept as ${aside}`);
}

/** Takes in what was not spooled yet. @returns where the spool ends, with the database */
function spoolRest({ onward }: Restored, spool: Spool): SpoolPosition | undefined {
  for (const segment of onward) {
    const { position } = spool;
    if (position === undefined || spool.segments.includes(segment)) continue;
    spool.add(segment.path, segment, { ...position, sequence: segment.to, wal: undefined });
  }
  // The restored file has no WAL: what the writer commits first is the next segment.
  return spool.position && { ...spool.position, wal: undefined };
}

/** @returns undefined when the database is of a time before it had an id: a snapshot follows */
function newRun({ facts }: Restored): SpoolPosition | undefined {
  const { database, sequence } = facts;
  if (database === undefined) return undefined;
  return { database, run: 1, sequence, wal: undefined, brokenAt: undefined };
}

/**
 * Whether what a storage holds is a beginning of what was restored: an object that ends where the
 * storage does is one of those that lead there. The rule can miss one that lags far behind, never
 * take another history for this one.
 */
function isOfOneHistory({ source, plan, onward }: Restored, end: RemoteEnd | undefined): boolean {
  if (end === source.end) return true;
  if (end?.proof === undefined) return false;
  const { proof } = end;
  const objects = [...plan.segments, ...onward, ...(source.remote?.manifest.snapshots ?? [])];
  return proof === source.end?.proof || objects.some(({ sha256 }) => sha256 === proof);
}

function outcomeOf(
  { source, plan, onward, facts }: Restored,
  because: string,
  durationMs: number,
): StartOutcome {
  const when = new Date(plan.at).toISOString();
  const stored = `restored from ${source.storage.label} to commit ${plan.sequence}, ${when}, with ${plan.segments.length} segments on ${plan.snapshot.name}`;
  const further =
    onward.length === 0
      ? ''
      : `, and on to commit ${facts.sequence} with ${onward.length} segments that were on this disk only`;
  return {
    choice: 'restored',
    explanation: `${because}: ${stored}${further}`,
    sequence: facts.sequence,
    snapshot: plan.snapshot.name,
    segments: plan.segments.length + onward.length,
    durationMs,
  };
}
