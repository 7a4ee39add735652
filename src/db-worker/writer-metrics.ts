/**
 * What the writer has done, counted as it does it, and told at a scrape. It crosses to the main
 * thread as JSON text: the names stand here and nowhere else.
 */
import { Histogram, type HistogramFamily, SECONDS_BOUNDS } from '../platform/histogram.ts';
import type { MetricFamily } from '../platform/metrics.ts';
import type { CheckpointCounts, WalStatus } from './checkpoint.ts';

/** Commands in one transaction; the last is the bound. */
const BATCH_BOUNDS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

const PREFIX = 'scimlane_writer_';

export type WriterFamily = MetricFamily | HistogramFamily;

export class WriterMetrics {
  readonly #commitSeconds = new Histogram(SECONDS_BOUNDS);
  readonly #commitCommands = new Histogram(BATCH_BOUNDS);
  #checkpointFailures = 0;

  /** @param commands of one transaction, a slice of a bulk with its operations */
  committed(commands: number, ms: number): void {
    this.#commitSeconds.observe(ms / 1000);
    this.#commitCommands.observe(commands);
  }

  checkpointFailed(): void {
    this.#checkpointFailures += 1;
  }

  /** @param repeatedBatches see `savepoints.ts` */
  families(
    repeatedBatches: number,
    wal: WalStatus,
    checkpoints: CheckpointCounts,
    log: { readonly dropped: number; readonly contentsDropped: number },
  ): WriterFamily[] {
    return [
      histogram('commit_seconds', 'From a batch to its COMMIT.', this.#commitSeconds),
      histogram('commit_commands', 'Commands in one transaction.', this.#commitCommands),
      counter(
        'repeated_batches_total',
        'Batches that were carried out twice: a command failed when it had written.',
        repeatedBatches,
      ),
      gauge('wal_pages', 'Pages in the write-ahead log.', wal.pages),
      gauge(
        'wal_checkpointed_pages',
        'Of these, those that the data file holds already.',
        wal.checkpointedPages,
      ),
      {
        name: `${PREFIX}checkpoints_total`,
        kind: 'counter',
        help: 'Checkpoints, by who makes them; one that is held was kept from its end by a reader.',
        samples: [
          { labels: { by: 'thread', outcome: 'asked' }, value: checkpoints.beside },
          {
            labels: { by: 'writer', outcome: 'done' },
            value: checkpoints.here - checkpoints.held,
          },
          { labels: { by: 'writer', outcome: 'held' }, value: checkpoints.held },
        ],
      },
      counter(
        'checkpoint_failures_total',
        'Checkpoints that ended with an error; each was tried again.',
        this.#checkpointFailures,
      ),
      counter(
        'log_rows_failed_total',
        'Rows of the request log that its file did not take.',
        log.dropped,
      ),
      counter(
        'log_contents_failed_total',
        'Headers and bodies of requests that the log’s file did not take.',
        log.contentsDropped,
      ),
    ];
  }
}

/** What the main thread's end of the writer knows beside. */
export function clientFamilies(of: {
  readonly waitingCalls: number;
  readonly roundTripMs: number;
  readonly logRowsWaiting: number;
  readonly logRowsDropped: number;
  readonly logContentsDropped: number;
}): WriterFamily[] {
  return [
    gauge('waiting_calls', 'Calls that the writer has not answered.', of.waitingCalls),
    gauge(
      'answer_seconds',
      'How long the writer took to answer this scrape: its event loop and its queue.',
      of.roundTripMs / 1000,
    ),
    gauge('log_rows_waiting', 'Rows of the request log on their way.', of.logRowsWaiting),
    counter(
      'log_rows_dropped_total',
      'Rows of the request log given up because the writer was behind.',
      of.logRowsDropped,
    ),
    counter(
      'log_contents_dropped_total',
      'Headers and bodies of requests given up because the writer was behind.',
      of.logContentsDropped,
    ),
  ];
}

function histogram(name: string, help: string, of: Histogram): HistogramFamily {
  return { name: PREFIX + name, kind: 'histogram', help, samples: [of.sample()] };
}

function gauge(name: string, help: string, value: number): MetricFamily {
  return { name: PREFIX + name, kind: 'gauge', help, samples: [{ labels: {}, value }] };
}

function counter(name: string, help: string, value: number): MetricFamily {
  return { ...gauge(name, help, value), kind: 'counter' };
}
