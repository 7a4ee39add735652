/**
 * How the chains of a manifest lead from one commit to the next: which segments count, where a gap
 * lies, how far one gets from a snapshot. It knows positions only, no objects and no times, and never
 * steps over a gap.
 */
import type { ChainEntry, Head, Manifest } from './manifest.ts';

/** The commits after `from`, up to and with `to`. */
export interface Span {
  readonly chain: number;
  readonly from: number;
  readonly to: number;
}

/** Where a chain counts: up to where the next one begins. The last one has no end. */
export interface ChainExtent {
  readonly chain: number;
  readonly from: number;
  readonly to: number;
  /** Whether commits may be missing before it. */
  readonly afterGap: boolean;
}

/** As far as spans lead on from a commit. */
export interface Walk<T extends Span> {
  readonly spans: readonly T[];
  /** The commit that was reached. */
  readonly end: number;
  /** Not entered. */
  readonly gap: ChainExtent | undefined;
  /** Two objects that hold the commits after `end`: one of them is not ours. */
  readonly conflict: readonly [T, T] | undefined;
}

/**
 * What comes before the first chain has been deleted, so nothing leads there. A chain that begins
 * before its predecessor leaves nothing of that one.
 */
export function extentsOf(chains: readonly ChainEntry[]): ChainExtent[] {
  let end = Infinity;
  const extents = chains.toReversed().map(({ chain, from, continues }, index): ChainExtent => {
    const to = end;
    end = Math.min(from, to);
    return { chain, from: end, to, afterGap: !continues || index === chains.length - 1 };
  });
  return extents.reverse();
}

/** Up to here the storage claims to hold everything; a snapshot may be ahead of the segments. */
export function claimedEnd(head: Head, manifest: Manifest): number {
  return Math.max(head.sequence, manifest.snapshots.at(-1)?.sequence ?? 0);
}

export class Timeline<T extends Span> {
  readonly extents: readonly ChainExtent[];
  /** Those that count, by chain and in order. */
  readonly #spans: ReadonlyMap<number, readonly T[]>;

  constructor(chains: readonly ChainEntry[], spans: readonly T[]) {
    this.extents = extentsOf(chains);
    const byChain = Map.groupBy(spans, ({ chain }) => chain);
    this.#spans = new Map(
      this.extents.map(({ chain, from, to }) => {
        // One that begins before its chain leads on from the snapshot inside it.
        const counting = (byChain.get(chain) ?? []).filter(
          (span) => span.to > from && span.to <= to,
        );
        return [chain, counting.toSorted((a, b) => a.from - b.from || a.to - b.to)];
      }),
    );
  }

  /** Those that count, in order. */
  get spans(): readonly T[] {
    return [...this.#spans.values()].flat();
  }

  /** The span that leads on from a commit, which may lie inside it. */
  spanAfter(sequence: number): T | undefined {
    const spans = this.#spansAfter(sequence);
    const before = spans[firstFrom(spans, sequence + 1) - 1];
    return before !== undefined && before.to > sequence ? before : undefined;
  }

  /** The chain that the commit after this one belongs to. */
  extentAfter(sequence: number): ChainExtent | undefined {
    return this.extents.find(({ from, to }) => from <= sequence && sequence < to);
  }

  /** The first gap behind a snapshot of this commit. */
  gapAfter(sequence: number): ChainExtent | undefined {
    return this.extents.find(({ from, afterGap }) => afterGap && from > sequence);
  }

  /** Walks on from a snapshot: not into a chain behind a gap, and not beyond `until`. */
  walk(snapshotSequence: number, until: number): Walk<T> {
    const gap = this.gapAfter(snapshotSequence);
    const spans: T[] = [];
    let end = snapshotSequence;
    let next = this.spanAfter(end);
    while (next !== undefined && next.to <= until && end < (gap?.from ?? Infinity)) {
      const rival = this.#rivalOf(next);
      if (rival !== undefined) return { spans, end, gap, conflict: [next, rival] };
      spans.push(next);
      end = next.to;
      // Only the first may begin before the commit it is applied to.
      const following = this.#spansAfter(end);
      const exact: T | undefined = following[firstFrom(following, end)];
      next = exact?.from === end ? exact : undefined;
    }
    return { spans, end, gap, conflict: undefined };
  }

  #spansAfter(sequence: number): readonly T[] {
    return this.#spans.get(this.extentAfter(sequence)?.chain ?? 0) ?? [];
  }

  /** Another span of the same chain and beginning. */
  #rivalOf(span: T): T | undefined {
    const spans = this.#spans.get(span.chain) ?? [];
    const first = firstFrom(spans, span.from);
    const [one, other] = spans.slice(first, first + 2);
    if (other?.from !== span.from) return undefined;
    return one === span ? other : one;
  }
}

/** @returns index of the first span with `from` at or after a commit */
function firstFrom(spans: readonly Span[], sequence: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((spans[middle]?.from ?? Infinity) < sequence) low = middle + 1;
    else high = middle;
  }
  return low;
}
