/**
 * What the main thread asks of a filter worker, and what comes back: plain data, because classes do
 * not survive the way between threads. Errors cross described and are rebuilt by the pool.
 */
import type { ConfigCheck } from '../sqlite/check-config.ts';
import type { KnownMarks } from '../sqlite/list-marks.ts';
import type { ResourceSearch } from '../sqlite/search/run.ts';
import type { ResourceGet } from '../sqlite/stored-resource.ts';
import type { Verdict } from '../store/commands.ts';
import type { ErrorData } from '../store/error-transport.ts';
import type { EndpointStats, SearchResult, StoredResource } from '../store/results.ts';

export interface StatsAsk {
  /** Row of the endpoint. */
  readonly endpoint: number;
}

/** A search's result, and marks in lists that the main thread lacked to find it itself. */
export interface SearchAnswer {
  readonly result: SearchResult;
  readonly marks: readonly KnownMarks[];
}

/** A job that does not fit the main thread's bounds. */
export type Job =
  /** A filter or a sort no index answers, a deep page, or a page with many members. */
  | { readonly kind: 'search'; readonly ask: ResourceSearch }
  /** A group with many members, or a user of many groups. */
  | { readonly kind: 'get'; readonly ask: ResourceGet }
  | { readonly kind: 'stats'; readonly ask: StatsAsk }
  /** Whether all resources of an endpoint fit new schemas. */
  | { readonly kind: 'checkConfig'; readonly ask: ConfigCheck };

export type Answer =
  | { readonly kind: 'search'; readonly answer: SearchAnswer }
  | { readonly kind: 'get'; readonly answer: StoredResource | undefined }
  | { readonly kind: 'stats'; readonly answer: EndpointStats }
  | { readonly kind: 'checkConfig'; readonly answer: Verdict };

export type Reply = Answer | { readonly kind: 'failed'; readonly error: ErrorData };

/** What comes back from a worker, whether the job did well or not. */
export interface Done {
  readonly reply: Reply;
  /** `threadId` of the worker. */
  readonly thread: number;
  /** What its columns and what belongs to them take now, as it accounts for them. */
  readonly columnBytes: number;
}

/**
 * Why a job shall end early; read from its stop flag between slices. `gone`: nobody waits for its
 * answer. `crowded`: its deadline passed, most of it in the queue.
 */
export const STOP = { no: 0, deadline: 1, closing: 2, gone: 3, crowded: 4 } as const;

export type Stop = (typeof STOP)[keyof typeof STOP];
export type StopReason = Exclude<Stop, typeof STOP.no>;

/** What a stop flag holds. */
export function isStopReason(value: number): value is StopReason {
  return value !== STOP.no && Object.values(STOP).some((stop) => stop === value);
}

/** A job on its way to a worker. */
export interface Task {
  readonly job: Job;
  /** One of `STOP`, in memory shared with the main thread. */
  readonly stop: Int32Array;
}

/** What a worker is started with. */
export interface WorkerSetup {
  readonly path: string;
  /** The worker's part of what columns may take in the process. */
  readonly columnBytes: number;
  /** Of its thread: `lowerThreadPriority`. */
  readonly nice: number;
}
