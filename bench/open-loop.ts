/**
 * An open loop: requests leave by the clock, whatever the server does, over a fixed number of
 * connections. One that is due while every connection waits for an answer waits too, and its time
 * counts from when it was due. autocannon's `overallRate` sends each second's share at once and
 * corrects its histogram afterwards by a guess, hence this.
 */
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { watchClient } from './client-load.ts';
import type { DriveOptions, Load, Outcome } from './drive.ts';
import { HttpConnection, type Reply } from './http-connection.ts';
import { elapsedUs, OpenLoopClock } from './open-loop-clock.ts';
import { Tally } from './tally.ts';

export interface OpenLoopOptions extends DriveOptions {
  readonly perSecond: number;
  /** How long the run is; an open loop has no other end. */
  readonly seconds: number;
  /** Of each window its own percentiles are told; none without. */
  readonly windowSeconds?: number;
  /** How long answers are waited for after the last request was due. */
  readonly patienceMs?: number;
}

export interface OpenLoopFigures {
  readonly perSecond: number;
  /** Requests that left more than 2 ms after they were due. */
  readonly lateStarts: number;
  /** Requests that left more than 5 ms late although a connection was free: the client was slow. */
  readonly clientLateStarts: number;
  readonly latestStartMs: number;
  /**
   * Due, and not answered when the wait for them was over. Each is among the times, with how long it
   * had waited by then, and one is enough for a complaint.
   */
  readonly unanswered: number;
  readonly windows: readonly Window[];
}

export interface Window {
  readonly fromSeconds: number;
  readonly answered: number;
  readonly p50Us: number;
  readonly p99Us: number;
}

const PATIENCE_MS = 10_000;

export async function driveOpenLoop(load: Load, options: OpenLoopOptions): Promise<Outcome> {
  const { port, perSecond, seconds, first, connections, patienceMs = PATIENCE_MS } = options;
  const tally = new Tally();
  const windows = new Windows(options.windowSeconds);
  const idle = Array.from({ length: connections }, () => new HttpConnection(port));
  const all = [...idle];
  const stopWatch = watchClient();
  const startMs = performance.now();
  const count = Math.min(Math.round(perSecond * seconds), load.capacity - first);
  const clock = new OpenLoopClock(startMs, perSecond, count);
  const ended = Promise.withResolvers<undefined>();
  /** When each request that has no answer yet was due, by its number. */
  const waiting = new Map<number, number>();
  let over = false;

  const departDue = (nowMs: number): void => {
    while (!over && idle.length > 0) {
      const departure = clock.depart(nowMs);
      if (departure === undefined) return;
      // In turn: one that nobody needs for ten seconds is closed by the server, and would be a wrong answer.
      const connection = idle.shift();
      if (connection !== undefined) send(connection, first + departure.n, departure.dueMs);
    }
  };
  const send = (connection: HttpConnection, n: number, dueMs: number): void => {
    waiting.set(n, dueMs);
    connection.ask(load.request(n), (reply) => {
      if (over) return;
      waiting.delete(n);
      const nowMs = performance.now();
      if (reply instanceof Error) {
        tally.complain(reply.message);
        const fresh = new HttpConnection(port);
        all.push(fresh);
        idle.push(fresh);
      } else {
        answered(n, dueMs, nowMs, reply);
        if (idle.length === 0) clock.becameFree(nowMs);
        idle.push(connection);
      }
      departDue(nowMs);
      if (clock.remaining === 0 && waiting.size === 0) ended.resolve(undefined);
    });
  };
  const answered = (n: number, dueMs: number, nowMs: number, reply: Reply): void => {
    const us = elapsedUs(dueMs, nowMs);
    windows.record((nowMs - startMs) / 1000, us);
    tally.answered(us, reply.wireBytes, nowMs, startMs);
    const complaint = load.check(n, reply.status, reply.body);
    if (complaint !== undefined) tally.complain(complaint);
  };

  const ticks = setInterval(() => departDue(performance.now()), 1);
  const patience = setTimeout(() => ended.resolve(undefined), seconds * 1000 + patienceMs);
  await ended.promise;
  over = true;
  clearInterval(ticks);
  clearTimeout(patience);
  const client = stopWatch();
  const unanswered = [...waiting.values(), ...clock.leftBehind()];
  tally.unanswered(unanswered.map((dueMs) => elapsedUs(dueMs, performance.now())));
  for (const connection of all) connection.close();
  return {
    ...tally.outcome(clock.departed, client),
    openLoop: {
      perSecond: Math.round(perSecond),
      lateStarts: clock.lateStarts,
      clientLateStarts: clock.clientLateStarts,
      latestStartMs: Math.round(clock.latestStartMs * 10) / 10,
      unanswered: unanswered.length,
      windows: windows.end(),
    },
  };
}

/** Percentiles of one stretch of the run after the other. */
class Windows {
  readonly #seconds: number | undefined;
  readonly #ended: Window[] = [];
  #histogram: RecordableHistogram = createHistogram();
  #from = 0;

  constructor(seconds: number | undefined) {
    this.#seconds = seconds;
  }

  record(atSeconds: number, us: number): void {
    if (this.#seconds === undefined) return;
    if (atSeconds >= this.#from + this.#seconds) {
      this.#close();
      this.#from = Math.floor(atSeconds / this.#seconds) * this.#seconds;
    }
    this.#histogram.record(us);
  }

  end(): readonly Window[] {
    this.#close();
    return this.#ended;
  }

  #close(): void {
    if (this.#histogram.count === 0) return;
    this.#ended.push({
      fromSeconds: this.#from,
      answered: this.#histogram.count,
      p50Us: this.#histogram.percentile(50),
      p99Us: this.#histogram.percentile(99),
    });
    this.#histogram = createHistogram();
  }
}
