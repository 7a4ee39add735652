/**
 * Which endpoints have a run under way: their requests are logged in full. Kept in memory, because
 * each request asks; read from the log's file at start, after each change of a run, and now and then
 * while a run is open or nobody knows: the file may be begun anew, and runs with it. A run that is
 * over by itself raises nothing from that moment on.
 */
import type { Run, RunChange } from '../../store/request-logs.ts';
import { isOverdue } from '../../store/run-end.ts';
import type { Clock, RequestLogs } from '../ports.ts';

interface OpenRunLimits {
  readonly runLookMs: number;
  readonly runOpenMs: number;
}

export class OpenRuns {
  readonly #logs: Pick<RequestLogs, 'openRuns' | 'changeRun'>;
  readonly #clock: Clock;
  readonly #wallClock: Clock;
  readonly #limits: OpenRunLimits;
  /** When the run of an endpoint began. */
  #begun: ReadonlyMap<string, number> = new Map();
  #lookAt = Infinity;
  #looks = 0;

  /**
   * @param clock monotonic
   * @param wallClock which runs are begun by
   */
  constructor(
    logs: Pick<RequestLogs, 'openRuns' | 'changeRun'>,
    clock: Clock,
    wallClock: Clock,
    limits: OpenRunLimits,
  ) {
    this.#logs = logs;
    this.#clock = clock;
    this.#wallClock = wallClock;
    this.#limits = limits;
  }

  /** Of an endpoint, by id. */
  has(endpointId: string): boolean {
    if (this.#lookAt !== Infinity && this.#clock.now() >= this.#lookAt) {
      // Before it is answered nobody else looks.
      this.#lookAt = Infinity;
      void this.look();
    }
    const startedAt = this.#begun.get(endpointId);
    return startedAt !== undefined && this.#isOpen(startedAt);
  }

  /** As the store has it; when it resolves, the next request knows of it. */
  async change(change: RunChange): Promise<Run | undefined> {
    try {
      return await this.#logs.changeRun(change);
    } finally {
      // Also of one that failed nobody may know whether it was done.
      await this.look();
    }
  }

  /** Reads which runs are open. While the log cannot be read, what is known stays. Never rejects. */
  async look(): Promise<void> {
    this.#looks += 1;
    const look = this.#looks;
    let isKnown = true;
    try {
      const found = await this.#logs.openRuns();
      const open = found.filter(({ startedAt }) => this.#isOpen(startedAt));
      // A later look knows better.
      if (look === this.#looks) {
        this.#begun = new Map(open.map(({ endpointId, startedAt }) => [endpointId, startedAt]));
      }
    } catch {
      // The writer has told the operator, and whoever asks for a run hears it.
      isKnown = false;
    }
    if (look !== this.#looks) return;
    const isQuiet = isKnown && this.#begun.size === 0;
    this.#lookAt = isQuiet ? Infinity : this.#clock.now() + this.#limits.runLookMs;
  }

  #isOpen(startedAt: number): boolean {
    return !isOverdue(startedAt, this.#wallClock.now(), this.#limits.runOpenMs);
  }
}
