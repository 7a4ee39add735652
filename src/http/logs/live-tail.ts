/**
 * The request log as it is written, by server-sent events. While somebody listens, new rows are read
 * from the log by their numbers, once for all who are up to date; whoever is behind reads on from
 * where it is, at its own pace. Nothing is kept for a listener but that number, so that a slow one
 * costs no memory, and one that comes again goes on where it was.
 * Invariant: while nobody listens there is no timer and no read.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JsonObject } from '../../scim/json.ts';
import { logMatcher } from '../../store/log-match.ts';
import type { LogFilter, LoggedRequest, LogStretch } from '../../store/request-logs.ts';
import { type Answer, type Outlet, textAnswer } from '../answer.ts';
import { HttpError, tryAgain } from '../http-error.ts';
import type { Clock, Log, RequestLogs } from '../ports.ts';
import { shownRequest } from './shown.ts';

export interface TailLimits {
  readonly tailListeners: number;
  readonly tailListenersOfEndpoint: number;
  readonly tailLookMs: number;
  readonly tailRows: number;
  readonly tailBeatMs: number;
  readonly tailStallMs: number;
  readonly tailBehindRows: number;
  readonly tailLifetimeMs: number;
}

export interface ListenAsk {
  readonly filter: LogFilter;
  /** The row that the listener has seen last; undefined: it begins with the next one. */
  readonly lastRow: number | undefined;
  /** Of the token that listens; undefined: the operator's. */
  readonly endpointId: string | undefined;
  /** Asked before each look: false ends the stream. */
  readonly mayGoOn: () => boolean;
}

/** A comment: listeners skip it (HTML Living Standard §9.2.6). */
const BEAT = ':\n\n';

/** Written together, so that few writes carry many rows; what waits for a slow listener is no more. */
const PIECE_CHARS = 16_384;

class Listener {
  readonly outlet: Outlet;
  readonly endpointId: string | undefined;
  readonly matches: (row: LoggedRequest) => boolean;
  readonly mayGoOn: () => boolean;
  /** The last row that was looked at for it. */
  position: number;
  /** Whether something waits for it in its socket. */
  isBlocked = false;
  /** When it took something last, by the clock. */
  tookAt: number;
  readonly endsAt: number;

  constructor(outlet: Outlet, ask: ListenAsk, position: number, now: number, endsAt: number) {
    this.outlet = outlet;
    this.endpointId = ask.endpointId;
    this.matches = logMatcher(ask.filter);
    this.mayGoOn = ask.mayGoOn;
    this.position = position;
    this.tookAt = now;
    this.endsAt = endsAt;
  }

  write(text: string, now: number): void {
    this.isBlocked = !this.outlet.write(text);
    if (!this.isBlocked) this.tookAt = now;
  }
}

export class LiveTail {
  readonly #logs: Pick<RequestLogs, 'behind'>;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #limits: TailLimits;
  readonly #listeners = new Set<Listener>();
  /** Places of those whose answer is being made. */
  readonly #coming: (string | undefined)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #looking = false;
  #file: string | undefined;
  #failing = false;
  #closed = false;

  constructor(logs: Pick<RequestLogs, 'behind'>, clock: Clock, log: Log, limits: TailLimits) {
    this.#logs = logs;
    this.#clock = clock;
    this.#log = log;
    this.#limits = limits;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** @throws HttpError 429 when too many listen, 503 at a stop; StoreError */
  async listen(ask: ListenAsk): Promise<Answer> {
    this.#checkRoom(ask.endpointId);
    this.#coming.push(ask.endpointId);
    let end: LogStretch;
    try {
      end = await this.#logs.behind(Number.MAX_SAFE_INTEGER, 1);
    } finally {
      this.#coming.splice(this.#coming.indexOf(ask.endpointId), 1);
    }
    return {
      ...textAnswer(200, '', 'text/event-stream'),
      headers: [
        ['Content-Type', 'text/event-stream'],
        ['Cache-Control', 'no-store'],
        ['X-Content-Type-Options', 'nosniff'],
        // Proxies of the nginx kind would gather what is written.
        ['X-Accel-Buffering', 'no'],
      ],
      body: undefined,
      stream: (outlet) => this.#begin(outlet, ask, end),
    };
  }

  /** At a stop: nobody is waited for. */
  close(): void {
    this.#closed = true;
    for (const { outlet } of this.#listeners) outlet.end();
    this.#listeners.clear();
    this.#rest();
  }

  #checkRoom(endpointId: string | undefined): void {
    if (this.#closed) throw tryAgain('the server is stopping');
    const { tailListeners, tailListenersOfEndpoint } = this.#limits;
    const all = [...this.#coming, ...Array.from(this.#listeners, (each) => each.endpointId)];
    const own = all.filter((each) => each === endpointId).length;
    const isFull = endpointId !== undefined && own >= tailListenersOfEndpoint;
    if (all.length < tailListeners && !isFull) return;
    throw new HttpError(429, 'too many follow the log already; end one of them, or try again', {
      headers: [['Retry-After', '10']],
    });
  }

  #begin(outlet: Outlet, ask: ListenAsk, { last, file }: LogStretch): void {
    if (this.#closed) {
      outlet.end();
      return;
    }
    const { tailBehindRows, tailLifetimeMs } = this.#limits;
    const now = this.#clock.now();
    const asked = Math.min(ask.lastRow ?? last, last);
    const position = Math.max(asked, last - tailBehindRows);
    const listener = new Listener(outlet, ask, position, now, now + tailLifetimeMs);
    outlet.onGone(() => this.#remove(listener));
    outlet.onRoom(BEAT, () => {
      listener.isBlocked = false;
      listener.tookAt = this.#clock.now();
    });
    this.#listeners.add(listener);
    this.#file ??= file;
    // Its first bytes tell a client, and every proxy before it, that the stream is open.
    const gap = position > asked ? eventText('gap', { after: asked, upTo: position }) : '';
    listener.write(`retry: 2000\n\n${gap}`, now);
    this.#timer ??= setInterval(() => void this.#look(), this.#limits.tailLookMs);
    void this.#look();
  }

  #remove(listener: Listener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size === 0) this.#rest();
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#file = undefined;
  }

  /** One look at a time. Never rejects. */
  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      while (await this.#deliver());
      this.#works();
    } catch (error) {
      this.#fails(error);
    }
    this.#looking = false;
    this.#tend();
  }

  /** @returns whether there may be more for somebody */
  async #deliver(): Promise<boolean> {
    this.#endRefused();
    const positions = new Set<number>();
    for (const { isBlocked, position } of this.#listeners) if (!isBlocked) positions.add(position);
    let more = false;
    for (const position of positions) {
      const stretch = await this.#logs.behind(position, this.#limits.tailRows);
      if (this.#isAnotherFile(stretch)) return true;
      const { requests } = stretch;
      const newest = requests.at(-1)?.row;
      if (newest === undefined) continue;
      for (const listener of this.#listeners) {
        if (listener.position === position && !listener.isBlocked) this.#send(listener, requests);
      }
      more ||= requests.length === this.#limits.tailRows;
      await nextTurn();
    }
    return more && this.#listeners.size > 0;
  }

  /** A token that was revoked, an endpoint that was made inactive: no row goes to them any more. */
  #endRefused(): void {
    for (const listener of this.#listeners) {
      if (listener.mayGoOn()) continue;
      listener.outlet.end();
      this.#remove(listener);
    }
  }

  /** The log was begun anew: its numbers start again, and all of it may be more than anybody wants. */
  #isAnotherFile({ file, last }: LogStretch): boolean {
    // Who comes after all have left learns for itself which file it is.
    if (this.#file === file || this.#listeners.size === 0) return false;
    this.#file = file;
    const position = Math.max(0, last - this.#limits.tailBehindRows);
    const now = this.#clock.now();
    for (const listener of this.#listeners) {
      const after = listener.position;
      listener.position = position;
      listener.write(eventText('gap', { after, upTo: null }), now);
    }
    return true;
  }

  #send(listener: Listener, requests: readonly LoggedRequest[]): void {
    const now = this.#clock.now();
    let piece = '';
    for (const request of requests) {
      listener.position = request.row;
      if (listener.matches(request)) piece += rowText(request);
      if (piece.length < PIECE_CHARS) continue;
      listener.write(piece, now);
      piece = '';
      if (listener.isBlocked) return;
    }
    if (piece !== '') listener.write(piece, now);
  }

  /** Signs of life, and the end of those who take nothing or have listened long enough. */
  #tend(): void {
    const now = this.#clock.now();
    const { tailBeatMs, tailStallMs } = this.#limits;
    for (const listener of this.#listeners) {
      const silentMs = now - listener.tookAt;
      if (listener.isBlocked && silentMs >= tailStallMs) {
        listener.outlet.cut();
        this.#remove(listener);
      } else if (now >= listener.endsAt) {
        listener.outlet.end();
        this.#remove(listener);
      } else if (!listener.isBlocked && silentMs >= tailBeatMs) listener.write(BEAT, now);
    }
  }

  #works(): void {
    this.#failing = false;
  }

  /** Listeners stay: the log may be begun anew at any moment. Told once. */
  #fails(error: unknown): void {
    if (!this.#failing) this.#log.warn({ err: error }, 'the live tail cannot read the log');
    this.#failing = true;
  }
}

function rowText(request: LoggedRequest): string {
  return `id: ${String(request.row)}\ndata: ${JSON.stringify(shownRequest(request))}\n\n`;
}

/** `gap`: rows behind `after`, up to `upTo`, are not told; null: the log was begun anew. */
function eventText(name: 'gap', data: JsonObject): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
