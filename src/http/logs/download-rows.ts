/**
 * The rows of a download, page by page from new to old. How far it goes is looked for before its
 * first byte leaves, because a header tells where the next one goes on; rows that come or go
 * meanwhile change nothing of that.
 */
import type { LogFilter, LoggedRequest, LogPage } from '../../store/request-logs.ts';
import type { RequestLogs } from '../ports.ts';

export interface DownloadAsked {
  readonly filter: LogFilter;
  /** Only older rows than this one; undefined: from the newest on. */
  readonly before: number | undefined;
  /** Rows of the whole download. */
  readonly rowsMax: number;
  /** Rows that are in memory at a time. */
  readonly rowsAtOnce: number;
}

export interface DownloadRows {
  /** `before` of the next download; undefined: there is nothing older. */
  readonly next: number | undefined;
  /** Read when they are asked for. */
  readonly pages: AsyncIterable<readonly LoggedRequest[]>;
}

type Pages = Pick<RequestLogs, 'page'>;

export async function downloadRows(logs: Pages, asked: DownloadAsked): Promise<DownloadRows> {
  const { filter, before, rowsMax } = asked;
  const limit = Math.min(asked.rowsAtOnce, rowsMax);
  const first = await logs.page({ filter, before, skip: 0, limit });
  const next = await endBehind(logs, first, asked);
  return { next, pages: pagesFrom(logs, first, next, { ...asked, rowsAtOnce: limit }) };
}

/** Only as many rows as may be, and no more than are found in the time of two pages. */
async function endBehind(
  logs: Pages,
  { requests, next, complete }: LogPage,
  { filter, rowsMax }: DownloadAsked,
): Promise<number | undefined> {
  const left = rowsMax - requests.length;
  if (next === undefined || !complete || left <= 0) return next;
  return (await logs.page({ filter, before: next, skip: left - 1, limit: 1 })).next;
}

/** @param downTo the last row, or one that no row is older than */
async function* pagesFrom(
  logs: Pages,
  first: LogPage,
  downTo: number | undefined,
  { filter, rowsAtOnce }: DownloadAsked,
): AsyncGenerator<readonly LoggedRequest[]> {
  let page = first;
  for (;;) {
    yield page.requests;
    const before = page.next;
    if (before === undefined || (downTo !== undefined && before <= downTo)) return;
    page = await logs.page({ filter, before, downTo, skip: 0, limit: rowsAtOnce });
  }
}
