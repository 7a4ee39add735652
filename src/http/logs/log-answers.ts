/**
 * The request log for its readers: the operator, who sees all of it, and an endpoint's own token,
 * which sees that endpoint's rows and no other. Which it is, is the last argument of everything here.
 */
import { notFound } from '../../scim/errors.ts';
import type { Caller } from '../../store/queries.ts';
import { type Answer, emptyAnswer, jsonAnswer } from '../answer.ts';
import { LongText } from '../long-text.ts';
import type { HttpLimits } from '../options.ts';
import type { RequestLogs } from '../ports.ts';
import type { QueryParameters } from '../query.ts';
import { downloadWriter } from './download.ts';
import { downloadQuery, logPageQuery } from './query.ts';
import type { LogScope } from './scope.ts';
import { shownInFull, shownRequest } from './shown.ts';

/** Rows of a download that are read together: their contents are unpacked in one go. */
const ROWS_AT_ONCE = 50;

/** From the first row of a download to its last; what is left is for the next one. */
const DOWNLOAD_MS = 10_000;

export class LogAnswers {
  readonly #logs: RequestLogs;
  readonly #scope: LogScope;
  readonly #limits: HttpLimits;

  constructor(logs: RequestLogs, scope: LogScope, limits: HttpLimits) {
    this.#logs = logs;
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

  /** Newest first, up to a bound; the header `X-Next-Before` tells where the next one goes on. */
  async download(
    query: QueryParameters,
    endpointId: string | undefined,
    caller: Caller,
  ): Promise<Answer> {
    const { format, ...asked } = downloadQuery(query);
    const filter = this.#scope.within(asked.filter, endpointId);
    const { logDownloadRows, logDownloadChars } = this.#limits;
    const writer = downloadWriter(format);
    const text = new LongText();
    const gone = new AbortController();
    caller.onGone(() => {
      gone.abort();
    });
    let before = asked.before;
    let rows = 0;
    await text.add(writer.head);
    let complete = true;
    const began = performance.now();
    do {
      const found = await this.#logs.page({ filter, before, skip: 0, limit: ROWS_AT_ONCE });
      const contents = writer.wantsContents ? await this.#logs.contents(found.requests) : [];
      for (const [at, request] of found.requests.entries()) {
        await text.add((rows === 0 ? '' : writer.between) + writer.row(request, contents[at]));
        rows += 1;
      }
      ({ next: before, complete } = found);
    } while (
      before !== undefined &&
      complete &&
      performance.now() - began < DOWNLOAD_MS &&
      rows < logDownloadRows &&
      text.chars < logDownloadChars &&
      !gone.signal.aborted
    );
    await text.add(writer.tail);
    return {
      ...jsonAnswer(200, ''),
      headers: [
        ['Content-Type', writer.contentType],
        ['Content-Disposition', `attachment; filename="scimlane-log.${format}"`],
        ['X-Content-Type-Options', 'nosniff'],
        ...(before === undefined ? [] : [['X-Next-Before', String(before)] as const]),
      ],
      body: text.end(),
    };
  }
}
