/**
 * What of the spool one storage does not have yet: everything behind a place that only moves
 * forward. The spool keeps a segment as long as some backlog holds it.
 */
import type { Spool, SpooledSegment } from './spool.ts';

/** A place in the spool: a run, and a commit of it. */
export interface SpoolPlace {
  readonly run: number;
  readonly sequence: number;
}

export class Backlog {
  readonly #spool: Pick<Spool, 'segments' | 'position'>;
  #next: SpoolPlace = { run: 0, sequence: 0 };

  constructor(spool: Pick<Spool, 'segments' | 'position'>) {
    this.#spool = spool;
  }

  /** Where the next segment begins; what lies before is stored or given up. */
  get next(): SpoolPlace {
    return this.#next;
  }

  get isEmpty(): boolean {
    return !this.#spool.segments.some((segment) => this.holds(segment));
  }

  holds({ run, to }: SpooledSegment): boolean {
    return run > this.#next.run || (run === this.#next.run && to > this.#next.sequence);
  }

  waiting(): SpooledSegment[] {
    return this.#spool.segments.filter((segment) => this.holds(segment));
  }

  /** @returns false when the place lies behind the one that was reached already */
  moveTo({ run, sequence }: SpoolPlace): boolean {
    const isBehind = run === this.#next.run ? sequence < this.#next.sequence : run < this.#next.run;
    if (!isBehind) this.#next = { run, sequence };
    return !isBehind;
  }

  /** Gives up everything that is spooled so far. */
  drop(): void {
    const end = this.#spool.position;
    if (end !== undefined) this.moveTo(end);
  }

  /**
   * Where segments begin that lead on from a commit, up to the spool's end and without a gap. It may
   * lie inside the first of them.
   * @param reached commit that the storage is at, when that is a later one
   * @returns undefined when none lead on, or the content of that commit may be another one here
   */
  beginBehind(sequence: number, reached = sequence): number | undefined {
    const end = this.#spool.position;
    if (end === undefined || reached <= (end.brokenAt ?? -1)) return undefined;
    if (end.sequence === sequence) return sequence;
    return this.#spool.segments.find(
      ({ run, from, to }) => run === end.run && from <= sequence && sequence < to,
    )?.from;
  }

  /** Segments wait, but the one that comes next is not there: only a snapshot leads on. */
  get isBroken(): boolean {
    const { run, sequence } = this.#next;
    const waits = this.#spool.segments.some(
      (segment) => segment.run === run && segment.to > sequence,
    );
    return waits && this.nextBatch(1).length === 0;
  }

  /** Whether the spool has begun a run after the one that is being shipped, which is at its end. */
  get runEnded(): boolean {
    const end = this.#spool.position;
    return end !== undefined && end.run > this.#next.run;
  }

  /** The segments that come next, in order and without a gap. */
  nextBatch(countMax: number): SpooledSegment[] {
    const batch: SpooledSegment[] = [];
    let { sequence } = this.#next;
    for (const segment of this.#spool.segments) {
      if (segment.run !== this.#next.run || segment.to <= sequence) continue;
      if (batch.length === countMax) break;
      // Only the first one may begin earlier: a snapshot lies inside it.
      if (batch.length === 0 ? segment.from > sequence : segment.from !== sequence) break;
      batch.push(segment);
      sequence = segment.to;
    }
    return batch;
  }

  /**
   * Where segments begin that lead on from a snapshot. Greater than its sequence when they are not
   * in the spool any more: then only a later snapshot leads on.
   */
  firstBehind(sequence: number, run: number): number {
    const first = this.#spool.segments.find(
      (segment) => segment.run === run && segment.to > sequence && this.holds(segment),
    );
    if (first !== undefined) return first.from;
    const end = this.#spool.position;
    return end !== undefined && end.run === run ? end.sequence : sequence + 1;
  }
}
