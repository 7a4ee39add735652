/**
 * Who is being served: how many requests, how many bytes of bodies, since when; a bulk counts with
 * its operations. Over a bound a request is refused at once, so that memory and waiting time stay bounded. A place is held until
 * the work is done, also when the client has gone or was answered at the deadline: the memory is
 * in use until then.
 */

export interface AdmissionLimits {
  readonly inFlightRequests: number;
  readonly inFlightBytes: number;
  readonly requestDeadlineMs: number;
}

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

  /** Accounts for a body that turns out larger. False: over the bound, nothing was added. */
  grow(admitted: Admitted, bytes: number): boolean {
    if (this.#bytes + bytes > this.#limits.inFlightBytes) return false;
    admitted.bytes += bytes;
    this.#bytes += bytes;
    return true;
  }

  /** Accounts for what a bulk holds, once. False: over the bound, nothing was added. */
  growTo(admitted: Admitted, operations: number): boolean {
    const more = operations - admitted.operations;
    if (this.#operations + more > this.#limits.inFlightRequests) return false;
    admitted.operations = operations;
    this.#operations += more;
    return true;
  }

  /** For work that takes as long as it takes; the place is held until it is done. */
  liftDeadline(admitted: Admitted): void {
    admitted.hasDeadline = false;
  }

  leave(admitted: Admitted): void {
    if (!this.#admitted.delete(admitted)) return;
    this.#bytes -= admitted.bytes;
    this.#operations -= admitted.operations;
    if (this.#admitted.size > 0) return;
    const waiting = this.#onIdle;
    this.#onIdle = [];
    for (const resolve of waiting) resolve();
  }

  /** Tells every request that is older than the deadline, once. Looks at no younger one. */
  expire(nowMs: number): void {
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
}
