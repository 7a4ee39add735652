/** What a run adds up, whoever drives it: answers, their times, complaints. */
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { ClientLoad } from './client-load.ts';
import type { Outcome } from './drive.ts';

const COMPLAINTS_MAX = 5;

export class Tally {
  readonly #latencyUs: RecordableHistogram = createHistogram();
  readonly #complaints: string[] = [];
  readonly #tenths: number[] = [];
  #answered = 0;
  #wrong = 0;
  #wireBytes = 0;
  #startedMs = 0;
  #lastAnsweredMs = 0;

  /** @param startedMs when the first request left, or was due */
  answered(us: number, wireBytes: number, nowMs: number, startedMs: number): void {
    this.#latencyUs.record(us);
    this.#answered += 1;
    this.#wireBytes += wireBytes;
    this.#startedMs = startedMs;
    this.#lastAnsweredMs = nowMs;
    const tenth = Math.floor((nowMs - startedMs) / 100);
    while (this.#tenths.length <= tenth) this.#tenths.push(0);
    this.#tenths[tenth] = (this.#tenths[tenth] ?? 0) + 1;
  }

  /**
   * Requests that got no answer. Their times count, or the slowest of all would be missing.
   * @param waitedUs of each, so far
   */
  unanswered(waitedUs: readonly number[]): void {
    for (const us of waitedUs) this.#latencyUs.record(us);
    const { length } = waitedUs;
    if (length > 0) this.complain(`${length} requests were never answered`);
  }

  /** One wrong answer. */
  complain(line: string): void {
    this.#wrong += 1;
    if (this.#complaints.length < COMPLAINTS_MAX) this.#complaints.push(line);
  }

  outcome(sent: number, client: ClientLoad): Outcome {
    return {
      sent,
      answered: this.#answered,
      wrong: this.#wrong,
      complaints: this.#complaints,
      startedMs: this.#startedMs,
      seconds: (this.#lastAnsweredMs - this.#startedMs) / 1000,
      latencyUs: this.#latencyUs,
      tenths: this.#tenths,
      wireBytes: this.#wireBytes,
      client,
    };
  }
}
