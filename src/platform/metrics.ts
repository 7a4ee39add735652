/**
 * Metrics in the text format of Prometheus: those of the process, and what the sources that were
 * handed in tell when they are asked. Nothing is kept between two scrapes but the process's own
 * collectors, and no registry is global. A source that fails takes none of the others with it.
 */
import type * as PromClient from 'prom-client';
import type { HistogramFamily } from './histogram.ts';
import { renderFamilies } from './metrics-text.ts';

/** A metric with all its values at this moment. */
export interface MetricFamily {
  /** Unit last: `_seconds`, `_bytes`; a counter ends in `_total`. */
  readonly name: string;
  readonly kind: 'gauge' | 'counter';
  readonly help: string;
  readonly samples: readonly MetricSample[];
}

export interface MetricSample {
  readonly labels: Readonly<Record<string, string>>;
  /** Infinity is allowed: "for ever". */
  readonly value: number;
}

export interface MetricSource {
  /** Label of `scimlane_metrics_source_up`. */
  readonly name: string;
  readonly read: () => Promise<readonly (MetricFamily | HistogramFamily)[]>;
}

/** Before every name, the process's own included. */
const PREFIX = 'scimlane_';

export class Metrics {
  /** Of the text format, as the scraper is to be told. */
  readonly contentType = 'text/plain; version=0.0.4; charset=utf-8';
  readonly #sources: readonly MetricSource[];
  readonly #sourceTimeoutMs: number;
  #process: Promise<PromClient.Registry> | undefined;

  /** @param sourceTimeoutMs a source that takes longer counts as failed this time */
  constructor(sources: readonly MetricSource[], sourceTimeoutMs: number) {
    this.#sources = sources;
    this.#sourceTimeoutMs = sourceTimeoutMs;
  }

  async text(): Promise<string> {
    this.#process ??= loadProcessMetrics();
    const registry = await this.#process;
    const [own, families] = await Promise.all([registry.metrics(), this.#families()]);
    return `${own}\n${renderFamilies(families)}`;
  }

  async #families(): Promise<(MetricFamily | HistogramFamily)[]> {
    const answers = await Promise.all(
      this.#sources.map(({ read }) => within(read, this.#sourceTimeoutMs)),
    );
    const up: MetricFamily = {
      name: `${PREFIX}metrics_source_up`,
      kind: 'gauge',
      help: '1 when the source answered this scrape; at 0 its metrics are missing from it.',
      samples: this.#sources.map(({ name }, index) => ({
        labels: { source: name },
        value: answers[index] === undefined ? 0 : 1,
      })),
    };
    return [up, ...answers.flatMap((families) => families ?? [])];
  }
}

/**
 * With the first scrape: who is not scraped does not pay 80 ms of the start and 18 MB for it. What
 * is measured over time, such as the delay of the event loop, begins here.
 */
async function loadProcessMetrics(): Promise<PromClient.Registry> {
  const client = await import('prom-client');
  const registry = new client.Registry();
  client.collectDefaultMetrics({ register: registry, prefix: PREFIX });
  return registry;
}

/** @returns undefined when it failed or took too long */
async function within<T>(work: () => Promise<T>, timeoutMs: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      resolve(undefined);
    }, timeoutMs);
  });
  try {
    return await Promise.race([work(), late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
