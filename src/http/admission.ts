/**
 * Who is being served: how many requests, how many bytes of bodies, since when, and of which
 * endpoint; a bulk counts with its operations. Over a bound a request is refused at once, so that
 * memory and waiting time stay bounded. A place is held until the work is done, also when the client
 * has gone or was answered at the deadline: the memory is in use until then.
 */
import type { EndpointLimits } from '../store/limit-settings.ts';
import { type Free, type Refusal, type Share, Shares } from './admission-shares.ts';

export interface AdmissionLimits {
  readonly inFlightRequests: number;
  readonly inFlightBytes: number;
  readonly requestDeadlineMs: number;
}

/** Of the server's own bounds. */
export const BUSY: Refusal = {
  whose: 'server',
  retryAfterSeconds: 1,
  detail: 'the server is busy; nothing was done, try again',
};

/** Asked for each piece of a body, with its bytes so far; an error refuses the request. */
export type AdmitBytes = (bytes: number) => Error | undefined;

/** A place, from `enter` to `leave`. */
export class Admitted {
  readonly startMs: number;
  readonly onDeadline: () => void;
  bytes: number;
  operations = 1;
  expired = false;
  hasDeadline = true;
  /** Of the endpoint that has answered for it; undefined before, and for administrators. */
  share: Share | undefined;

  constructor(startMs: number, bytes: number, onDeadline: () => void) {
    this.startMs = startMs;
    this.bytes = bytes;
    this.onDeadline = onDeadline;
  }
}

export class Admission {
  readonly #limits: AdmissionLimits;
  /** In the order they came: a Set iterates so. The first to come is the first to expire. */
  readonly #admitted = new Set<Admitted>();
  #bytes = 0;
  #operations = 0;
  readonly #shares = new Shares();
  #onIdle: (() => void)[] = [];

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  get requests(): number {
    return this.#admitted.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Endpoints with something under way, or lately. */
  get endpoints(): number {
    return this.#shares.size;
  }

  /**
   * Undefined: over a bound, refuse it.
   * @param bytes of the body as far as known
   * @param onDeadline called once by `expire`; must not throw
   */
  enter(startMs: number, bytes: number, onDeadline: () => void): Admitted | undefined {
    if (this.#operations >= this.#limits.inFlightRequests) return undefined;
    if (this.#bytes + bytes > this.#limits.inFlightBytes) return undefined;
    const admitted = new Admitted(startMs, bytes, onDeadline);
    this.#admitted.add(admitted);
    this.#bytes += bytes;
    this.#operations += 1;
    return admitted;
  }

  /**
   * From here on the endpoint answers for the request. Undefined: it may go on; else it is to leave.
   * @param nowMs of a clock; how fast requests come is judged by it
   */
  join(
    admitted: Admitted,
    endpointId: string,
    limits: EndpointLimits,
    nowMs: number,
  ): Refusal | undefined {
    const share = this.#shares.of(endpointId, limits);
    const { operations, bytes } = admitted;
    // It has its place already: what was free is asked for as it was before.
    const free = {
      operations: this.#free.operations + operations,
      bytes: this.#free.bytes + bytes,
    };
    const refusal = share.refuses(operations, bytes, free, share.requests) ?? share.arrive(nowMs);
    if (refusal !== undefined) return refusal;
    share.requests += 1;
    share.operations += operations;
    share.bytes += bytes;
    admitted.share = share;
    return undefined;
  }

  /** Accounts for a body that turns out larger. Refused: over a bound, nothing was added. */
  grow(admitted: Admitted, bytes: number): Refusal | undefined {
    return this.#add(admitted, 0, bytes);
  }

  /** Accounts for what a bulk holds, once. Refused: over a bound, nothing was added. */
  growTo(admitted: Admitted, operations: number): Refusal | undefined {
    const more = operations - admitted.operations;
    const refusal = this.#add(admitted, more, 0);
    if (refusal === undefined) admitted.share?.charge(more);
    return refusal;
  }

  /** For work that takes as long as it takes; the place is held until it is done. */
  liftDeadline(admitted: Admitted): void {
    admitted.hasDeadline = false;
  }

  leave(admitted: Admitted): void {
    if (!this.#admitted.delete(admitted)) return;
    this.#bytes -= admitted.bytes;
    this.#operations -= admitted.operations;
    const { share } = admitted;
    if (share !== undefined) {
      share.requests -= 1;
      share.operations -= admitted.operations;
      share.bytes -= admitted.bytes;
    }
    if (this.#admitted.size > 0) return;
    const waiting = this.#onIdle;
    this.#onIdle = [];
    for (const resolve of waiting) resolve();
  }

  /** Tells every request that is older than the deadline, once. Looks at no younger one. */
  expire(nowMs: number): void {
    this.#shares.forgetIdle(nowMs);
    for (const admitted of this.#admitted) {
      if (nowMs - admitted.startMs < this.#limits.requestDeadlineMs) return;
      if (admitted.expired || !admitted.hasDeadline) continue;
      admitted.expired = true;
      admitted.onDeadline();
    }
  }

  /** Resolves when nobody is being served; at once when nobody is now. */
  async whenIdle(): Promise<void> {
    if (this.#admitted.size === 0) return;
    await new Promise<void>((resolve) => this.#onIdle.push(resolve));
  }

  get #free(): Free {
    return {
      operations: this.#limits.inFlightRequests - this.#operations,
      bytes: this.#limits.inFlightBytes - this.#bytes,
    };
  }

  #add(admitted: Admitted, operations: number, bytes: number): Refusal | undefined {
    const free = this.#free;
    if (operations > free.operations || bytes > free.bytes) return BUSY;
    const { share } = admitted;
    const refusal = share?.refuses(operations, bytes, free, share.requests - 1);
    if (refusal !== undefined) return refusal;
    admitted.operations += operations;
    admitted.bytes += bytes;
    this.#operations += operations;
    this.#bytes += bytes;
    if (share === undefined) return undefined;
    share.operations += operations;
    share.bytes += bytes;
    return undefined;
  }
}
