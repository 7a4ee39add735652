/**
 * Answers that are long files, written while they are read: the next piece is made when the client
 * has taken the last one, so that of a file of any length a piece is in memory. They hold no place
 * in admission but one of their own, of which there are few. What cannot go on, because the log
 * cannot be read, the client takes nothing or the server stops, is cut: an end means that it is whole.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Answer, type Header, jsonAnswer, type Outlet } from './answer.ts';
import { HttpError, tryAgain } from './http-error.ts';
import type { Clock, Log } from './ports.ts';

export interface LongFile {
  /** With its type. */
  readonly headers: readonly Header[];
  /** Text of any length, made when it is asked for. A rejection cuts the answer. */
  readonly pieces: AsyncIterable<string>;
}

export interface DownloadAsk {
  /** Whose token it is; undefined: the operator's. */
  readonly endpointId: string | undefined;
  /** Whether the token that opened it is still good; asked between two pieces. */
  readonly mayGoOn: () => boolean;
}

interface DownloadLimits {
  readonly downloads: number;
  readonly downloadsOfEndpoint: number;
  readonly downloadStallMs: number;
  readonly downloadLifetimeMs: number;
}

/** Sent together, and before others have their turn: about a millisecond. */
const CHARS_AT_ONCE = 131_072;

export class Downloads {
  readonly #limits: DownloadLimits;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #running = new Set<Download>();
  /** Of whom a first look is awaited. */
  readonly #coming: DownloadAsk[] = [];
  #closed = false;

  /** @param clock monotonic */
  constructor(limits: DownloadLimits, clock: Clock, log: Log) {
    this.#limits = limits;
    this.#clock = clock;
    this.#log = log;
  }

  /**
   * @param prepare whatever must be known before the first byte; what it throws is the answer
   * @throws HttpError 429 when there are too many, 503 at a stop
   */
  async answer(ask: DownloadAsk, prepare: () => Promise<LongFile>): Promise<Answer> {
    this.#checkRoom(ask.endpointId);
    this.#coming.push(ask);
    try {
      const { headers, pieces } = await prepare();
      const stream = (outlet: Outlet): void => {
        void this.#run(new Download(outlet, ask, this.#limits, this.#clock), pieces);
      };
      return { ...jsonAnswer(200, ''), headers, body: undefined, stream };
    } finally {
      this.#coming.splice(this.#coming.indexOf(ask), 1);
    }
  }

  /** At a stop: nobody is waited for. */
  close(): void {
    this.#closed = true;
    for (const download of this.#running) download.cut();
  }

  #checkRoom(endpointId: string | undefined): void {
    if (this.#closed) throw tryAgain('the server is stopping');
    const { downloads, downloadsOfEndpoint } = this.#limits;
    const all = [...this.#coming, ...this.#running];
    const own = all.filter((each) => each.endpointId === endpointId).length;
    const isFull = endpointId !== undefined && own >= downloadsOfEndpoint;
    if (all.length < downloads && !isFull) return;
    throw new HttpError(429, 'too many downloads are under way; try again when one has ended', {
      headers: [['Retry-After', '10']],
    });
  }

  /** Never rejects. */
  async #run(download: Download, pieces: AsyncIterable<string>): Promise<void> {
    this.#running.add(download);
    if (this.#closed) download.cut();
    try {
      await download.pour(pieces);
    } catch (error) {
      this.#log.warn({ err: error }, 'a download broke off');
      download.cut();
    } finally {
      this.#running.delete(download);
    }
  }
}

class Download {
  readonly endpointId: string | undefined;
  readonly #outlet: Outlet;
  readonly #mayGoOn: () => boolean;
  readonly #stallMs: number;
  readonly #clock: Clock;
  readonly #endsAt: number;
  #isOver = false;
  #whenOver: () => void = () => undefined;

  constructor(
    outlet: Outlet,
    { endpointId, mayGoOn }: DownloadAsk,
    { downloadStallMs, downloadLifetimeMs }: DownloadLimits,
    clock: Clock,
  ) {
    this.#outlet = outlet;
    this.endpointId = endpointId;
    this.#mayGoOn = mayGoOn;
    this.#stallMs = downloadStallMs;
    this.#clock = clock;
    this.#endsAt = clock.now() + downloadLifetimeMs;
    outlet.onGone(() => {
      this.#end();
    });
  }

  /** Rejects when no further piece can be made; resolves when it is over, whichever way. */
  async pour(pieces: AsyncIterable<string>): Promise<void> {
    let gathered = '';
    // Whoever leaves this loop ends the making of pieces.
    for await (const piece of pieces) {
      gathered += piece;
      if (gathered.length < CHARS_AT_ONCE) continue;
      if (!(await this.#send(gathered))) return;
      gathered = '';
      if (!this.#mayGoOn() || this.#clock.now() >= this.#endsAt) {
        this.cut();
        return;
      }
      await nextTurn();
    }
    if (await this.#send(gathered)) this.#outlet.finish();
  }

  cut(): void {
    this.#outlet.cut();
    this.#end();
  }

  /** @returns when it has left; false: nobody is there to take it */
  async #send(text: string): Promise<boolean> {
    if (this.#isOver) return false;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#whenOver = () => {
      resolve(undefined);
    };
    const stall = setTimeout(() => {
      this.cut();
    }, this.#stallMs);
    this.#outlet.send(Buffer.from(text), this.#whenOver);
    await promise;
    clearTimeout(stall);
    return !this.#isOver;
  }

  #end(): void {
    this.#isOver = true;
    this.#whenOver();
  }
}
