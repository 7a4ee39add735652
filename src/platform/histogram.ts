/**
 * A histogram with fixed bounds: to observe costs a walk over a few numbers and an addition, so that
 * it may stand on the hot path. Read as one sample of a histogram metric.
 */

/** A histogram with all its labels at this moment. */
export interface HistogramFamily {
  /** Unit last: `_seconds`. */
  readonly name: string;
  readonly kind: 'histogram';
  readonly help: string;
  readonly samples: readonly HistogramSample[];
}

export interface HistogramSample {
  readonly labels: Readonly<Record<string, string>>;
  /** Upper bounds, ascending; what is above the last has one count more. */
  readonly bounds: readonly number[];
  /** Of each bucket alone. */
  readonly counts: readonly number[];
  readonly sum: number;
}

/** Seconds, from half a millisecond to the deadline of a search. */
export const SECONDS_BOUNDS: readonly number[] = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10,
];

export class Histogram {
  readonly #bounds: readonly number[];
  readonly #counts: Float64Array;
  #sum = 0;

  /** @param bounds ascending, in the unit of what is observed */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    let bucket = 0;
    // Most are fast: the first bounds are met first, and a search by halves would cost more.
    for (const bound of this.#bounds) {
      if (value <= bound) break;
      bucket += 1;
    }
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sum += value;
  }

  sample(labels: Readonly<Record<string, string>> = {}): HistogramSample {
    return { labels, bounds: this.#bounds, counts: [...this.#counts], sum: this.#sum };
  }
}
