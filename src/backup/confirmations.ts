/**
 * Who waits until a commit is stored remotely. Commits are confirmed in order, so the waits form a
 * queue; a wait that lasts too long is given up, and its outcome is unknown.
 */

interface Wait {
  readonly sequence: number;
  readonly tick: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const TICKS_PER_DEADLINE = 8;

export class Confirmations {
  readonly #outcomeUnknown: (reason: string) => Error;
  readonly #deadlineMs: number;
  #waits: Wait[] = [];
  #confirmed = 0;
  #tick = 0;
  #timer: NodeJS.Timeout | undefined;
  #closedBecause: string | undefined;

  constructor(deadlineMs: number, outcomeUnknown: (reason: string) => Error) {
    this.#deadlineMs = deadlineMs;
    this.#outcomeUnknown = outcomeUnknown;
  }

  /** @param sequence never less than one that was waited for before by more than a reordered answer */
  wait(sequence: number): Promise<void> {
    if (sequence <= this.#confirmed) return Promise.resolve();
    if (this.#closedBecause !== undefined) {
      return Promise.reject(this.#outcomeUnknown(this.#closedBecause));
    }
    this.#timer ??= setInterval(() => this.#expire(), this.#deadlineMs / TICKS_PER_DEADLINE);
    return new Promise((resolve, reject) => {
      this.#waits.push({ sequence, tick: this.#tick, resolve, reject });
    });
  }

  /** Everything up to this commit is stored remotely. */
  confirmed(sequence: number): void {
    this.#confirmed = Math.max(this.#confirmed, sequence);
    this.#settle(
      (wait) => wait.sequence <= this.#confirmed,
      (wait) => wait.resolve(),
    );
  }

  /** Nothing will be confirmed any more. */
  close(reason: string): void {
    this.#closedBecause = reason;
    this.#settle(
      () => true,
      (wait) => wait.reject(this.#outcomeUnknown(reason)),
    );
  }

  #expire(): void {
    this.#tick += 1;
    const reason = 'it is stored here, but was not confirmed by the backup storage in time';
    this.#settle(
      (wait) => this.#tick - wait.tick > TICKS_PER_DEADLINE,
      (wait) => wait.reject(this.#outcomeUnknown(reason)),
    );
  }

  #settle(isSettled: (wait: Wait) => boolean, settle: (wait: Wait) => void): void {
    const waiting: Wait[] = [];
    for (const wait of this.#waits) {
      if (isSettled(wait)) settle(wait);
      else waiting.push(wait);
    }
    this.#waits = waiting;
    if (waiting.length > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
