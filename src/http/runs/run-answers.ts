/**
 * Runs for the operator: begun, ended, listed, and reported as JSON, as an HTTP archive or as a page.
 * A report reads the run's rows in the order of writing, a bounded number of them.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { badRequest, notFound } from '../../scim/errors.ts';
import type { TextParts } from '../../scim/text-parts.ts';
import { logMatcher } from '../../store/log-match.ts';
import type { LoggedContent, Run } from '../../store/request-logs.ts';
import type { Endpoint } from '../../store/endpoint.ts';
import type { Store } from '../../store/store.ts';
import { type Answer, emptyAnswer, jsonAnswer, textAnswer } from '../answer.ts';
import { HAR_HEAD, HAR_TAIL, harEntry } from '../logs/har.ts';
import type { HttpLimits } from '../options.ts';
import type { Clock, IdSource, RequestLogs } from '../ports.ts';
import type { QueryParameters } from '../query.ts';
import { LongText } from '../long-text.ts';
import type { OpenRuns } from './open-runs.ts';
import { pagePolicy, reportPage } from './page.ts';
import { reportOf, type RunRequest } from './report.ts';
import { reportJson, shownRun } from './report-json.ts';

export interface RunParts {
  readonly logs: RequestLogs;
  readonly openRuns: OpenRuns;
  readonly store: Pick<Store, 'endpoint'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly limits: HttpLimits;
}

const FORMATS = ['json', 'har', 'html'] as const;
type Format = (typeof FORMATS)[number];

/** Rows that are read together, with their contents. */
const ROWS_AT_ONCE = 50;

export class RunAnswers {
  readonly #parts: RunParts;

  constructor(parts: RunParts) {
    this.#parts = parts;
  }

  /** Newest first. */
  async list(endpointId: string): Promise<Answer> {
    const { id } = this.#endpoint(endpointId);
    const runs = await this.#parts.logs.runs(id, this.#parts.limits.runsListed);
    return jsonAnswer(200, JSON.stringify({ runs: runs.map(shownRun) }));
  }

  /** Begins a run (201), or ends the one that is running (200). @param label of one that begins */
  async toggle(endpointId: string, label: string): Promise<Answer> {
    const { openRuns, ids, clock } = this.#parts;
    const { id } = this.#endpoint(endpointId);
    const now = Math.floor(clock.now());
    const change = { kind: 'toggle', endpointId: id, id: ids.next(), label, now } as const;
    const run = await openRuns.change(change);
    if (run === undefined) throw new Error('a run was neither begun nor ended');
    const location = `/scim/admin/endpoints/${id}/runs/${run.id}`;
    const status = run.endedAt === undefined ? 201 : 200;
    return jsonAnswer(status, JSON.stringify(shownRun(run)), [['Location', location]]);
  }

  /** Its requests stay in the log. */
  async remove(endpointId: string, id: string): Promise<Answer> {
    const endpoint = this.#endpoint(endpointId);
    const change = { kind: 'remove', endpointId: endpoint.id, id } as const;
    if ((await this.#parts.openRuns.change(change)) === undefined) throw noRun(id);
    return emptyAnswer(204);
  }

  async report(
    endpointId: string,
    id: string,
    query: QueryParameters,
    accept: string | undefined,
  ): Promise<Answer> {
    const format = formatOf(query, accept);
    const endpoint = this.#endpoint(endpointId);
    const run = await this.#parts.logs.run(endpoint.id, id);
    if (run === undefined) throw noRun(id);
    const { requests, notes } = await this.#requestsOf(run);
    if (format === 'har') return harAnswer(run, requests);
    const { name } = endpoint;
    const { slowSearchMs: slowMs } = this.#parts.limits;
    const report = reportOf({ run, endpointName: name, requests, slowMs, notes });
    if (format === 'html') return pageAnswer(await reportPage(report));
    return { ...jsonAnswer(200, ''), body: await reportJson(report) };
  }

  async #requestsOf(run: Run): Promise<{ requests: RunRequest[]; notes: string[] }> {
    const { logs, limits } = this.#parts;
    const { runReportRows, runReportChars } = limits;
    // Whoever reads the log meanwhile is no part of the run.
    const isOfRun = logMatcher({ hidesAdmin: true });
    const requests: RunRequest[] = [];
    let chars = 0;
    let after = run.after;
    let more = true;
    while (more && requests.length < runReportRows) {
      const rows = await logs.ofRun(run, after, ROWS_AT_ONCE);
      const wanted = rows.filter(isOfRun);
      const contents = chars < runReportChars ? await logs.contents(wanted) : [];
      for (const [at, request] of wanted.entries()) {
        const content = contents[at];
        chars += charsOf(content);
        requests.push({ request, content });
      }
      after = rows.at(-1)?.row ?? after;
      more = rows.length === ROWS_AT_ONCE;
      await nextTurn();
    }
    // Rows of reads are written some milliseconds after those of changes.
    requests.sort((a, b) => a.request.time - b.request.time);
    const notes: string[] = [];
    if (more)
      notes.push(`Of a longer run these are the first ${String(requests.length)} requests.`);
    if (chars >= runReportChars)
      notes.push('Headers and bodies of the later requests are left out.');
    return { requests, notes };
  }

  /** By id alone, as everywhere under these paths. @throws ScimError 404 */
  #endpoint(id: string): Endpoint {
    const endpoint = this.#parts.store.endpoint(id);
    if (endpoint?.id !== id) throw notFound(`no endpoint has the id ${JSON.stringify(id)}`);
    return endpoint;
  }
}

function formatOf(query: QueryParameters, accept: string | undefined): Format {
  for (const name of query.keys()) {
    if (name === 'format') continue;
    const shown = JSON.stringify(name.slice(0, 64));
    throw badRequest('invalidValue', `${shown} is no parameter here; there is format`);
  }
  const text = query.get('format');
  if (text === undefined) return accept?.includes('text/html') === true ? 'html' : 'json';
  const format = FORMATS.find((known) => known === text);
  if (format === undefined) throw badRequest('invalidValue', 'format takes json, har or html');
  return format;
}

async function harAnswer({ id }: Run, requests: readonly RunRequest[]): Promise<Answer> {
  const archive = new LongText();
  await archive.add(HAR_HEAD);
  for (const [at, { request, content }] of requests.entries()) {
    await archive.add((at === 0 ? '' : ',') + JSON.stringify(harEntry(request, content)));
  }
  await archive.add(HAR_TAIL);
  const headers = [
    ['Content-Type', 'application/json'],
    ['Content-Disposition', `attachment; filename="scimlane-run-${id}.har"`],
    ['X-Content-Type-Options', 'nosniff'],
  ] as const;
  return { ...jsonAnswer(200, ''), headers, body: archive.end() };
}

function pageAnswer(body: TextParts): Answer {
  const answer = textAnswer(200, '', 'text/html; charset=utf-8');
  return {
    ...answer,
    body,
    headers: [
      ...answer.headers,
      ['Content-Security-Policy', pagePolicy()],
      ['X-Content-Type-Options', 'nosniff'],
      ['Referrer-Policy', 'no-referrer'],
      ['Cache-Control', 'no-store'],
    ],
  };
}

function charsOf(content: LoggedContent | undefined): number {
  if (content === undefined) return 0;
  const { requestHeaders, requestBody = '', responseHeaders, responseBody = '' } = content;
  return requestHeaders.length + requestBody.length + responseHeaders.length + responseBody.length;
}

function noRun(id: string): Error {
  return notFound(`the endpoint has no run ${JSON.stringify(id)}`);
}
