/**
 * What is kept: snapshots thinned out by age, and the segments to reach any second within a window.
 * A pure function of manifest and clock. Whatever the clock says, it must never break the way from
 * the newest snapshot to the newest commit, nor leave fewer snapshots than it is told to keep.
 */
import type { ChainEntry, CondemnedObject, Manifest, SnapshotEntry } from './manifest.ts';
import { chainPrefix } from './object-names.ts';
import { extentsOf } from './timeline.ts';

export interface RetentionPolicy {
  /** Every snapshot that is younger stays. */
  readonly keepAllMs: number;
  /** The newest snapshot of each day (UTC) that is younger stays. */
  readonly keepDailyMs: number;
  /** So many of the newest stay whatever their age, and with them the segments between them. */
  readonly keepLast: number;
  /** Any second that is younger can be restored. */
  readonly windowMs: number;
  /** From being taken off the lists to being deleted: a restore under way may need it still. */
  readonly graceMs: number;
}

export interface RetentionPlan {
  /** The next one, without number and time. */
  readonly manifest: Omit<Manifest, 'number' | 'createdAt'>;
  /**
   * Names and prefixes whose grace time is over; `manifest` does not mention them any more. Whoever
   * carries the plan out deletes them before that manifest is in force: after a crash in between
   * they are deleted once more, where the other order would leave them for ever.
   */
  readonly deleteNow: readonly string[];
}

/** What a manifest leads to. */
type Lists = Pick<Manifest, 'snapshots' | 'chains' | 'logSnapshots'>;

const DAY_MS = 24 * 60 * 60 * 1000;

/** @param now milliseconds since 1970 */
export function planRetention(
  manifest: Manifest,
  now: number,
  policy: RetentionPolicy,
): RetentionPlan {
  const { format, database, condemned } = manifest;
  const lists = listsToKeep(manifest, now, policy);
  const listed = new Set(namesOf(lists));
  // Something that was condemned and has come back must not be deleted.
  const waiting = condemned.filter(({ name }) => !listed.has(name));
  // What leaves the lists only now is still in force until the next manifest: never due at once.
  const isDue = ({ since }: CondemnedObject): boolean => now - since >= policy.graceMs;
  const leaving = namesOf(manifest).filter((name) => !listed.has(name));
  return {
    manifest: {
      format,
      database,
      ...lists,
      condemned: [
        // A time that lies ahead was told by a clock that was wrong: the grace time begins anew.
        ...waiting.filter((object) => !isDue(object)).map((object) => notAfter(object, now)),
        ...leaving.map((name) => ({ name, since: now })),
      ],
    },
    deleteNow: waiting.filter(isDue).map(({ name }) => name),
  };
}

function listsToKeep(manifest: Manifest, now: number, policy: RetentionPolicy): Lists {
  const { snapshots, chains, logSnapshots } = manifest;
  const times = plausibleTimes(snapshots, now);
  const inside = firstInside(times, now - policy.windowMs);
  // The one before the window reaches its beginning; one more, in case that one is damaged.
  const base = Math.max(Math.min(inside - 2, snapshots.length - policy.keepLast), 0);
  const baseSequence = snapshots[base]?.sequence ?? 0;
  const starters = runStarters(manifest, baseSequence);
  const days = newestOfDays(times, now - policy.keepDailyMs);
  const isKept = (snapshot: SnapshotEntry, index: number): boolean =>
    index >= snapshots.length - Math.max(policy.keepLast, 1) ||
    index === base ||
    // Also the first inside: without it, another would be the first next time.
    index === inside - 1 ||
    index === inside ||
    days.has(index) ||
    starters.has(snapshot) ||
    (times[index] ?? 0) >= now - policy.keepAllMs;
  return {
    snapshots: snapshots.filter(isKept),
    chains: chainsBehind(chains, baseSequence),
    logSnapshots: logsToKeep(logSnapshots, now, policy),
  };
}

/**
 * When each was taken. A time that lies ahead is wrong: the snapshot is no younger than the one after
 * it, or than now. Without this one wrong time would hold everything behind it for as long.
 */
function plausibleTimes(snapshots: readonly SnapshotEntry[], now: number): number[] {
  let later = now;
  const times = snapshots.toReversed().map(({ takenAt }) => {
    if (takenAt <= now) later = takenAt;
    return later;
  });
  return times.reverse();
}

/**
 * Index of the first snapshot that is younger than the window; none: the number of snapshots. One that
 * looks older but comes behind it is not: the clock had been wrong.
 */
function firstInside(times: readonly number[], begin: number): number {
  const index = times.findIndex((time) => time > begin);
  return index === -1 ? times.length : index;
}

/**
 * The first snapshot behind each gap: nothing before the next one could be restored without it. One of
 * the same commit may be from before the gap, and must not be left alone there.
 */
function runStarters({ snapshots, chains }: Manifest, baseSequence: number): Set<SnapshotEntry> {
  const starters = new Set<SnapshotEntry>();
  for (const { from, afterGap } of extentsOf(chains)) {
    if (!afterGap || from < baseSequence) continue;
    const first = snapshots.find(({ sequence }) => sequence >= from)?.sequence;
    for (const entry of snapshots) if (entry.sequence === first) starters.add(entry);
  }
  return starters;
}

/** @returns indexes */
function newestOfDays(times: readonly number[], oldest: number): Set<number> {
  const newest = new Map<number, number>();
  for (const [index, time] of times.entries()) {
    if (time >= oldest) newest.set(Math.floor(time / DAY_MS), index);
  }
  return new Set(newest.values());
}

/** The last chain always stays: it is being written. */
function chainsBehind(chains: readonly ChainEntry[], sequence: number): ChainEntry[] {
  const extents = extentsOf(chains);
  return chains.filter((_, index) => (extents[index]?.to ?? Infinity) > sequence);
}

/** A snapshot of the log holds what the ones before it hold: one a day is enough. */
function logsToKeep(
  logSnapshots: readonly SnapshotEntry[],
  now: number,
  { keepDailyMs }: RetentionPolicy,
): SnapshotEntry[] {
  const days = newestOfDays(plausibleTimes(logSnapshots, now), now - keepDailyMs);
  return logSnapshots.filter((_, index) => days.has(index) || index === logSnapshots.length - 1);
}

function namesOf({ snapshots, chains, logSnapshots }: Lists): string[] {
  return [
    ...snapshots.map(({ name }) => name),
    ...chains.map(({ chain }) => chainPrefix(chain)),
    ...logSnapshots.map(({ name }) => name),
  ];
}

function notAfter({ name, since }: CondemnedObject, now: number): CondemnedObject {
  return { name, since: Math.min(since, now) };
}
