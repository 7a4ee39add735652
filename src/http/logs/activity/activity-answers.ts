/**
 * The request log told in sentences: pages of what was done, and a summary of the last days. A page
 * reads the contents of its own rows and asks once what all of its resources are called.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isObject, type JsonObject } from '../../../scim/json.ts';
import { ACTIVITY_TYPES, SEVERITIES } from '../../../store/log-facts.ts';
import type { LoggedRequest } from '../../../store/request-logs.ts';
import type { ResourceKey } from '../../../store/resource-names.ts';
import { type Answer, jsonAnswer } from '../../answer.ts';
import type { HttpLimits } from '../../options.ts';
import type { Clock, RequestLogs, ResourceNames } from '../../ports.ts';
import type { QueryParameters } from '../../query.ts';
import { withoutCredential } from '../masks.ts';
import { bodyOf } from '../shown.ts';
import type { LogScope } from '../scope.ts';
import { activityQuery, summaryQuery } from './query.ts';
import { type Sent, sentOf } from './sent.ts';
import type { NameOf } from './sentence.ts';
import { type Act, shownActivity } from './shown.ts';
import { summaryOf } from './summary.ts';

export interface ActivityParts {
  readonly logs: RequestLogs;
  readonly names: ResourceNames;
  readonly scope: LogScope;
  readonly clock: Clock;
  readonly limits: HttpLimits;
  /** Of the whole server: whoever is called so, is not called so here. */
  readonly sharedSecret: string;
}

/** Ids of one page whose names are asked for; the rest are shown as ids. */
const NAMES_MAX = 2000;

/** Rows whose contents are held together. */
const ROWS_AT_ONCE = 50;

/** Of bodies, read before others have their turn: about a millisecond. */
const CHARS_AT_ONCE = 65_536;

/** Sentences that are written before others have their turn. */
const ACTS_AT_ONCE = 50;

const DAY_MS = 24 * 60 * 60 * 1000;

export class ActivityAnswers {
  readonly #parts: ActivityParts;

  constructor(parts: ActivityParts) {
    this.#parts = parts;
  }

  /** @param endpointId undefined: of all endpoints */
  async list(query: QueryParameters, endpointId: string | undefined): Promise<Answer> {
    const { logs, scope, limits } = this.#parts;
    const { filter, page, pageSize, before } = activityQuery(query, limits);
    const skip = (page - 1) * pageSize;
    const within = scope.within(filter, endpointId);
    const found = await logs.page({ filter: within, before, skip, limit: pageSize });
    const acts = actsOf(found.requests, await this.#sentBy(found.requests));
    const names = await this.#namesFor(acts);
    const isLast = found.complete && found.next === undefined && before === undefined;
    const total = isLast && (acts.length > 0 || skip === 0) ? skip + acts.length : null;
    const activities: JsonObject[] = [];
    await inTurns(acts, (act) => activities.push(shownActivity(act, names(act.request))));
    const body = {
      activities,
      pagination: {
        page,
        limit: pageSize,
        total,
        pages: total === null ? null : Math.ceil(total / pageSize),
      },
      hasNext: found.next !== undefined,
      next: found.next ?? null,
      complete: found.complete,
      filters: { types: ACTIVITY_TYPES, severities: SEVERITIES },
    };
    return jsonAnswer(200, JSON.stringify(body));
  }

  /** Of the last day and the last week; `complete` is false when only the newest could be counted. */
  async summary(query: QueryParameters, endpointId: string | undefined): Promise<Answer> {
    const { logs, scope, clock } = this.#parts;
    const asked = summaryQuery(query);
    const now = clock.now();
    const week = { endpointId: asked, since: now - 7 * DAY_MS, hidesAdmin: true };
    const { tallies, complete } = await logs.tallies(scope.within(week, endpointId), now - DAY_MS);
    return jsonAnswer(200, JSON.stringify(summaryOf(tallies, complete)));
  }

  /** What each request sent; of a few at a time the bodies are held. */
  async #sentBy(requests: readonly LoggedRequest[]): Promise<Sent[]> {
    const all: Sent[] = [];
    let chars = 0;
    for (let from = 0; from < requests.length; from += ROWS_AT_ONCE) {
      const some = requests.slice(from, from + ROWS_AT_ONCE);
      const contents = await this.#parts.logs.contents(some);
      for (const [at, { method, target }] of some.entries()) {
        const text = contents[at]?.requestBody;
        chars += text?.length ?? 0;
        if (chars > CHARS_AT_ONCE) {
          await nextTurn();
          chars = text?.length ?? 0;
        }
        const body = bodyOf(text);
        all.push(sentOf(method, target, isObject(body) ? body : undefined));
      }
    }
    return all;
  }

  /** One question for the whole page. @returns for each request, what its endpoint calls an id */
  async #namesFor(acts: readonly Act[]): Promise<(request: LoggedRequest) => NameOf> {
    const wanted = new Map<string, ResourceKey>();
    await inTurns(acts, (act) => {
      const { endpointId } = act.request;
      if (endpointId === undefined) return;
      const note: NameOf = (id) => {
        if (wanted.size < NAMES_MAX) wanted.set(keyOf(endpointId, id), { endpointId, id });
        return undefined;
      };
      shownActivity(act, note);
    });
    const { names, sharedSecret } = this.#parts;
    const found = await names.of([...wanted.values()]);
    // Of what is not there any more, the page itself may tell what it was called.
    const displays = new Map(acts.toReversed().flatMap(nameTold));
    for (const { display, ...key } of found) {
      displays.set(keyOf(key.endpointId, key.id), withoutCredential(display, sharedSecret));
    }
    return ({ endpointId }) =>
      (id) =>
        endpointId === undefined ? undefined : displays.get(keyOf(endpointId, id));
  }
}

/** Newest first, as they come: what a resource was called before is told by an older row of it. */
function actsOf(requests: readonly LoggedRequest[], sent: readonly Sent[]): Act[] {
  const acts: Act[] = [];
  const nameBefore = new Map<string, string>();
  for (let at = requests.length - 1; at >= 0; at -= 1) {
    const request = requests[at];
    const bySender = sent[at];
    if (request === undefined || bySender === undefined) continue;
    const { resourceId, who } = request;
    const formerName = resourceId === undefined ? undefined : nameBefore.get(resourceId);
    if (resourceId !== undefined && who !== undefined) nameBefore.set(resourceId, who);
    acts.push({ request, sent: bySender, formerName });
  }
  return acts.reverse();
}

async function inTurns(acts: readonly Act[], work: (act: Act) => void): Promise<void> {
  for (const [at, act] of acts.entries()) {
    if (at % ACTS_AT_ONCE === ACTS_AT_ONCE - 1) await nextTurn();
    work(act);
  }
}

function keyOf(endpointId: string, id: string): string {
  return `${endpointId} ${id}`;
}

/** For a map: of several, the one that is put in last stays. */
function nameTold({ request }: Act): [string, string][] {
  const { endpointId, resourceId, who } = request;
  const isTold = endpointId !== undefined && resourceId !== undefined && who !== undefined;
  return isTold ? [[keyOf(endpointId, resourceId), who]] : [];
}
