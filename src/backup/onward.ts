/**
 * How far a storage leads, and how segments go on from there or from a new snapshot: whether the
 * spool leads on, and whether the chain that does so follows without a gap. Pure.
 */
import type { Backlog, SpoolPlace } from './backlog.ts';
import type { ChainEntry, Head, Manifest } from './manifest.ts';
import { parseSegmentName, type SegmentEntry } from './object-names.ts';

/** Up to where a storage leads. */
export interface RemoteEnd {
  readonly sequence: number;
  /** When the content there was current, milliseconds since 1970. */
  readonly at: number;
  /**
   * Up to where the segments of the head's chain lead. Less than `sequence` when that is a snapshot's,
   * and segments before it were never stored: a chain that goes on from `sequence` would claim them.
   */
  readonly segmentsTo: number;
  /**
   * SHA-256 of the object that ends at `sequence`, hex: storages of one history that lead equally far
   * hold the same one. Undefined when the manifest does not have it any more.
   */
  readonly proof: string | undefined;
}

/** A chain that leads on from what a storage holds. */
export interface Onward {
  readonly from: number;
  readonly continues: boolean;
  /** Everything up to this commit is stored, */
  readonly sequence: number;
  /** which was current at this time. */
  readonly at: number;
}

/**
 * The head's position, and beyond it the segments of its chain that were stored before a head could
 * tell of them.
 * @param segments of the head's chain, in order; others do not matter
 */
export function remoteEndOf(
  head: Head,
  manifest: Manifest,
  segments: readonly SegmentEntry[],
): RemoteEnd {
  const { sequence, at } = head;
  const proof = proofOf(head, manifest);
  const begin = manifest.chains.find(({ chain }) => chain === head.chain)?.from ?? sequence;
  // A chain that begins beyond the head is not reached from there.
  if (begin > sequence) return { sequence, at, segmentsTo: sequence, proof };
  let end = { segmentsTo: begin, at, proof };
  for (const { chain, from, to, at, sha256 } of segments) {
    if (chain !== head.chain || to <= end.segmentsTo) continue;
    // Only the first may begin earlier: the snapshot that the chain begins with lies inside it.
    const leadsOn = end.segmentsTo === begin ? from <= begin : from === end.segmentsTo;
    if (leadsOn) end = { segmentsTo: to, at, proof: sha256 };
  }
  const { segmentsTo } = end;
  return segmentsTo > sequence
    ? { sequence: segmentsTo, ...end }
    : { sequence, at, segmentsTo, proof };
}

/** Of the head's own position: its segment's hash stands in the name, a snapshot's in the manifest. */
function proofOf({ segment, sequence }: Head, { snapshots }: Manifest): string | undefined {
  return segment === undefined
    ? snapshots.findLast((snapshot) => snapshot.sequence === sequence)?.sha256
    : parseSegmentName(segment)?.sha256;
}

/** @returns undefined when only a snapshot leads on */
export function onwardFrom(
  backlog: Backlog,
  { sequence, at, segmentsTo }: RemoteEnd,
): Onward | undefined {
  // It lies inside a segment where a snapshot began the chain and nothing followed yet.
  if (backlog.beginBehind(segmentsTo, sequence) !== undefined) {
    return { from: segmentsTo, continues: true, sequence, at };
  }
  // The end is a snapshot's: what leads on from it leaves out the segments that never came.
  const from = segmentsTo < sequence ? backlog.beginBehind(sequence) : undefined;
  return from === undefined ? undefined : { from, continues: false, sequence, at };
}

/**
 * The chain that goes on behind a new snapshot.
 * @param snapshot its commit, and the run it was taken in
 * @param needsSnapshot whether only a snapshot leads on
 * @returns undefined when the segments behind it are gone: a chain that began later would lie behind
 *   a gap that nothing bridges, and end the one before it
 */
export function chainBehind(
  backlog: Backlog,
  { sequence, run }: SpoolPlace,
  needsSnapshot: boolean,
): Pick<ChainEntry, 'from' | 'continues'> | undefined {
  const { next } = backlog;
  if (!needsSnapshot && run === next.run) return { from: next.sequence, continues: true };
  // Not from where the first segment begins: an older snapshot of that commit may be from before a
  // gap, with other content, and must not lead into this chain when the new one is damaged.
  const isThere = backlog.firstBehind(sequence, run) <= sequence;
  return isThere ? { from: sequence, continues: false } : undefined;
}
