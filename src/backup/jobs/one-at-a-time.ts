/** Runs tasks one after another, in the order they came. One that is given up leaves the row at once. */
import { JobError } from './job-error.ts';

export class OneAtATime {
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param signal gives the task up while it waits; once it runs, it is the task's own
   * @throws JobError `cancelled`
   */
  run<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const before = this.#last;
    const result = this.#afterwards(before, task, signal);
    // Also for what comes behind one that was given up, those before it still run.
    this.#last = Promise.allSettled([before, result]);
    return result;
  }

  /** Resolves when nothing runs or waits. */
  async idle(): Promise<void> {
    await this.#last;
  }

  async #afterwards<T>(
    before: Promise<unknown>,
    task: () => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    await unlessAborted(before, signal);
    return task();
  }
}

function unlessAborted(turn: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void =>
      reject(new JobError('cancelled', 'the job was cancelled before it began'));
    if (signal.aborted) {
      giveUp();
      return;
    }
    signal.addEventListener('abort', giveUp, { once: true });
    void turn.then(() => {
      signal.removeEventListener('abort', giveUp);
      resolve();
    });
  });
}
