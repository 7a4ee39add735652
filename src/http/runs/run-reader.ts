/**
 * A run's requests, read twice: once for what must be known before a report begins, of which a few
 * numbers for each request are kept, and once more while it is written. So a report of any size takes
 * the memory of some rows. What went from the log in between is left out, and counted.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { logMatcher } from '../../store/log-match.ts';
import type { LoggedContent, LoggedRequest } from '../../store/request-logs.ts';
import type { RunNow } from '../../store/run-end.ts';
import type { RequestLogs } from '../ports.ts';
import { type ReportedRequest, type RunEntry, runEntry, type RunSource } from './report.ts';

export interface RunReadLimits {
  readonly runReportRows: number;
  readonly runReportChars: number;
  readonly runOpenMs: number;
  readonly slowSearchMs: number;
}

export interface RunEntries {
  /** In the order in which they came. */
  readonly entries: readonly RunEntry[];
  /** What a reader should know of what is missing. */
  readonly notes: readonly string[];
}

type Logs = Pick<RequestLogs, 'ofRun' | 'requestsAt' | 'contents'>;

/** Rows that are in memory at a time, with their contents. */
const ROWS_AT_ONCE = 50;

const HOUR_MS = 3_600_000;

export class RunReader implements RunSource {
  readonly #logs: Logs;
  readonly #run: RunNow;
  readonly #limits: RunReadLimits;

  constructor(logs: Logs, run: RunNow, limits: RunReadLimits) {
    this.#logs = logs;
    this.#run = run;
    this.#limits = limits;
  }

  /** The first look: a bounded number of requests, the oldest. */
  async entries(): Promise<RunEntries> {
    const { runReportRows, runReportChars, slowSearchMs } = this.#limits;
    // Whoever reads the log meanwhile is no part of the run.
    const isOfRun = logMatcher({ hidesAdmin: true });
    const entries: RunEntry[] = [];
    let chars = 0;
    let { after } = this.#run;
    let more = true;
    while (more && entries.length < runReportRows) {
      const rows = await this.#logs.ofRun(this.#run, after, ROWS_AT_ONCE);
      const within = rows.filter((row) => this.#isWithin(row));
      const wanted = within.filter(isOfRun);
      const inFull = chars < runReportChars;
      const contents = inFull ? await this.#logs.contents(wanted) : [];
      for (const [at, request] of wanted.entries()) {
        const content = contents[at];
        chars += charsOf(content);
        entries.push(runEntry({ request, content }, slowSearchMs, inFull));
      }
      after = rows.at(-1)?.row ?? after;
      more = rows.length === ROWS_AT_ONCE && within.length > 0;
      await nextTurn();
    }
    // Rows of reads are written some milliseconds after those of changes.
    entries.sort((a, b) => a.time - b.time);
    return { entries, notes: this.#notes(more ? entries.length : undefined, chars) };
  }

  async *read(
    entries: readonly RunEntry[],
    withContents: boolean,
  ): AsyncGenerator<ReportedRequest> {
    for (let from = 0; from < entries.length; from += ROWS_AT_ONCE) {
      const part = entries.slice(from, from + ROWS_AT_ONCE);
      const found = await this.#logs.requestsAt(part.map(({ row }) => row));
      const byRow = new Map(found.map((request) => [request.row, request]));
      const wanted = withContents ? part.filter(({ inFull }) => inFull) : [];
      const told = wanted.flatMap(({ row }) => byRow.get(row) ?? []);
      const contents = told.length === 0 ? [] : await this.#logs.contents(told);
      const contentOf = new Map(told.map(({ row }, at) => [row, contents[at]]));
      for (const entry of part) {
        const request = byRow.get(entry.row);
        if (request === undefined || !this.#isSame(request, entry)) continue;
        yield { entry, request, content: contentOf.get(entry.row) };
      }
    }
  }

  /** Of a run that ended by itself the rows have no last number, but a time. */
  #isWithin({ time }: LoggedRequest): boolean {
    const { endedAt = Infinity, endedByItself } = this.#run;
    return !endedByItself || time <= endedAt;
  }

  /** The log may have been begun anew, and the number be another request's. */
  #isSame({ endpointId, time }: LoggedRequest, entry: RunEntry): boolean {
    return endpointId === this.#run.endpointId && time === entry.time;
  }

  #notes(firstOfMore: number | undefined, chars: number): string[] {
    const { runOpenMs, runReportChars } = this.#limits;
    const notes: string[] = [];
    if (this.#run.endedByItself) {
      const hours = String(runOpenMs / HOUR_MS);
      notes.push(`Nobody ended this run: it ended by itself, ${hours} hours after its begin.`);
    }
    if (firstOfMore !== undefined)
      notes.push(`Of a longer run these are the first ${String(firstOfMore)} requests.`);
    if (chars >= runReportChars)
      notes.push('Headers and bodies of the later requests are left out.');
    return notes;
  }
}

function charsOf(content: LoggedContent | undefined): number {
  if (content === undefined) return 0;
  const { requestHeaders, requestBody = '', responseHeaders, responseBody = '' } = content;
  return requestHeaders.length + requestBody.length + responseHeaders.length + responseBody.length;
}
