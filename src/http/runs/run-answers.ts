/**
 * Runs for the operator: begun, ended, listed, and reported as JSON, as an HTTP archive or as a page.
 * A report is written while the run's rows are read, a bounded number of them.
 */
import { badRequest, notFound } from '../../scim/errors.ts';
import type { Endpoint } from '../../store/endpoint.ts';
import type { Run } from '../../store/request-logs.ts';
import { type RunNow, runNow } from '../../store/run-end.ts';
import type { Store } from '../../store/store.ts';
import { type Answer, emptyAnswer, type Header, jsonAnswer } from '../answer.ts';
import type { Downloads } from '../downloads.ts';
import type { HttpLimits } from '../options.ts';
import type { Clock, IdSource, RequestLogs } from '../ports.ts';
import type { QueryParameters } from '../query.ts';
import type { OpenRuns } from './open-runs.ts';
import { pagePolicy, reportPage } from './page.ts';
import { reportOf } from './report.ts';
import { reportJson, runArchive, shownRun } from './report-json.ts';
import { RunReader } from './run-reader.ts';

export interface RunParts {
  readonly logs: RequestLogs;
  readonly openRuns: OpenRuns;
  readonly store: Pick<Store, 'endpoint'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly limits: HttpLimits;
  readonly downloads: Downloads;
}

const FORMATS = ['json', 'har', 'html'] as const;
type Format = (typeof FORMATS)[number];

const JSON_TYPE: Header = ['Content-Type', 'application/json'];
const PAGE_HEADERS: readonly Header[] = [
  ['Content-Type', 'text/html; charset=utf-8'],
  ['Content-Security-Policy', pagePolicy()],
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'no-referrer'],
  ['Cache-Control', 'no-store'],
];

export class RunAnswers {
  readonly #parts: RunParts;

  constructor(parts: RunParts) {
    this.#parts = parts;
  }

  /** Newest first. */
  async list(endpointId: string): Promise<Answer> {
    const { id } = this.#endpoint(endpointId);
    const runs = await this.#parts.logs.runs(id, this.#parts.limits.runsListed);
    return jsonAnswer(200, JSON.stringify({ runs: runs.map((run) => shownRun(this.#now(run))) }));
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
    return jsonAnswer(status, JSON.stringify(shownRun(this.#now(run))), [['Location', location]]);
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
    const { logs, limits, downloads } = this.#parts;
    const endpoint = this.#endpoint(endpointId);
    const found = await logs.run(endpoint.id, id);
    if (found === undefined) throw noRun(id);
    const run = this.#now(found);
    const ask = { endpointId: undefined, mayGoOn: () => true };
    return downloads.answer(ask, async () => {
      const source = new RunReader(logs, run, limits);
      const { entries, notes } = await source.entries();
      if (format === 'har')
        return { headers: harHeaders(run), pieces: runArchive(entries, source) };
      const { name: endpointName } = endpoint;
      const { slowSearchMs: slowMs } = limits;
      const report = reportOf({ run, endpointName, entries, slowMs, notes });
      return format === 'html'
        ? { headers: PAGE_HEADERS, pieces: reportPage(report, source) }
        : { headers: [JSON_TYPE], pieces: reportJson(report, source) };
    });
  }

  /** One that nobody has ended may be over by now. */
  #now(run: Run): RunNow {
    const { clock, limits } = this.#parts;
    return runNow(run, clock.now(), limits.runOpenMs);
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

function harHeaders({ id }: Run): readonly Header[] {
  return [
    JSON_TYPE,
    ['Content-Disposition', `attachment; filename="scimlane-run-${id}.har"`],
    ['X-Content-Type-Options', 'nosniff'],
  ];
}

function noRun(id: string): Error {
  return notFound(`the endpoint has no run ${JSON.stringify(id)}`);
}
