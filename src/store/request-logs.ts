/** What can be asked of the request log. Rows are numbered in the order of writing; the newest come first. */
import type { RequestLogEntry } from './commands.ts';
import type { ActivityType, Severity } from './log-facts.ts';

/** As `RequestContent` was kept. */
export interface LoggedContent {
  readonly requestHeaders: string;
  readonly requestBody: string | undefined;
  readonly responseHeaders: string;
  readonly responseBody: string | undefined;
  readonly responseBytes: number | undefined;
}

export interface LoggedRequest extends Omit<RequestLogEntry, 'contentKey'> {
  readonly row: number;
  /** What its resource is called now: a reader has looked it up, because the row names nobody. */
  readonly nameNow?: string | undefined;
}

/** What is undefined is not asked for. */
export interface LogFilter {
  readonly endpointId?: string | undefined;
  /** Exactly, in capitals. */
  readonly method?: string | undefined;
  /** One, or with `4` all from 400 to 499. */
  readonly status?: number | undefined;
  /** Whether it was answered by 400 or more. */
  readonly hasError?: boolean | undefined;
  /** In path or query, in any case (of ASCII). */
  readonly urlContains?: string | undefined;
  /** Milliseconds since 1970, both included. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** In path, query, name, id, error, User-Agent, address, in any case (of ASCII). */
  readonly search?: string | undefined;
  readonly requestId?: string | undefined;
  readonly minDurationMs?: number | undefined;
  /** Without what administrators and monitoring asked. */
  readonly hidesAdmin?: boolean | undefined;
  /** Without the look-up of nobody by which Entra tests its connection. */
  readonly hidesKeepalive?: boolean | undefined;
  /** As `log-facts.ts` tells them. */
  readonly type?: ActivityType | undefined;
  readonly severity?: Severity | undefined;
}

export interface LogQuery {
  readonly filter: LogFilter;
  /** Only older rows than this one; undefined: from the newest on. */
  readonly before: number | undefined;
  /** No older rows than this one. */
  readonly downTo?: number | undefined;
  /** Matches to pass over first. */
  readonly skip: number;
  readonly limit: number;
}

export interface LogPage {
  readonly requests: readonly LoggedRequest[];
  /** `before` of the next page; undefined: there is nothing older. */
  readonly next: number | undefined;
  /** False: time was up before the page was full; it goes on at `next`. */
  readonly complete: boolean;
}

/** Rows in the order of writing, for whoever follows them. */
export interface LogStretch {
  readonly requests: readonly LoggedRequest[];
  /** Number of the newest row there is; 0 when there is none. */
  readonly last: number;
  /** Changes when the file is begun anew, and the numbers with it. */
  readonly file: string;
}

/** Requests of a stretch of time with the same look. */
export interface LogTally {
  /** Whether they came in the last part of the time. */
  readonly isRecent: boolean;
  readonly type: ActivityType;
  readonly severity: Severity;
  readonly isKeepalive: boolean;
  /** Whom a change was about; undefined for all that changed nothing. */
  readonly who: string | undefined;
  readonly count: number;
  /** Of the newest of them, milliseconds since 1970. */
  readonly time: number;
}

export interface LogTallies {
  readonly tallies: readonly LogTally[];
  /** False: time was up before all rows were counted; the newest were. */
  readonly complete: boolean;
}

/** A stretch of the log of one endpoint, between two calls of an operator. */
export interface Run {
  readonly id: string;
  readonly endpointId: string;
  readonly label: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Undefined: nobody has ended it. */
  readonly endedAt: number | undefined;
  /** Its requests are the endpoint's rows behind this one. */
  readonly after: number;
  /** The last of them; undefined while it is running. */
  readonly last: number | undefined;
}

/** One that nobody has ended, though it may be over: see `run-end.ts`. */
export type OpenRun = Pick<Run, 'endpointId' | 'startedAt'>;

/** `toggle` ends the run that the endpoint has, or begins one with this id and label. */
export type RunChange =
  | {
      readonly kind: 'toggle';
      readonly endpointId: string;
      readonly id: string;
      readonly label: string;
      /** Milliseconds since 1970. */
      readonly now: number;
    }
  | { readonly kind: 'remove'; readonly endpointId: string; readonly id: string };
