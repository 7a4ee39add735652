/**
 * Whether the segments that a storage lists make every position that it claims: for a verification,
 * which reads them all. Pure; it collects what is missing by name and throws nothing.
 */
import type { Head, Manifest } from './manifest.ts';
import type { SegmentEntry } from './object-names.ts';
import { obstacle } from './obstacle.ts';
import { restoreRanges } from './restore-ranges.ts';
import { Timeline } from './timeline.ts';

export interface ChainCheck {
  /** Those that some restore needs, in order. */
  readonly segments: readonly SegmentEntry[];
  /** One for each place where a claimed position cannot be reached. */
  readonly problems: readonly string[];
}

/** @param segments all that the storage lists */
export function checkChains(
  head: Head,
  manifest: Manifest,
  segments: readonly SegmentEntry[],
): ChainCheck {
  const timeline = new Timeline(manifest.chains, segments);
  const needed = new Set<SegmentEntry>();
  const problems: string[] = [];
  for (const { fromSequence, toSequence } of restoreRanges('', head, manifest)) {
    let walk = timeline.walk(fromSequence, toSequence);
    const expect = (sequence: number): void => {
      for (const segment of walk.spans) needed.add(segment);
      if (walk.end >= sequence) return;
      const reason = obstacle(timeline, walk, head);
      problems.push(`commits ${walk.end + 1} to ${sequence} cannot all be restored: ${reason}`);
    };
    for (const { sequence } of manifest.snapshots) {
      if (sequence < walk.end || sequence <= fromSequence || sequence > toSequence) continue;
      expect(sequence);
      walk = timeline.walk(sequence, toSequence);
    }
    expect(toSequence);
  }
  return { segments: timeline.spans.filter((segment) => needed.has(segment)), problems };
}
