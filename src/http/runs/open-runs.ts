/**
 * Which endpoints have a run under way: their requests are logged in full. Kept in memory, because
 * each request asks; read from the log's file at start, after each change of a run, and now and then
 * while a run is open or nobody knows: the file may be begun anew, and runs with it.
 */
import type { Run, RunChange } from '../../store/request-logs.ts';
import type { Clock, RequestLogs } from '../ports.ts';

export class OpenRuns {
  readonly #logs: Pick<RequestLogs, 'endpointsWithRun' | 'changeRun'>;
  readonly #clock: Clock;
  readonly #lookMs: number;
  #endpoints: ReadonlySet<string> = new Set();
  #lookAt = Infinity;
  #looks = 0;

  /** @param clock monotonic */
  constructor(
    logs: Pick<RequestLogs, 'endpointsWithRun' | 'changeRun'>,
    clock: Clock,
    { runLookMs }: { readonly runLookMs: number },
  ) {
    this.#logs = logs;
    this.#clock = clock;
    this.#lookMs = runLookMs;
  }

  /** Of an endpoint, by id. */
  has(endpointId: string): boolean {
    if (this.#lookAt !== Infinity && this.#clock.now() >= this.#lookAt) {
      // Before it is answered nobody else looks.
      this.#lookAt = Infinity;
      void this.look();
    }
    return this.#endpoints.has(endpointId);
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
      const found = await this.#logs.endpointsWithRun();
      // A later look knows better.
      if (look === this.#looks) this.#endpoints = new Set(found);
    } catch {
      // The writer has told the operator, and whoever asks for a run hears it.
      isKnown = false;
    }
    if (look !== this.#looks) return;
    const isQuiet = isKnown && this.#endpoints.size === 0;
    this.#lookAt = isQuiet ? Infinity : this.#clock.now() + this.#lookMs;
  }
}
