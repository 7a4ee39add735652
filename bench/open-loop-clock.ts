/**
 * When requests of an open loop are due, and what their times are. Pure: time is handed in, so that
 * a test can let a server stand still. A request's time counts from the moment it was due, not from
 * the moment it left: else a server that stands still for a second would be told of by the few
 * requests that were in flight, and not by the thousands that would have come (coordinated omission).
 */

/** Beyond it a start is late: two turns of the client's timer. */
export const LATE_START_MS = 2;
/** Beyond it one is the client's fault, if a connection was free: no timer of an idle process is so late. */
export const CLIENT_LATE_MS = 5;

export interface Departure {
  readonly n: number;
  readonly dueMs: number;
}

export class OpenLoopClock {
  readonly #startMs: number;
  readonly #perSecond: number;
  readonly #count: number;
  #left = 0;
  #late = 0;
  #clientLate = 0;
  #latestMs = 0;
  /** Since when a request could have left: a connection was free. */
  #freeSinceMs: number;

  /** @param count of requests in all, one every 1/perSecond seconds from `startMs` on */
  constructor(startMs: number, perSecond: number, count: number) {
    this.#startMs = startMs;
    this.#perSecond = perSecond;
    this.#count = count;
    this.#freeSinceMs = startMs;
  }

  /** The next request that is due, which leaves now; undefined when none is. */
  depart(nowMs: number): Departure | undefined {
    const n = this.#left;
    const dueMs = this.dueMs(n);
    if (n >= this.#count || dueMs > nowMs) return undefined;
    this.#left += 1;
    const lateMs = nowMs - dueMs;
    this.#latestMs = Math.max(this.#latestMs, lateMs);
    if (lateMs > LATE_START_MS) this.#late += 1;
    // What was late while all connections waited is the server's doing, the rest is the client's.
    if (nowMs - Math.max(dueMs, this.#freeSinceMs) > CLIENT_LATE_MS) this.#clientLate += 1;
    return { n, dueMs };
  }

  /** To be told when a connection becomes free while none was. */
  becameFree(nowMs: number): void {
    this.#freeSinceMs = nowMs;
  }

  dueMs(n: number): number {
    return this.#startMs + (n / this.#perSecond) * 1000;
  }

  /** Requests that have not left; due or not. */
  get remaining(): number {
    return this.#count - this.#left;
  }

  /** When each of them was due, or will be. */
  leftBehind(): readonly number[] {
    return Array.from({ length: this.remaining }, (_, at) => this.dueMs(this.#left + at));
  }

  get departed(): number {
    return this.#left;
  }

  /** Requests that left more than LATE_START_MS after they were due. */
  get lateStarts(): number {
    return this.#late;
  }

  /** Requests that left more than CLIENT_LATE_MS late although a connection was free. */
  get clientLateStarts(): number {
    return this.#clientLate;
  }

  get latestStartMs(): number {
    return this.#latestMs;
  }
}

/** Microseconds for a histogram, which takes whole numbers from 1. */
export function elapsedUs(fromMs: number, toMs: number): number {
  return Math.max(1, Math.round((toMs - fromMs) * 1000));
}
