/**
 * Says why segments lead no further, by the name of what is missing as far as it is known: an operator
 * looks for that object first.
 */
import type { Head } from './manifest.ts';
import { chainPrefix, parseSegmentName, type SegmentEntry } from './object-names.ts';
import type { Timeline, Walk } from './timeline.ts';

/** @returns part of a sentence: why one does not get beyond the end of a walk */
export function obstacle(
  timeline: Timeline<SegmentEntry>,
  { end, gap, conflict }: Walk<SegmentEntry>,
  head: Head,
): string {
  if (conflict !== undefined) {
    const [one, other] = conflict;
    return `${one.name} and ${other.name} both claim the commits after ${end}`;
  }
  const last = head.segment === undefined ? undefined : parseSegmentName(head.segment);
  if (
    last !== undefined &&
    last.from <= end &&
    end < last.to &&
    timeline.spanAfter(end) === undefined
  ) {
    return `${head.segment ?? ''} is missing`;
  }
  const extent = timeline.extentAfter(end);
  if (gap !== undefined && (extent === undefined || extent.to >= gap.from)) {
    return (
      `chain ${gap.chain} begins anew at commit ${gap.from}, and nothing leads there from ` +
      `commit ${end}: the segments between are missing or were never stored`
    );
  }
  const prefix = extent === undefined ? 'wal/' : chainPrefix(extent.chain);
  return `the segment that follows commit ${end} in ${prefix} is missing`;
}
