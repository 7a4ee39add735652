/**
 * A loop that takes one step after another: at once while there is work, after a pause while steps
 * fail, else when it is woken or some time has passed. Steps never overlap.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

export interface StepLoopOptions {
  /** @returns whether there may be more to do at once */
  readonly step: () => Promise<boolean>;
  /** Between two steps while there is nothing to do and nobody wakes it. */
  readonly idleMs: number;
  /** After the nth failure in a row. */
  readonly backoffMs: (failures: number) => number;
  /** Told of each failed step. @returns whether to go on */
  readonly onFailure: (error: unknown, failures: number) => boolean;
  /** Told of each step that went well. */
  readonly onSuccess: () => void;
}

export class StepLoop {
  readonly #options: StepLoopOptions;
  readonly #ending = new AbortController();
  #awake = false;
  #endWait: (() => void) | undefined;
  #progressListeners: (() => void)[] = [];
  #running: Promise<void> | undefined;

  constructor(options: StepLoopOptions) {
    this.#options = options;
  }

  /** Aborts when the loop is to end; for what a step waits for. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** There may be work. A pause after a failure is not cut short. */
  wake(): void {
    this.#awake = true;
    this.#endWait?.();
  }

  /** Resolves after the next step, at the loop's end, or when the signal says so. */
  progress(signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#ending.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        signal.removeEventListener('abort', end);
        resolve();
      };
      signal.addEventListener('abort', end);
      this.#progressListeners.push(end);
    });
  }

  /** Resolves when no step runs and none will. */
  async stop(): Promise<void> {
    this.#ending.abort();
    this.#endWait?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { step, idleMs, backoffMs, onFailure, onSuccess } = this.#options;
    let failures = 0;
    while (!this.#ended()) {
      let busy = false;
      try {
        busy = await step();
        failures = 0;
        onSuccess();
      } catch (error) {
        if (this.#ended()) break;
        failures += 1;
        if (!onFailure(error, failures)) this.#ending.abort();
      }
      this.#tellProgress();
      if (failures > 0) await this.#wait(backoffMs(failures), false);
      else if (!busy) await this.#wait(idleMs, true);
      // Whoever wakes it at each step must not keep timers and answers from coming.
      await nextTurn();
    }
    this.#tellProgress();
  }

  #ended(): boolean {
    return this.#ending.signal.aborted;
  }

  async #wait(timeMs: number, wakeable: boolean): Promise<void> {
    if ((wakeable && this.#awake) || this.#ending.signal.aborted) {
      this.#awake = false;
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeMs);
      this.#endWait = () => {
        if (!wakeable && !this.#ending.signal.aborted) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.#endWait = undefined;
    if (wakeable) this.#awake = false;
  }

  #tellProgress(): void {
    const listeners = this.#progressListeners;
    this.#progressListeners = [];
    for (const listener of listeners) listener();
  }
}
