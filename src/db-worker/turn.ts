/**
 * One turn of the writer: a batch of commands in one transaction, their log rows beside it, then
 * the answers; then housekeeping, which nobody waits for. The worker and the in-process writer
 * differ only in where the commands come from.
 */
import { ScimError } from '../scim/errors.ts';
import { StoreError } from '../store/results.ts';
import type { Command } from '../store/commands.ts';
import type { Clock } from '../platform/clock.ts';
import { LIMITS } from '../platform/limits.ts';
import type { Connection } from '../sqlite/open.ts';
import { Checkpointer } from './checkpoint.ts';
import type { RequestLog } from './request-log.ts';
import { WriteEngine, type Outcome } from './write-engine.ts';

export class WriterTurn {
  readonly #engine: WriteEngine;
  readonly #checkpointer: Checkpointer;
  readonly #clock: Clock;
  readonly log: RequestLog;
  #mayHaveGarbage = true;

  /** @param warn takes one line for the operator */
  constructor(db: Connection, log: RequestLog, clock: Clock, warn: (message: string) => void) {
    this.#engine = new WriteEngine(db);
    this.#checkpointer = new Checkpointer(db, {
      duePages: LIMITS.checkpointPages,
      alarmPages: LIMITS.walPagesAlarm,
      warn,
    });
    this.#clock = clock;
    this.log = log;
  }

  get commitSequence(): number {
    return this.#engine.commitSequence;
  }

  get damaged(): StoreError | undefined {
    return this.#engine.damaged;
  }

  /** Commits the commands and writes their log rows. When it returns, answers may go out. */
  commit(commands: readonly Command[]): Outcome[] {
    const outcomes = commands.length === 0 ? [] : this.#engine.run(commands);
    const now = this.#clock.now();
    for (const [index, command] of commands.entries()) {
      if (command.kind === 'delete' || command.kind === 'deleteEndpoint')
        this.#mayHaveGarbage = true;
      const outcome = outcomes[index];
      if (outcome !== undefined) this.#logCommand(command, outcome, now);
    }
    this.log.flush();
    return outcomes;
  }

  /**
   * What can wait until the answers are on their way: a checkpoint when one is due, a slice of a
   * purge. Bounded, so that the next batch never waits long.
   * @returns whether to be called again at the next free turn
   */
  housekeeping(): boolean {
    if (this.#engine.damaged !== undefined) return false;
    this.#checkpointer.afterCommit();
    if (this.#mayHaveGarbage) this.#mayHaveGarbage = this.#engine.purge(LIMITS.purgeSliceRows);
    return this.#mayHaveGarbage;
  }

  /** Empties the WAL; for a quiet moment. */
  truncateWal(): boolean {
    return this.#engine.damaged === undefined && this.#checkpointer.truncate();
  }

  #logCommand(command: Command, outcome: Outcome, now: number): void {
    const entry = command.log;
    if (entry === undefined) return;
    this.log.add({
      ...entry,
      durationMs: now - entry.time,
      status: outcome.ok ? entry.status : statusOf(outcome.error),
      detail: outcome.ok ? outcome.warning : messageOf(outcome.error),
    });
  }
}

/** The status that http answers for the error; http owns the mapping of StoreError, which is 503. */
function statusOf(error: unknown): number {
  if (error instanceof ScimError) return error.status;
  return error instanceof StoreError ? 503 : 500;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
