/**
 * What a run says about a client and this server: every request, what was refused and why, what was
 * slow, and how long each kind of operation took. Pure: rows and contents in, plain data out.
 */
import { isScimType, type ScimType } from '../../scim/errors.ts';
import { isObject, type JsonValue } from '../../scim/json.ts';
import type { LoggedContent, LoggedRequest, Run } from '../../store/request-logs.ts';
import { bodyOf } from '../logs/shown.ts';
import { type Meaning, meaningOf } from './rfc-meaning.ts';

/** A request of a run, and what was said in full where that was kept. */
export interface RunRequest {
  readonly request: LoggedRequest;
  readonly content: LoggedContent | undefined;
}

export interface ReportedRequest extends RunRequest {
  readonly operation: string;
  readonly scimType: ScimType | undefined;
  /** Undefined: it was not refused. */
  readonly meaning: Meaning | undefined;
  readonly isSlow: boolean;
}

/** Milliseconds. */
export interface Timing {
  /** Verb and resource type: `PATCH Group`. */
  readonly operation: string;
  readonly count: number;
  readonly refused: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

export interface RunReport {
  readonly run: Run;
  readonly endpointName: string;
  readonly verdict: Verdict;
  readonly counts: {
    readonly requests: number;
    readonly succeeded: number;
    /** By 4xx. */
    readonly refused: number;
    /** By 5xx. */
    readonly failed: number;
    readonly slow: number;
  };
  readonly slowMs: number;
  readonly timings: readonly Timing[];
  /** The slowest first, all of them slow. */
  readonly slowest: readonly ReportedRequest[];
  readonly requests: readonly ReportedRequest[];
  /** What a reader should know of what is missing. */
  readonly notes: readonly string[];
}

export interface Verdict {
  readonly state: 'empty' | 'clean' | 'refusals' | 'failures';
  readonly text: string;
}

export interface ReportAsk {
  readonly run: Run;
  readonly endpointName: string;
  /** In the order in which they came. */
  readonly requests: readonly RunRequest[];
  /** A request that took longer is slow. */
  readonly slowMs: number;
  readonly notes: readonly string[];
}

const SLOWEST_MAX = 10;

export function reportOf({ run, endpointName, requests, slowMs, notes }: ReportAsk): RunReport {
  const reported = requests.map((each) => reportedOf(each, slowMs));
  const refused = reported.filter(({ request }) => request.status >= 400 && request.status < 500);
  const failed = reported.filter(({ request }) => request.status >= 500);
  const slow = reported.filter(({ isSlow }) => isSlow);
  const counts = {
    requests: reported.length,
    succeeded: reported.length - refused.length - failed.length,
    refused: refused.length,
    failed: failed.length,
    slow: slow.length,
  };
  return {
    run,
    endpointName,
    verdict: verdictOf(counts),
    counts,
    slowMs,
    timings: timingsOf(reported),
    slowest: slow.sort((a, b) => msOf(b) - msOf(a)).slice(0, SLOWEST_MAX),
    requests: reported,
    notes,
  };
}

/** A validator provokes refusals on purpose: whether they were wanted, its own report says. */
function verdictOf({ requests, refused, failed }: RunReport['counts']): Verdict {
  if (requests === 0) return { state: 'empty', text: 'No request has come to this endpoint' };
  if (failed > 0) return { state: 'failures', text: `${counted(failed, 'request')} failed` };
  if (refused === 0) return { state: 'clean', text: 'Every request succeeded' };
  return {
    state: 'refusals',
    text: `No request failed; ${counted(refused, 'was refused', 'were refused')}`,
  };
}

function reportedOf({ request, content }: RunRequest, slowMs: number): ReportedRequest {
  const scimType = request.status < 400 ? undefined : scimTypeOf(content);
  return {
    request,
    content,
    operation: operationOf(request),
    scimType,
    meaning: meaningOf(request.status, scimType),
    isSlow: (request.durationMs ?? 0) > slowMs,
  };
}

function scimTypeOf(content: LoggedContent | undefined): ScimType | undefined {
  const body: JsonValue = bodyOf(content?.responseBody);
  const scimType = isObject(body) ? body['scimType'] : undefined;
  const text = typeof scimType === 'string' ? scimType : undefined;
  return isScimType(text) ? text : undefined;
}

function operationOf({ method, target, resourceType, resourceId }: LoggedRequest): string {
  const last = (target.split('?')[0] ?? '').split('/').at(-1) ?? '';
  if (last.toLowerCase() === '.search') return `SEARCH ${resourceType ?? 'everything'}`;
  if (resourceType === undefined) return `${method} ${last.slice(0, 64)}`;
  const isList = (method === 'GET' || method === 'HEAD') && resourceId === undefined;
  return isList ? `${method} ${resourceType} list` : `${method} ${resourceType}`;
}

function timingsOf(requests: readonly ReportedRequest[]): Timing[] {
  const byOperation = new Map<string, ReportedRequest[]>();
  for (const each of requests) {
    const known = byOperation.get(each.operation);
    if (known === undefined) byOperation.set(each.operation, [each]);
    else known.push(each);
  }
  return Array.from(byOperation, ([operation, all]) => {
    const times = all.map(msOf).sort((a, b) => a - b);
    return {
      operation,
      count: all.length,
      refused: all.filter(({ meaning }) => meaning !== undefined).length,
      p50Ms: quantile(times, 0.5),
      p95Ms: quantile(times, 0.95),
      maxMs: quantile(times, 1),
    };
  }).sort((a, b) => b.count - a.count);
}

/** The smallest value that so many are not above. @param sorted ascending, not empty */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

export function msOf({ request }: RunRequest): number {
  return request.durationMs ?? 0;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${String(count)} ${count === 1 ? one : many}`;
}
