/**
 * Which of several writes to one value may be the one that is there in the end, when some overlapped:
 * of two that were under way at the same time, either may have come last. One that was acknowledged
 * before another left, and that other acknowledged too, cannot be. Pure.
 */
export class LastWrites {
  readonly #acknowledged = new Set<number>();
  /** Of each without an answer: which were acknowledged before it left. */
  readonly #open = new Map<number, readonly number[]>();

  sent(n: number): void {
    this.#open.set(n, [...this.#acknowledged]);
  }

  acknowledged(n: number): void {
    for (const earlier of this.#open.get(n) ?? []) this.#acknowledged.delete(earlier);
    this.#open.delete(n);
    this.#acknowledged.add(n);
  }

  /** Whether any was acknowledged: only then something must be there. */
  get isKnown(): boolean {
    return this.#acknowledged.size > 0;
  }

  mayBe(n: number): boolean {
    return this.#acknowledged.has(n) || this.#open.has(n);
  }
}
