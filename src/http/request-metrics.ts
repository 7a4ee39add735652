/**
 * Requests by what they were for, verb and status, with histograms of their times. Endpoints are no
 * label: there may be thousands. A request costs two look-ups and a bucket; text is made at a scrape.
 */
import {
  Histogram,
  type HistogramFamily,
  type HistogramSample,
  SECONDS_BOUNDS,
} from '../platform/histogram.ts';
import type { MetricFamily, MetricSample } from '../platform/metrics.ts';
import type { Admission } from './admission.ts';
import type { Route } from './routes.ts';

/** What of a request is counted; `none`: no route was found. */
export type RequestClass =
  | 'resources'
  | 'resource'
  | 'search'
  | 'bulk'
  | 'me'
  | 'discovery'
  | 'token'
  | 'logs'
  | 'admin'
  | 'none';

/** A client may send any word as a method; each would be a series for ever. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

const PREFIX = 'scimlane_http_';

/** Of one class and verb. */
class Cell {
  readonly seconds = new Histogram(SECONDS_BOUNDS);
  readonly byStatus = new Map<number, number>();
}

export class RequestMetrics {
  readonly #cells = new Map<RequestClass, Map<string, Cell>>();

  /** @param kind undefined: no route was found */
  observe(kind: Route['kind'] | undefined, method: string, status: number, ms: number): void {
    const { seconds, byStatus } = this.#cell(classOf(kind), METHODS.has(method) ? method : 'other');
    seconds.observe(ms / 1000);
    byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
  }

  /** @param followers of the request log */
  families(
    { requests, bytes }: Pick<Admission, 'requests' | 'bytes'>,
    followers: number,
  ): (MetricFamily | HistogramFamily)[] {
    const counts: MetricSample[] = [];
    const times: HistogramSample[] = [];
    for (const [requestClass, byMethod] of this.#cells) {
      for (const [method, { seconds, byStatus }] of byMethod) {
        const labels = { class: requestClass, method };
        times.push(seconds.sample(labels));
        for (const [status, value] of byStatus) {
          counts.push({ labels: { ...labels, status: String(status) }, value });
        }
      }
    }
    return [
      {
        name: `${PREFIX}requests_total`,
        kind: 'counter',
        help: 'Requests that were answered, probes not counted; status 499: the client had gone.',
        samples: counts,
      },
      {
        name: `${PREFIX}request_duration_seconds`,
        kind: 'histogram',
        help: 'From the first byte of a request to its answer.',
        samples: times,
      },
      gauge('requests_in_flight', 'Requests that are being served.', requests),
      gauge('request_bytes_in_flight', 'Bodies of those requests.', bytes),
      gauge('log_followers', 'Who follows the request log now.', followers),
    ];
  }

  #cell(requestClass: RequestClass, method: string): Cell {
    let byMethod = this.#cells.get(requestClass);
    if (byMethod === undefined) {
      byMethod = new Map();
      this.#cells.set(requestClass, byMethod);
    }
    let cell = byMethod.get(method);
    if (cell === undefined) {
      cell = new Cell();
      byMethod.set(method, cell);
    }
    return cell;
  }
}

function classOf(kind: Route['kind'] | undefined): RequestClass {
  switch (kind) {
    case undefined:
      return 'none';
    case 'resources':
    case 'resource':
    case 'bulk':
    case 'me':
    case 'search':
      return kind;
    case 'root':
      return 'search';
    case 'serviceProviderConfig':
    case 'resourceTypes':
    case 'schemas':
      return 'discovery';
    case 'oauthToken':
    case 'oauthKeys':
    case 'oauthMetadata':
      return 'token';
    case 'logs':
    case 'log':
    case 'logsDownload':
    case 'logsClear':
    case 'adminLogs':
    case 'adminLog':
    case 'adminLogsDownload':
    case 'adminLogsClear':
    case 'logsStream':
    case 'adminLogsStream':
    case 'activity':
    case 'activitySummary':
    case 'adminActivity':
    case 'adminActivitySummary':
      return 'logs';
    default:
      return 'admin';
  }
}

function gauge(name: string, help: string, value: number): MetricFamily {
  return { name: `${PREFIX}${name}`, kind: 'gauge', help, samples: [{ labels: {}, value }] };
}
