/**
 * Group commit: many commands, one transaction, one sync of the disk. A command that fails takes
 * nothing with it (`savepoints.ts`); if COMMIT fails, every command of the batch fails.
 * A transaction that leaves frames in the WAL raises the commit sequence by exactly one, and one that
 * raises nothing leaves none: the backup counts on it. It knows no threads: the worker and the
 * in-process writer both drive it.
 */
import { assert } from '../platform/assert.ts';
import { isBusy, isDamage, isFull } from '../sqlite/error-code.ts';
import type { Connection } from '../sqlite/open.ts';
import { StateTable, type Sequences } from '../sqlite/tables/state.ts';
import { isResourceWrite, type Command, type ResourceWrite } from '../store/commands.ts';
import { StoreError, type WriteResult } from '../store/results.ts';
import { applySlice, type SliceAttempt, type Together } from './apply-bulk.ts';
import { CommandApplier, type Applied, type AppliedResult } from './apply-command.ts';
import type { BulkSlice, SliceOutcome } from './bulk-messages.ts';
import type { SliceBounds } from './index-build.ts';
import { BatchSpoiled, Savepoints } from './savepoints.ts';

/** What the writer takes: single commands, and slices of bulks. */
export type WriterCommand = Command | BulkSlice;

interface Failed {
  readonly ok: false;
  readonly error: unknown;
}

/** How a command ended; `warning` goes to the request log. */
export type Outcome =
  | {
      readonly ok: true;
      readonly result: WriteResult;
      readonly warning: string | undefined;
      /** Whom a PATCH or DELETE was about, for the log. */
      readonly about?: string | undefined;
      readonly operations?: undefined;
    }
  | Failed;

/** How a slice ended that was carried out: it tells of each operation that was begun. */
export interface SliceEnd {
  readonly ok: true;
  readonly operations: readonly SliceOutcome[];
  readonly warning?: undefined;
  readonly about?: undefined;
}

/** How a command went, before its transaction has ended. */
type Attempt =
  | (Applied & { readonly ok: true; readonly operations?: undefined })
  | { readonly ok: true; readonly operations: readonly SliceAttempt[] }
  | Failed;

export class WriteEngine {
  readonly #db: Connection;
  readonly #state: StateTable;
  readonly #applier: CommandApplier;
  readonly #sequences: Sequences;
  readonly #begin;
  readonly #commit;
  readonly #rollback;
  readonly #savepoints: Savepoints;
  #damaged: StoreError | undefined;

  /** @param db a migrated database, opened for writing */
  constructor(db: Connection) {
    this.#db = db;
    this.#state = new StateTable(db);
    const { commit, change } = this.#state.read();
    this.#sequences = { commit, change };
    this.#applier = new CommandApplier(db, () => ++this.#sequences.change);
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
    this.#rollback = db.prepare('ROLLBACK');
    this.#savepoints = new Savepoints(db);
  }

  /** Transactions committed so far, over the life of the database. */
  get commitSequence(): number {
    return this.#sequences.commit;
  }

  /** Batches that were done twice, because a command failed when it had written. */
  get repeatedBatches(): number {
    return this.#savepoints.repeated;
  }

  /** Set for good when SQLite reported damage: nothing is written or checkpointed any more. */
  get damaged(): StoreError | undefined {
    return this.#damaged;
  }

  /**
   * Carries out the commands in order, in one transaction. When it returns, every outcome that is
   * `ok` is durable. Never throws.
   */
  run(commands: readonly Command[]): Outcome[];
  run(commands: readonly WriterCommand[]): (Outcome | SliceEnd)[];
  run(commands: readonly WriterCommand[]): (Outcome | SliceEnd)[] {
    if (this.#damaged !== undefined) return failAll(commands, this.#damaged);
    return this.#batch(commands) ?? this.#again(commands);
  }

  /** @returns undefined: rolled back, to be done again with savepoints */
  #batch(commands: readonly WriterCommand[]): (Outcome | SliceEnd)[] | undefined {
    const before = { ...this.#sequences };
    const repeatable = commands.every(mayBeRepeated);
    try {
      this.#savepoints.beginBatch(repeatable);
      this.#begin.run();
      const attempts: Attempt[] = [];
      for (const command of commands) {
        attempts.push(
          command.kind === 'bulkSlice' ? this.#runSlice(command) : this.#runOne(command),
        );
      }
      this.#end(attempts.some(changes));
      return attempts.map((attempt) => outcomeOf(attempt, this.#sequences.commit));
    } catch (error) {
      this.#undo(before, repeatable ? 'as they were' : 'changed');
      if (error instanceof BatchSpoiled) return undefined;
      return failAll(commands, this.#storeError(error));
    }
  }

  #again(commands: readonly WriterCommand[]): (Outcome | SliceEnd)[] {
    this.#savepoints.spoiled();
    const outcomes = this.#batch(commands);
    assert(outcomes !== undefined, 'what has savepoints is not spoiled');
    return outcomes;
  }

  /**
   * Purges a bounded slice of deleted data in a transaction of its own.
   * @returns whether it removed anything; then there may be more
   */
  purge(limit: number): boolean {
    if (this.#damaged !== undefined) return false;
    const before = { ...this.#sequences };
    try {
      this.#begin.run();
      const removed = this.#applier.purgeSlice(limit);
      this.#end(removed);
      return removed;
    } catch (error) {
      this.#undo(before);
      this.#storeError(error);
      return false;
    }
  }

  /**
   * Builds a bounded slice of new indexes in a transaction of its own.
   * @returns whether it wrote anything; then there may be more. Undefined: it could not now
   * @throws what no other try would do better
   */
  buildIndexes(bounds: SliceBounds): boolean | undefined {
    if (this.#damaged !== undefined) return undefined;
    const before = { ...this.#sequences };
    try {
      this.#begin.run();
      const built = this.#applier.buildSlice(bounds);
      this.#end(built);
      return built;
    } catch (error) {
      this.#undo(before);
      if (this.#storeError(error) === error) throw error;
      return undefined;
    }
  }

  /**
   * A checkpoint failed. A full disk or a lock is for the next attempt; damage stops writing for good.
   * @throws the error, when it is neither
   */
  checkpointFailed(error: unknown): void {
    if (this.#storeError(error) === error) throw error;
  }

  /**
   * COMMIT would write a frame although nothing changed, when a savepoint that was rolled back had
   * touched a page: a transaction that no sequence counts.
   */
  #end(changed: boolean): void {
    if (!changed) {
      this.#rollback.run();
      return;
    }
    this.#sequences.commit += 1;
    this.#state.write(this.#sequences);
    this.#commit.run();
  }

  #runOne(command: Command): Attempt {
    this.#savepoints.open();
    try {
      const applied = this.#applier.apply(command);
      this.#savepoints.release();
      return { ok: true, ...applied };
    } catch (error) {
      this.#savepoints.undo(error, this.#applier.wrote);
      return { ok: false, error };
    }
  }

  #runSlice(slice: BulkSlice): Attempt {
    return { ok: true, operations: applySlice(slice, (commands) => this.#runTogether(commands)) };
  }

  #runTogether(commands: readonly ResourceWrite[]): Together {
    const applied: Applied[] = [];
    this.#savepoints.open();
    try {
      for (const command of commands) applied.push(this.#applier.apply(command));
      this.#savepoints.release();
      return { ok: true, applied };
    } catch (error) {
      this.#savepoints.undo(error, this.#applier.wrote || applied.length > 0);
      return { ok: false, error, at: applied.length };
    }
  }

  /** @param endpoints `as they were` when nothing in the transaction can have changed one */
  #undo(before: Sequences, endpoints: 'as they were' | 'changed' = 'changed'): void {
    if (this.#db.inTransaction) this.#rollback.run();
    this.#sequences.commit = before.commit;
    this.#sequences.change = before.change;
    this.#applier.rolledBack(endpoints);
  }

  #storeError(error: unknown): unknown {
    if (isFull(error)) {
      return new StoreError('full', 'the disk is full; nothing was written', { cause: error });
    }
    if (isBusy(error)) {
      const message = 'another process holds the database; nothing was written';
      return new StoreError('overloaded', message, { cause: error });
    }
    if (isDamage(error)) {
      const message = `the database cannot be written (${String(error)}); writes stop until an operator has looked at it`;
      this.#damaged = new StoreError('unavailable', message, { cause: error });
      return this.#damaged;
    }
    return error;
  }
}

/** Commands of operators leave traces beside the transaction: watches, what a credential was told. */
function mayBeRepeated(command: WriterCommand): boolean {
  return command.kind === 'bulkSlice' || isResourceWrite(command);
}

function changes(attempt: Attempt): boolean {
  if (!attempt.ok) return false;
  if (attempt.operations === undefined) return attempt.result.changed;
  return attempt.operations.some(
    ({ outcome }) => outcome.kind === 'done' && outcome.result.changed,
  );
}

function outcomeOf(attempt: Attempt, sequence: number): Outcome | SliceEnd {
  if (!attempt.ok) return attempt;
  if (attempt.operations === undefined)
    return { ...attempt, result: numbered(attempt.result, sequence) };
  const operations = attempt.operations.map(({ position, outcome, warning }) => {
    if (outcome.kind !== 'done') return { position, outcome, warning };
    const result = numbered(outcome.result, sequence);
    return { position, outcome: { kind: outcome.kind, result }, warning };
  });
  return { ok: true, operations };
}

function numbered(result: AppliedResult, sequence: number): WriteResult {
  return { ...result, sequence };
}

function failAll(commands: readonly WriterCommand[], error: unknown): Failed[] {
  return commands.map(() => ({ ok: false, error }));
}
