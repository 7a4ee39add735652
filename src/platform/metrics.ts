/**
 * Metrics in the text format of Prometheus: those of the process, and what the sources that were
 * handed in tell when they are asked. Nothing is kept between two scrapes but the process's own
 * collectors, and no registry is global. A source that fails takes none of the others with it.
 */
import type * as PromClient from 'prom-client';

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
  readonly read: () => Promise<readonly MetricFamily[]>;
}

type Client = typeof PromClient;

/** Before every name, the process's own included. */
const PREFIX = 'scimlane_';

export class Metrics {
  /** Of the text format, as the scraper is to be told. */
  readonly contentType = 'text/plain; version=0.0.4; charset=utf-8';
  readonly #sources: readonly MetricSource[];
  readonly #sourceTimeoutMs: number;
  #process:
    Promise<{ readonly client: Client; readonly registry: PromClient.Registry }> | undefined;

  /** @param sourceTimeoutMs a source that takes longer counts as failed this time */
  constructor(sources: readonly MetricSource[], sourceTimeoutMs: number) {
    this.#sources = sources;
    this.#sourceTimeoutMs = sourceTimeoutMs;
  }

  async text(): Promise<string> {
    this.#process ??= loadProcessMetrics();
    const { client, registry } = await this.#process;
    const parts = [registry.metrics(), renderFamilies(client, await this.#families())];
    return (await Promise.all(parts)).join('\n');
  }

  async #families(): Promise<MetricFamily[]> {
    const answers = await Promise.all(
      this.#sources.map(({ read }) => within(read(), this.#sourceTimeoutMs)),
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
async function loadProcessMetrics(): Promise<{ client: Client; registry: PromClient.Registry }> {
  const client = await import('prom-client');
  const registry = new client.Registry();
  client.collectDefaultMetrics({ register: registry, prefix: PREFIX });
  return { client, registry };
}

/** Made anew each time: two scrapes at once cannot mix their values. */
function renderFamilies(client: Client, families: readonly MetricFamily[]): Promise<string> {
  const registry = new client.Registry();
  for (const { name, kind, help, samples } of families) {
    // prom-client would tell a metric without samples as 0.
    if (samples.length === 0) continue;
    const labelNames = [...new Set(samples.flatMap(({ labels }) => Object.keys(labels)))];
    const options = { name, help, labelNames, registers: [registry] };
    const gauge = kind === 'gauge' ? new client.Gauge(options) : undefined;
    const counter = kind === 'counter' ? new client.Counter(options) : undefined;
    for (const { labels, value } of samples) {
      gauge?.set(labels, value);
      counter?.inc(labels, value);
    }
  }
  return registry.metrics();
}

/** @returns undefined when it failed or took too long */
async function within<T>(work: Promise<T>, timeoutMs: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      resolve(undefined);
    }, timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
