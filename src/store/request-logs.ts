/** What can be asked of the request log. Rows are numbered in the order of writing; the newest come first. */
import type { RequestLogEntry } from './commands.ts';
import type { RequestContent } from './request-content.ts';

export type LoggedContent = Omit<RequestContent, 'key'>;

export interface LoggedRequest extends Omit<RequestLogEntry, 'contentKey'> {
  readonly row: number;
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
}

export interface LogQuery {
  readonly filter: LogFilter;
  /** Only older rows than this one; undefined: from the newest on. */
  readonly before: number | undefined;
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
