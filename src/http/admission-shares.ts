/**
 * What each endpoint holds of the server's places and bytes, and how fast its requests come. An
 * endpoint may hold as much as is left free for the others, so that however many are greedy, a
 * newcomer finds room. It is asked of who has shown a valid token: nobody else can use up a tenant's
 * requests.
 * Invariant: an endpoint that holds nothing else is refused nothing by its share.
 */
import type { EndpointLimits } from '../store/limit-settings.ts';

/** Why a request may not go on. */
export interface Refusal {
  /** Whose bound it met: 503 or 429. */
  readonly whose: 'server' | 'endpoint';
  readonly retryAfterSeconds: number;
  /** One line for the client. */
  readonly detail: string;
}

export interface SharedLimits {
  readonly inFlightRequests: number;
  readonly inFlightBytes: number;
}

/** What is free of the server's. */
export interface Free {
  readonly operations: number;
  readonly bytes: number;
}

/** What one endpoint has under way. */
export class Share {
  limits: EndpointLimits;
  requests = 0;
  operations = 0;
  bytes = 0;
  /** When the last request would have come, had they come evenly. Milliseconds. */
  evenMs = 0;
  #seenMs = 0;
  #rate = 0;

  constructor(limits: EndpointLimits) {
    this.limits = limits;
  }

  /** Whether nothing of it needs to be remembered. */
  isIdle(nowMs: number): boolean {
    return this.requests === 0 && this.evenMs <= nowMs;
  }

  /** Counts a request, unless it comes too soon (the generic cell rate algorithm). */
  arrive(nowMs: number): Refusal | undefined {
    const { requestsPerSecondMax: rate, requestBurstMax: burst } = this.limits;
    if (rate === 0) return undefined;
    // What was ahead was counted in the time of another rate.
    if (rate !== this.#rate) this.evenMs = 0;
    this.#rate = rate;
    const intervalMs = 1000 / rate;
    // A clock that was stepped back must not lock the endpoint out until it is there again.
    if (nowMs < this.#seenMs) this.evenMs -= this.#seenMs - nowMs;
    this.#seenMs = nowMs;
    const aheadMs = Math.max(0, this.evenMs - nowMs);
    const allowedMs = ((burst === 0 ? rate : burst) - 1) * intervalMs;
    // Fractions of a microsecond are the rounding of the interval.
    if (aheadMs > allowedMs + 0.001) {
      return {
        whose: 'endpoint',
        retryAfterSeconds: Math.ceil((aheadMs - allowedMs) / 1000),
        detail: `this endpoint takes ${rate} requests a second; nothing was done, try again later`,
      };
    }
    this.evenMs = nowMs + aheadMs + intervalMs;
    return undefined;
  }

  /** Counts what a bulk holds beyond itself; the requests after it wait for that. */
  charge(operations: number): void {
    const { requestsPerSecondMax: rate } = this.limits;
    if (rate > 0) this.evenMs += operations * (1000 / rate);
  }

  /**
   * Whether it may hold so much more.
   * @param free before that
   * @param others how many of its requests there are beside the one that asks
   */
  refuses(operations: number, bytes: number, free: Free, others: number): Refusal | undefined {
    if (others === 0) return undefined;
    const { inFlightRequestsMax: max } = this.limits;
    const held = this.operations + operations;
    if (max > 0 && held > max) {
      return crowded(`this endpoint takes ${max} requests at once, a bulk with its operations`);
    }
    const fits = held <= free.operations - operations && this.bytes + bytes <= free.bytes - bytes;
    return fits ? undefined : crowded('too many requests of this endpoint are under way');
  }
}

function crowded(what: string): Refusal {
  return {
    whose: 'endpoint',
    retryAfterSeconds: 1,
    detail: `${what}; nothing was done, try again`,
  };
}

/** All endpoints that have something under way, or had lately. */
export class Shares {
  readonly #byEndpoint = new Map<string, Share>();

  of(endpointId: string, limits: EndpointLimits): Share {
    let share = this.#byEndpoint.get(endpointId);
    if (share === undefined) {
      share = new Share(limits);
      this.#byEndpoint.set(endpointId, share);
    }
    share.limits = limits;
    return share;
  }

  /** Endpoints come and go; what they leave must not gather. */
  forgetIdle(nowMs: number): void {
    for (const [endpointId, share] of this.#byEndpoint) {
      if (share.isIdle(nowMs)) this.#byEndpoint.delete(endpointId);
    }
  }

  get size(): number {
    return this.#byEndpoint.size;
  }
}
