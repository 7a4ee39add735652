/** What the bench reads of the product's `/metrics`, in the text format of Prometheus. Pure but for the fetch. */
import type { Product } from './processes.ts';

export interface Scrape {
  /** Commands in one transaction: upper bound and how many transactions had at most so many. */
  readonly batches: readonly (readonly [upTo: number, commits: number])[];
  readonly checkpoints: number;
  /** Seconds that the event loop of each thread was at work. */
  readonly activeSeconds: ReadonlyMap<string, number>;
  /** Of the main thread, since the scrape before. */
  readonly loopLagP99Ms: number | undefined;
}

/** Undefined when the server tells no metrics: an older revision, or a stand-in of a test. */
export async function scrape(server: Product): Promise<Scrape | undefined> {
  const url = new URL('/metrics', server.base);
  const headers = { Authorization: `Bearer ${server.token}` };
  const response = await fetch(url, { headers }).catch(() => undefined);
  const text = await response?.text();
  return response?.ok === true && text !== undefined ? parsedScrape(text) : undefined;
}

const LINE = /^(\w+)(?:\{(.*)\})? (\S+)$/;

export function parsedScrape(text: string): Scrape {
  const batches: [number, number][] = [];
  const activeSeconds = new Map<string, number>();
  let checkpoints = 0;
  let loopLagP99Ms: number | undefined;
  for (const line of text.split('\n')) {
    const [, name, labels = '', value] = LINE.exec(line) ?? [];
    const number = Number(value);
    switch (name) {
      case 'scimlane_writer_commit_commands_bucket': {
        const bound = labelOf(labels, 'le');
        batches.push([bound === '+Inf' ? Infinity : Number(bound), number]);
        break;
      }
      case 'scimlane_writer_checkpoints_total':
        checkpoints += number;
        break;
      case 'scimlane_thread_active_seconds_total':
        activeSeconds.set(labelOf(labels, 'thread'), number);
        break;
      case 'scimlane_nodejs_eventloop_lag_p99_seconds':
        loopLagP99Ms = number * 1000;
        break;
    }
  }
  return { batches, checkpoints, activeSeconds, loopLagP99Ms };
}

function labelOf(labels: string, name: string): string {
  return new RegExp(`${name}="([^"]*)"`).exec(labels)?.[1] ?? '';
}

/** Transactions by their size between two scrapes: no longer one in the other, `null` is beyond all bounds. */
export function batchesBetween(
  before: Scrape,
  after: Scrape,
): (readonly [upTo: number | null, commits: number])[] {
  const earlier = new Map(before.batches);
  let below = 0;
  return after.batches.map(([upTo, upToNow]) => {
    const inAll = upToNow - (earlier.get(upTo) ?? 0);
    const own = inAll - below;
    below = inAll;
    return [Number.isFinite(upTo) ? upTo : null, own];
  });
}
