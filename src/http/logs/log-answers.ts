/**
 * The request log for its readers: the operator, who sees all of it, and an endpoint's own token,
 * which sees that endpoint's rows and no other. Which it is, is the last argument of everything here.
 */
import { notFound } from '../../scim/errors.ts';
import { type Answer, emptyAnswer, jsonAnswer } from '../answer.ts';
import type { DownloadAsk, Downloads } from '../downloads.ts';
import type { HttpLimits } from '../options.ts';
import type { RequestLogs } from '../ports.ts';
import type { QueryParameters } from '../query.ts';
import { downloadWriter, writtenRows } from './download.ts';
import { downloadRows } from './download-rows.ts';
import { downloadQuery, logPageQuery } from './query.ts';
import type { LogScope } from './scope.ts';
import { shownInFull, shownRequest } from './shown.ts';

/** Rows of a download that are in memory at a time: their contents are unpacked in one go. */
const ROWS_WITH_CONTENTS = 50;
const ROWS_WITHOUT = 500;

export class LogAnswers {
  readonly #logs: RequestLogs;
  readonly #downloads: Downloads;
  readonly #scope: LogScope;
  readonly #limits: HttpLimits;

  constructor(logs: RequestLogs, downloads: Downloads, scope: LogScope, limits: HttpLimits) {
    this.#logs = logs;
    this.#downloads = downloads;
    this.#scope = scope;
    this.#limits = limits;
  }

  /**
   * One page, newest first. `total` is null until a page has come to the end; `next` goes on behind
   * the page as `before`, whatever was written meanwhile.
   * @param endpointId undefined: of all endpoints
   */
  async list(query: QueryParameters, endpointId: string | undefined): Promise<Answer> {
    const { filter, page, pageSize, before } = logPageQuery(query, this.#limits);
    const skip = (page - 1) * pageSize;
    const found = await this.#logs.page({
      filter: this.#scope.within(filter, endpointId),
      before,
      skip,
      limit: pageSize,
    });
    const { requests, next, complete } = found;
    const isLast = complete && next === undefined && before === undefined;
    const beyond = requests.length === 0 && skip > 0;
    const body = {
      items: requests.map(shownRequest),
      total: isLast && !beyond ? skip + requests.length : null,
      page,
      pageSize,
      count: requests.length,
      hasNext: next !== undefined,
      hasPrev: page > 1,
      next: next ?? null,
      complete,
    };
    return jsonAnswer(200, JSON.stringify(body));
  }

  async one(row: number, endpointId: string | undefined): Promise<Answer> {
    const request = await this.#logs.request(row);
    if (request === undefined || (endpointId !== undefined && request.endpointId !== endpointId)) {
      throw notFound(`the request log has no row ${String(row)}`);
    }
    const [content] = await this.#logs.contents([request]);
    return jsonAnswer(200, JSON.stringify(shownInFull(request, content)));
  }

  async clear(endpointId: string | undefined): Promise<Answer> {
    await this.#logs.clear(endpointId);
    return emptyAnswer(204);
  }

  /**
   * Newest first, up to a bound; the header `X-Next-Before` tells where the next one goes on.
   * @throws HttpError 429 when too many are under way
   */
  async download(query: QueryParameters, ask: DownloadAsk): Promise<Answer> {
    const { format, before, ...asked } = downloadQuery(query);
    const filter = this.#scope.within(asked.filter, ask.endpointId);
    const writer = downloadWriter(format);
    const rowsMax = this.#limits.logDownloadRows;
    const rowsAtOnce = writer.wantsContents ? ROWS_WITH_CONTENTS : ROWS_WITHOUT;
    return this.#downloads.answer(ask, async () => {
      const rows = { filter, before, rowsMax, rowsAtOnce };
      const { next, pages } = await downloadRows(this.#logs, rows);
      return {
        headers: [
          ['Content-Type', writer.contentType],
          ['Content-Disposition', `attachment; filename="scimlane-log.${format}"`],
          ['X-Content-Type-Options', 'nosniff'],
          ...(next === undefined ? [] : [['X-Next-Before', String(next)] as const]),
        ],
        pieces: writtenRows(writer, pages, this.#logs),
      };
    });
  }
}
