/**
 * What a run says about a client and this server: every request, what was refused and why, what was
 * slow, and how long each kind of operation took. Pure: rows and contents in, plain data out. It remembers of a
 * request only what stands before the requests themselves.
 */
import { isScimType, type ScimType } from '../../scim/errors.ts';
import { isObject, type JsonValue } from '../../scim/json.ts';
import type { LoggedContent, LoggedRequest } from '../../store/request-logs.ts';
import type { RunNow } from '../../store/run-end.ts';
import { bodyOf } from '../logs/shown.ts';
import { type Meaning, meaningOf } from './rfc-meaning.ts';

/** A request of a run, and what was said in full where that was kept. */
export interface RunRequest {
  readonly request: LoggedRequest;
  readonly content: LoggedContent | undefined;
}

/** What is kept of a request while its run is told: everything else is read again. */
export interface RunEntry {
  readonly row: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly status: number;
  /** How long it took; 0 when nobody knows. */
  readonly ms: number;
  readonly operation: string;
  readonly scimType: ScimType | undefined;
  /** Undefined: it was not refused. */
  readonly meaning: Meaning | undefined;
  readonly isSlow: boolean;
  /** Whether there is room for its headers and bodies. */
  readonly inFull: boolean;
}

export interface ReportedRequest extends RunRequest {
  readonly entry: RunEntry;
}

export interface RunSource {
  /**
   * The requests of entries, in their order, as many as are still there.
   * @param withContents of those for which there is room
   */
  read(entries: readonly RunEntry[], withContents: boolean): AsyncIterable<ReportedRequest>;
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
  readonly run: RunNow;
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
  readonly slowest: readonly RunEntry[];
  /** Those that were refused or failed. */
  readonly problems: readonly RunEntry[];
  readonly entries: readonly RunEntry[];
  /** What a reader should know of what is missing. */
  readonly notes: readonly string[];
}

export interface Verdict {
  readonly state: 'empty' | 'clean' | 'refusals' | 'failures';
  readonly text: string;
}

export interface ReportAsk {
  readonly run: RunNow;
  readonly endpointName: string;
  /** In the order in which they came. */
  readonly entries: readonly RunEntry[];
  /** A request that took longer is slow. */
  readonly slowMs: number;
  readonly notes: readonly string[];
}

const SLOWEST_MAX = 10;

export function reportOf({ run, endpointName, entries, slowMs, notes }: ReportAsk): RunReport {
  const refused = entries.filter(({ status }) => status >= 400 && status < 500);
  const failed = entries.filter(({ status }) => status >= 500);
  const slow = entries.filter(({ isSlow }) => isSlow);
  const counts = {
    requests: entries.length,
    succeeded: entries.length - refused.length - failed.length,
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
    timings: timingsOf(entries),
    slowest: slow.sort((a, b) => b.ms - a.ms).slice(0, SLOWEST_MAX),
    problems: entries.filter(({ meaning }) => meaning !== undefined),
    entries,
    notes,
  };
}

/** @param slowMs a request that took longer is slow */
export function runEntry(
  { request, content }: RunRequest,
  slowMs: number,
  inFull: boolean,
): RunEntry {
  const { row, time, status, durationMs: ms = 0 } = request;
  const scimType = status < 400 ? undefined : scimTypeOf(content);
  return {
    row,
    time,
    status,
    ms,
    operation: operationOf(request),
    scimType,
    meaning: meaningOf(status, scimType),
    isSlow: ms > slowMs,
    inFull,
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

function timingsOf(entries: readonly RunEntry[]): Timing[] {
  const byOperation = new Map<string, RunEntry[]>();
  for (const each of entries) {
    const known = byOperation.get(each.operation);
    if (known === undefined) byOperation.set(each.operation, [each]);
    else known.push(each);
  }
  return Array.from(byOperation, ([operation, all]) => {
    const times = all.map(({ ms }) => ms).sort((a, b) => a - b);
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

function counted(count: number, one: string, many = `${one}s`): string {
  return `${String(count)} ${count === 1 ? one : many}`;
}
