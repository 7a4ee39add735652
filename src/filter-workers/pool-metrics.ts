/**
 * What the pool has done and is doing, as plain numbers, and as metrics. Each number is either of
 * this moment or a sum since the start.
 */
import { Histogram, type HistogramFamily, SECONDS_BOUNDS } from '../platform/histogram.ts';
import type { HistogramSample } from '../platform/histogram.ts';
import type { MetricFamily } from '../platform/metrics.ts';

export interface PoolMetrics {
  /** Workers that have started and live. */
  readonly workers: number;
  /** Jobs that wait for one. */
  readonly waiting: number;
  /** Jobs handed to one. */
  readonly running: number;
  /** Bytes of the columns of all workers, as each accounted for them after its last job. */
  readonly columnBytes: number;
  readonly sums: Readonly<PoolSums>;
  /**
   * Of jobs that came to an end in a worker, in seconds: what they had waited from their arrival,
   * and what they took from being handed over to the answer.
   */
  readonly times: { readonly wait: HistogramSample; readonly run: HistogramSample };
}

/** Observed where a job ends. */
export class PoolTimes {
  readonly #wait = new Histogram(SECONDS_BOUNDS);
  readonly #run = new Histogram(SECONDS_BOUNDS);

  observe(waitMs: number, runMs: number): void {
    this.#wait.observe(waitMs / 1000);
    this.#run.observe(runMs / 1000);
  }

  samples(): PoolMetrics['times'] {
    return { wait: this.#wait.sample(), run: this.#run.sample() };
  }
}

export interface PoolSums {
  /** Jobs that came to an end in a worker, well or not. */
  ended: number;
  /** Refused because the queue was full, or never begun before their deadline. */
  refused: number;
  /** Ended in a worker by their deadline. */
  expired: number;
  /** Given up because nobody waited for the answer any more. */
  abandoned: number;
  /** Workers that died. */
  deaths: number;
}

export function noSums(): PoolSums {
  return { ended: 0, refused: 0, expired: 0, abandoned: 0, deaths: 0 };
}

const PREFIX = 'scimlane_filter_';

export function poolMetricFamilies(pool: PoolMetrics): (MetricFamily | HistogramFamily)[] {
  const { sums, times } = pool;
  return [
    gauge(
      'workers',
      'Filter workers that run; they start when they are first needed.',
      pool.workers,
    ),
    gauge('jobs_waiting', 'Searches that wait for a filter worker.', pool.waiting),
    gauge('jobs_running', 'Searches in a filter worker.', pool.running),
    gauge('column_bytes', 'Columns kept by the filter workers.', pool.columnBytes),
    counter('jobs_total', 'Searches that came to an end in a worker.', sums.ended),
    histogram('wait_seconds', 'What they waited for it.', times.wait),
    histogram('run_seconds', 'What they took there.', times.run),
    counter('refused_total', 'Refused with 503: the queue was full or too slow.', sums.refused),
    counter('expired_total', 'Ended by their deadline with 400 tooMany.', sums.expired),
    counter('abandoned_total', 'Given up because the client had gone.', sums.abandoned),
    counter(
      'worker_deaths_total',
      'Filter workers that died; each failed one search.',
      sums.deaths,
    ),
  ];
}

function histogram(name: string, help: string, sample: HistogramSample): HistogramFamily {
  return { name: PREFIX + name, kind: 'histogram', help, samples: [sample] };
}

function gauge(name: string, help: string, value: number): MetricFamily {
  return { name: PREFIX + name, kind: 'gauge', help, samples: [{ labels: {}, value }] };
}

function counter(name: string, help: string, value: number): MetricFamily {
  return { ...gauge(name, help, value), kind: 'counter' };
}
