/**
 * Wrong tokens, by the address that sends them: each address may send some at once and one more every
 * so often (a token bucket). Beyond that it is told so, and nothing else changes: right tokens are
 * asked for first, so that nobody is locked out by who shares the address.
 */

export interface FailureLimits {
  /** How many at once. */
  readonly failedAttempts: number;
  /** From one more to the next. */
  readonly failedAttemptMs: number;
  /** How many addresses are remembered; over it the one that was quiet longest is forgotten. */
  readonly failedAddresses: number;
}

export class FailedAttempts {
  readonly #limits: FailureLimits;
  /** By sender, when its bucket is full again; the one that failed last stands last. */
  readonly #fullAt = new Map<string, number>();

  constructor(limits: FailureLimits) {
    this.#limits = limits;
  }

  /** How many milliseconds until it may fail again; 0: it may now. */
  waitMs(sender: string, nowMs: number): number {
    const { failedAttempts, failedAttemptMs } = this.#limits;
    return Math.max(0, this.#fill(sender, nowMs) - nowMs - (failedAttempts - 1) * failedAttemptMs);
  }

  /** One more, unless it may not: what comes over the bound does not make it wait longer. */
  count(sender: string, nowMs: number): void {
    if (this.waitMs(sender, nowMs) > 0) return;
    const fullAt = this.#fill(sender, nowMs) + this.#limits.failedAttemptMs;
    this.#fullAt.delete(sender);
    this.#fullAt.set(sender, fullAt);
    if (this.#fullAt.size <= this.#limits.failedAddresses) return;
    for (const oldest of this.#fullAt.keys()) {
      this.#fullAt.delete(oldest);
      return;
    }
  }

  /** Never later than a full wait, also when the clock was set back. */
  #fill(sender: string, nowMs: number): number {
    const { failedAttempts, failedAttemptMs } = this.#limits;
    const fullAt = this.#fullAt.get(sender) ?? nowMs;
    return Math.min(Math.max(fullAt, nowMs), nowMs + failedAttempts * failedAttemptMs);
  }
}
