/**
 * The moments one can go back to, as the head and the manifest claim them; more exactly when the
 * segments are given. Pure. It may claim too little, never too much.
 */
import type { Head, Manifest, SnapshotEntry } from './manifest.ts';
import type { SegmentEntry } from './object-names.ts';
import type { RestoreRange } from './status.ts';
import { claimedEnd, extentsOf, Timeline, type Span } from './timeline.ts';

interface TimedSpan extends Span {
  readonly at: number;
}

/**
 * @param storage its label
 * @param segments all that the storage lists; without them, what must be there
 */
export function restoreRanges(
  storage: string,
  head: Head,
  manifest: Manifest,
  segments?: readonly SegmentEntry[],
): RestoreRange[] {
  const timeline = new Timeline<TimedSpan>(manifest.chains, segments ?? claimed(head, manifest));
  const end = claimedEnd(head, manifest);
  const ranges: RestoreRange[] = [];
  for (const snapshot of manifest.snapshots) {
    const last = ranges.at(-1);
    if (last === undefined || snapshot.sequence > last.toSequence) {
      ranges.push(rangeFrom(storage, snapshot, timeline, head, end));
    } else {
      // Inside, it leads no further than what is there; at the end, it may lead on behind a gap.
      const isInside = snapshot.sequence < last.toSequence;
      const until = isInside ? snapshot.sequence : end;
      ranges.splice(-1, 1, joined(last, rangeFrom(storage, snapshot, timeline, head, until)));
    }
  }
  return ranges;
}

/** Each chain that is followed without a gap reaches that far; the last one, as far as the head says. */
function claimed(head: Head, manifest: Manifest): TimedSpan[] {
  const extents = extentsOf(manifest.chains);
  return extents.flatMap(({ chain, from }, index) => {
    const next = extents[index + 1];
    // At a snapshot's position the segments before it may still be on their way.
    const headTo = head.segment === undefined ? from : head.sequence;
    const to = next === undefined ? headTo : next.from;
    // How far a chain came before a gap is not written down.
    return to <= from || next?.afterGap === true ? [] : [{ chain, from, to, at: 0 }];
  });
}

function rangeFrom(
  storage: string,
  { sequence, takenAt }: SnapshotEntry,
  timeline: Timeline<TimedSpan>,
  head: Head,
  until: number,
): RestoreRange {
  const walk = timeline.walk(sequence, until);
  const headAt = walk.end === head.sequence ? head.at : 0;
  return {
    storage,
    fromSequence: sequence,
    toSequence: walk.end,
    fromTime: takenAt,
    toTime: Math.max(takenAt, walk.spans.at(-1)?.at ?? 0, headAt),
    continuous: walk.end > sequence,
  };
}

function joined(earlier: RestoreRange, later: RestoreRange): RestoreRange {
  const toSequence = Math.max(earlier.toSequence, later.toSequence);
  return {
    ...earlier,
    toSequence,
    toTime: Math.max(earlier.toTime, later.toTime),
    continuous: toSequence > earlier.fromSequence,
  };
}
