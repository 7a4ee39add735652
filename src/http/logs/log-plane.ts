/**
 * Everything that is read from the request log, for its two kinds of readers: the operator, who sees
 * all of it, and an endpoint's own token, which sees that endpoint's and no other.
 */
import { badRequest } from '../../scim/errors.ts';
import type { Answer } from '../answer.ts';
import { Downloads } from '../downloads.ts';
import type { RequestHeaders } from '../header-guard.ts';
import type { HttpOptions, HttpServices } from '../options.ts';
import type { QueryParameters } from '../query.ts';
import { OpenRuns } from '../runs/open-runs.ts';
import { RunAnswers } from '../runs/run-answers.ts';
import { ActivityAnswers } from './activity/activity-answers.ts';
import { LiveTail } from './live-tail.ts';
import { LogAnswers } from './log-answers.ts';
import { streamFilter } from './query.ts';
import type { LogRoute } from './routes.ts';
import { NamedLogs } from './named-logs.ts';
import { LogScope } from './scope.ts';
import { stillAdmitted } from './still-admitted.ts';

type WithoutRoot<T> = T extends unknown ? Omit<T, 'root'> : never;

/** A route of the log, whoever's. */
export type LogQuestion = WithoutRoot<LogRoute>;

/** Who asks, and with which words. */
export interface LogReading {
  readonly query: QueryParameters;
  readonly headers: RequestHeaders;
  /** Whose rows may be seen; undefined: all. */
  readonly endpointId: string | undefined;
  /** Of the token; undefined: the operator's. */
  readonly credentialId?: string | undefined;
}

/** Monotonic: how long a listener has been silent must not follow a clock that is set back. */
const MONOTONIC = { now: () => performance.now() };

export class LogPlane {
  readonly runs: RunAnswers;
  /** Whose requests are logged in full. */
  readonly openRuns: OpenRuns;
  readonly #rows: LogAnswers;
  readonly #activity: ActivityAnswers;
  readonly #tail: LiveTail;
  readonly #downloads: Downloads;
  readonly #scope: LogScope;
  readonly #services: Pick<HttpServices, 'store' | 'clock'>;

  constructor({ limits, sharedSecret }: HttpOptions, services: HttpServices) {
    const { logs, names, store, ids, clock, log } = services;
    const scope = new LogScope(store);
    this.#scope = scope;
    this.#services = { store, clock };
    const named = new NamedLogs(logs, names, sharedSecret);
    this.#downloads = new Downloads(limits, MONOTONIC, log);
    this.#rows = new LogAnswers(named, this.#downloads, scope, limits);
    this.#activity = new ActivityAnswers({ logs, names, scope, clock, limits, sharedSecret });
    this.#tail = new LiveTail(named, MONOTONIC, log, limits);
    this.openRuns = new OpenRuns(logs, MONOTONIC, clock, limits);
    const { openRuns } = this;
    const downloads = this.#downloads;
    const runParts = { openRuns, store, ids, clock, limits, downloads };
    this.runs = new RunAnswers({ logs: named, ...runParts });
    // A run goes on over a restart.
    void this.openRuns.look();
  }

  answer(question: LogQuestion, reading: LogReading): Promise<Answer> {
    const { query, endpointId } = reading;
    switch (question.kind) {
      case 'logs':
        return this.#rows.list(query, endpointId);
      case 'log':
        return this.#rows.one(question.row, endpointId);
      case 'logsDownload':
        return this.#rows.download(query, { endpointId, mayGoOn: this.#mayGoOn(reading) });
      case 'logsClear':
        return this.#rows.clear(endpointId);
      case 'logsStream':
        return this.#listen(reading);
      case 'activity':
        return this.#activity.list(query, endpointId);
      case 'activitySummary':
        return this.#activity.summary(query, endpointId);
    }
  }

  /** Who follows the log now. */
  get followers(): number {
    return this.#tail.listeners;
  }

  /** At a stop: ends the streams, which no drain would see the end of, and cuts the downloads. */
  close(): void {
    this.#downloads.close();
    this.#tail.close();
  }

  // Async so that it rejects where it would throw.
  async #listen(reading: LogReading): Promise<Answer> {
    const { query, headers, endpointId } = reading;
    const filter = this.#scope.within(streamFilter(query), endpointId);
    const lastRow = rowOf(headers.get('last-event-id') ?? query.get('lastEventId'));
    return this.#tail.listen({ filter, lastRow, endpointId, mayGoOn: this.#mayGoOn(reading) });
  }

  #mayGoOn({ endpointId, credentialId }: LogReading): () => boolean {
    if (endpointId === undefined) return () => true;
    const { store, clock } = this.#services;
    return stillAdmitted(store, clock, endpointId, credentialId);
  }
}

/** @throws ScimError 400 */
function rowOf(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw badRequest('invalidValue', 'Last-Event-ID takes the id of an event of this stream');
}
