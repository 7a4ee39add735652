/**
 * Which objects make the database of one moment: a snapshot and the segments that lead on from it.
 * Pure. What was asked for is planned exactly or refused with the name of what is missing; a position
 * that happens to be nearer is never taken for it.
 */
import type { ChainEntry, Head, Manifest, SnapshotEntry } from './manifest.ts';
import { chainPrefix, type SegmentEntry } from './object-names.ts';
import { obstacle } from './obstacle.ts';
import { claimedEnd, extentsOf, Timeline } from './timeline.ts';

export type { SegmentEntry } from './object-names.ts';
export { restoreRanges } from './restore-ranges.ts';

/** The newest position that is not beyond these; neither: the newest of all. */
export interface RestoreTarget {
  readonly sequence?: number;
  /** Milliseconds since 1970. */
  readonly time?: number;
}

export interface RestoreOptions {
  /** Names of snapshots that are damaged or gone: an older one may lead to the same position. */
  readonly excludeSnapshots?: readonly string[];
}

export interface RestorePlan {
  readonly snapshot: SnapshotEntry;
  /** In the order in which they are to be applied. */
  readonly segments: readonly SegmentEntry[];
  /** The commit that the result is at. */
  readonly sequence: number;
  /** When its content was current, milliseconds since 1970. */
  readonly at: number;
}

/** The position cannot be restored exactly; the message names what is missing. */
export class Unrestorable extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Unrestorable';
  }
}

interface Position {
  readonly sequence: number;
  readonly at: number;
}

/**
 * @param segments of all prefixes that `chainPrefixesFor` names for the oldest snapshot that may be
 *   used; which of them count is decided here
 * @throws Unrestorable
 */
export function planRestore(
  head: Head,
  manifest: Manifest,
  segments: readonly SegmentEntry[],
  target: RestoreTarget = {},
  { excludeSnapshots = [] }: RestoreOptions = {},
): RestorePlan {
  checkBelongTogether(head, manifest);
  const timeline = new Timeline(manifest.chains, segments);
  const { sequence } = choosePosition(head, manifest, timeline, target);
  if (target.sequence !== undefined && target.sequence > sequence) {
    refuseBeyond(target.sequence, choosePosition(head, manifest, timeline, {}).sequence);
  }
  const snapshot = snapshotsUpTo(sequence, manifest, target).findLast(
    ({ name }) => !excludeSnapshots.includes(name),
  );
  if (snapshot === undefined) {
    const leftOut = excludeSnapshots.length === 0 ? '' : ` but ${excludeSnapshots.join(', ')}`;
    throw new Unrestorable(`there is no snapshot at or before commit ${sequence}${leftOut}`);
  }
  const walk = timeline.walk(snapshot.sequence, sequence);
  if (walk.end !== sequence) {
    const detour = excludeSnapshots.length === 0 ? '' : ` without ${excludeSnapshots.join(', ')}`;
    throw new Unrestorable(
      `commit ${sequence} cannot be restored${detour}: ${obstacle(timeline, walk, head)}`,
    );
  }
  const at = walk.spans.at(-1)?.at ?? snapshot.takenAt;
  return { snapshot, segments: walk.spans, sequence, at };
}

/** The prefixes to list for a restore that begins with a snapshot of this commit. */
export function chainPrefixesFor(
  manifest: { readonly chains: readonly ChainEntry[] },
  fromSequence: number,
): string[] {
  return extentsOf(manifest.chains)
    .filter(({ from, to }) => to > fromSequence && to > from)
    .map(({ chain }) => chainPrefix(chain));
}

/** Somebody who names a commit means that one: what was never stored is not the newest. */
function refuseBeyond(wanted: number, newest: number): void {
  if (wanted <= newest) return;
  throw new Unrestorable(`commit ${wanted} is not stored: the newest one that is, is ${newest}`);
}

function checkBelongTogether(head: Head, manifest: Manifest): void {
  if (head.manifest !== manifest.number) {
    throw new Unrestorable(
      `head ${head.number} puts manifest ${head.manifest} in force, not ${manifest.number}`,
    );
  }
  if (head.database !== undefined && head.database !== manifest.database) {
    throw new Unrestorable(
      `manifest ${manifest.number} lists database ${manifest.database}, head ${head.number} speaks of ${head.database}`,
    );
  }
}

/**
 * One for each commit. Where somebody wrote past the server, snapshots of one commit differ: the last
 * one leads on, and none stands in for another; for a moment in between, the one before it counts.
 */
function snapshotsUpTo(
  sequence: number,
  { snapshots }: Manifest,
  { time = Infinity }: RestoreTarget,
): SnapshotEntry[] {
  const counting = new Map<number, SnapshotEntry>();
  for (const entry of snapshots) {
    const isLater = entry.sequence === sequence && entry.takenAt > time;
    if (entry.sequence > sequence || (isLater && counting.has(sequence))) continue;
    counting.set(entry.sequence, entry);
  }
  return [...counting.values()];
}

/** The newest position up to the target; nothing between the two may be missing. */
function choosePosition(
  head: Head,
  manifest: Manifest,
  timeline: Timeline<SegmentEntry>,
  target: RestoreTarget,
): Position {
  const sequenceMax = target.sequence ?? Infinity;
  const timeMax = target.time ?? Infinity;
  const positions = positionsOf(head, manifest, timeline);
  let chosen: Position | undefined;
  for (const position of positions) {
    if (position.sequence > sequenceMax || position.at > timeMax) continue;
    if (position.sequence > (chosen?.sequence ?? -1)) chosen = position;
  }
  if (chosen === undefined) {
    throw new Unrestorable(
      `nothing is stored that is as old as ${describe(target)}; the oldest is ${describeOldest(manifest)}`,
    );
  }
  const { sequence } = chosen;
  // A snapshot and a segment may tell different times of one commit: it was current at both.
  const wasCurrent = positions.some((same) => same.sequence === sequence && same.at >= timeMax);
  const isExact = sequence === target.sequence || wasCurrent;
  const isNewest = sequence >= claimedEnd(head, manifest);
  if (!isExact && !isNewest && timeline.spanAfter(sequence) === undefined) {
    const gap = timeline.gapAfter(sequence);
    const walk = { spans: [], end: sequence, gap, conflict: undefined };
    throw new Unrestorable(
      `${describe(target)} cannot be restored: ${obstacle(timeline, walk, head)}`,
    );
  }
  return chosen;
}

/**
 * Beyond what is claimed, only segments count that follow on the head's own position in its own chain
 * without a gap: they were stored before a head could tell of them.
 */
function positionsOf(head: Head, manifest: Manifest, timeline: Timeline<SegmentEntry>): Position[] {
  const { snapshots } = manifest;
  const claimed = claimedEnd(head, manifest);
  const gap = timeline.gapAfter(snapshots.at(-1)?.sequence ?? 0)?.from ?? Infinity;
  const stored = timeline.spans.filter(({ to }) => to <= claimed);
  const onward = timeline
    .walk(head.sequence, Infinity)
    .spans.filter(({ chain, from, to }) => chain === head.chain && to > claimed && from < gap);
  return [
    ...snapshots.map(({ sequence, takenAt }) => ({ sequence, at: takenAt })),
    ...[...stored, ...onward].map(({ to, at }) => ({ sequence: to, at })),
  ];
}

function describe({ sequence, time }: RestoreTarget): string {
  const parts = [
    ...(sequence === undefined ? [] : [`commit ${sequence}`]),
    ...(time === undefined ? [] : [isoTime(time)]),
  ];
  return parts.length === 0 ? 'the newest position' : parts.join(' and ');
}

function describeOldest({ snapshots }: Manifest): string {
  const oldest = snapshots[0];
  if (oldest === undefined) return 'yet to come: no snapshot is listed';
  return `the snapshot of commit ${oldest.sequence}, ${isoTime(oldest.takenAt)}`;
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
