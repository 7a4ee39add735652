/**
 * One turn of the writer: a batch of commands in one transaction, their log rows beside it, then
 * the answers; then housekeeping, which nobody waits for. The worker and the in-process writer
 * differ only in where the commands come from.
 */
import type { StoreError } from '../store/results.ts';
import type { Clock } from '../platform/clock.ts';
import { LIMITS } from '../platform/limits.ts';
import { messageOf } from '../platform/thrown.ts';
import type { Connection } from '../sqlite/open.ts';
import type { BackgroundCheckpoint } from './background-checkpoint.ts';
import { Checkpointer } from './checkpoint.ts';
import { logEntryOf } from './log-entry.ts';
import type { RequestLog } from './request-log.ts';
import type { WalGate } from './wal-gate.ts';
import type { WalGeneration } from './wal-generation.ts';
import { WalKeeper } from './wal-keeper.ts';
import type { WalPin } from './wal-pin.ts';
import { WriterMetrics, type WriterFamily } from './writer-metrics.ts';
import { WriteEngine, type Outcome, type SliceEnd, type WriterCommand } from './write-engine.ts';

/** What it takes to keep the WAL for a backup; whoever made them closes them. */
export interface Spooling {
  readonly gate: WalGate;
  readonly pin: WalPin;
  readonly generation: WalGeneration;
}

/** A slice of a bulk counts as one without a look inside: asking for garbage costs one probe. */
const MAY_LEAVE_GARBAGE: ReadonlySet<WriterCommand['kind']> = new Set([
  'delete',
  'updateEndpoint',
  'deleteEndpoint',
  'bulkSlice',
]);

/** These may want other indexes than there are. */
const MAY_WANT_INDEXES: ReadonlySet<WriterCommand['kind']> = new Set([
  'createEndpoint',
  'updateEndpoint',
]);

const INDEX_SLICE = { rows: LIMITS.indexSliceRows, length: LIMITS.indexSliceLength };

export class WriterTurn {
  readonly #engine: WriteEngine;
  readonly #checkpointer: Checkpointer;
  readonly #gate: WalGate | undefined;
  readonly #keeper: WalKeeper | undefined;
  readonly #clock: Clock;
  readonly #log: RequestLog;
  readonly #warn: (message: string) => void;
  readonly #metrics = new WriterMetrics();
  #mayHaveGarbage = true;
  #mayHaveToBuild = true;
  /** Whether commands have come since the last housekeeping. */
  #busy = false;
  /** Batches that went before the next slice of new indexes. */
  #batchesBefore = 0;

  /**
   * @param warn takes one line for the operator
   * @param spooling undefined: no backup will ask for the WAL
   * @param background undefined: checkpoints are made on this thread
   */
  constructor(
    db: Connection,
    log: RequestLog,
    clock: Clock,
    warn: (message: string) => void,
    spooling?: Spooling,
    background?: BackgroundCheckpoint,
  ) {
    this.#engine = new WriteEngine(db);
    this.#checkpointer = new Checkpointer(db, {
      duePages: LIMITS.checkpointPages,
      resetPages: LIMITS.walResetPages,
      alarmPages: LIMITS.walPagesAlarm,
      warn,
      background,
    });
    this.#gate = spooling?.gate;
    this.#keeper =
      spooling &&
      new WalKeeper(
        { ...spooling, checkpointer: this.#checkpointer, clock },
        {
          nearPages: LIMITS.spoolNearPages,
          waitMs: LIMITS.spoolWaitMs,
          retryMs: LIMITS.spoolRetryMs,
        },
      );
    this.#clock = clock;
    this.#log = log;
    this.#warn = warn;
  }

  get commitSequence(): number {
    return this.#engine.commitSequence;
  }

  get damaged(): StoreError | undefined {
    return this.#engine.damaged;
  }

  /** Commits the commands and writes their log rows. When it returns, answers may go out. */
  commit(commands: readonly WriterCommand[]): (Outcome | SliceEnd)[] {
    const began = commands.length === 0 ? 0 : this.#clock.now();
    const outcomes = commands.length === 0 ? [] : this.#run(commands);
    if (commands.length > 0) this.#busy = true;
    const times = { began, ended: this.#clock.now() };
    for (const [index, command] of commands.entries()) {
      if (MAY_LEAVE_GARBAGE.has(command.kind)) this.#mayHaveGarbage = true;
      if (MAY_WANT_INDEXES.has(command.kind)) this.#mayHaveToBuild = true;
      const outcome = outcomes[index];
      // The row of a bulk comes when all of its slices are through.
      if (outcome === undefined || command.kind === 'bulkSlice') continue;
      const entry = logEntryOf(command, outcome, times);
      if (entry !== undefined) this.#log.add(entry);
    }
    this.#log.flush();
    return outcomes;
  }

  /** For what no command carries. */
  get log(): RequestLog {
    return this.#log;
  }

  /**
   * What can wait until the answers are on their way: a checkpoint when one is due, a slice of a
   * purge or of new indexes. Bounded, so that the next batch never waits long.
   * @returns whether to be called again at the next free turn
   */
  housekeeping(): boolean {
    // Here too: under load no turn is free.
    this.#log.housekeeping(this.#clock.now());
    if (this.#engine.damaged !== undefined) return false;
    this.#checkpointing(() => this.#checkpoint());
    const busy = this.#busy;
    this.#busy = false;
    if (this.#mayHaveGarbage) {
      this.#mayHaveGarbage = this.#purge();
      return this.#mayHaveGarbage || this.#mayHaveToBuild;
    }
    return this.#mayHaveToBuild && (this.#givesWay(busy) || this.#build());
  }

  /** For a scrape. */
  metrics(): WriterFamily[] {
    const checkpointer = this.#checkpointer;
    const { repeatedBatches } = this.#engine;
    return this.#metrics.families(
      repeatedBatches,
      checkpointer.status(),
      checkpointer.counts,
      this.#log,
    );
  }

  /** Whether a backup wants the WAL kept. */
  get gated(): boolean {
    return this.#gatedKeeper() !== undefined;
  }

  /** The backup begins: from here on the WAL keeps what is not spooled, and the gate says where it ends. */
  beginSpooling(): void {
    this.#gatedKeeper()?.begin(this.commitSequence);
  }

  /**
   * Empties the WAL; for a quiet moment.
   * @returns whether it is worth another try later, without a commit in between
   */
  truncateWal(): boolean {
    const keeper = this.#gatedKeeper();
    let again = false;
    this.#checkpointing(() => {
      if (keeper === undefined) this.#checkpointer.truncate();
      else again = !keeper.truncate();
    });
    return again;
  }

  /** Before the files close: empties the WAL, but for what the backup still has to spool. */
  finish(): void {
    const keeper = this.#gatedKeeper();
    this.#checkpointing(() => {
      if (keeper !== undefined) {
        keeper.finish();
        return;
      }
      this.#keeper?.end();
      this.#checkpointer.truncate();
    });
  }

  #run(commands: readonly WriterCommand[]): (Outcome | SliceEnd)[] {
    const before = this.commitSequence;
    const startMs = this.#clock.now();
    const outcomes = this.#engine.run(commands);
    this.#tellGate(before);
    this.#metrics.committed(operationsIn(commands), this.#clock.now() - startMs);
    return outcomes;
  }

  #purge(): boolean {
    const before = this.commitSequence;
    const removed = this.#engine.purge(LIMITS.purgeSliceRows);
    this.#tellGate(before);
    return removed;
  }

  /** Whether a slice waits for the next turn: a search can do without the index, a client not without an answer. */
  #givesWay(busy: boolean): boolean {
    this.#batchesBefore = busy ? this.#batchesBefore + 1 : LIMITS.indexSliceBatches;
    if (this.#batchesBefore < LIMITS.indexSliceBatches) return true;
    this.#batchesBefore = 0;
    return false;
  }

  /**
   * A full disk is for the next turn that has something to do; what else fails would fail again.
   * @returns whether there may be more
   */
  #build(): boolean {
    const before = this.commitSequence;
    try {
      const built = this.#engine.buildIndexes(INDEX_SLICE);
      this.#tellGate(before);
      this.#mayHaveToBuild = built ?? true;
      return built === true;
    } catch (error) {
      this.#mayHaveToBuild = false;
      this.#warn(`attribute indexes are left unfinished until the next start: ${messageOf(error)}`);
      return false;
    }
  }

  #tellGate(before: number): void {
    const sequence = this.commitSequence;
    if (sequence !== before) this.#gatedKeeper()?.committed(sequence);
  }

  /** A full disk fails a checkpoint as it fails a commit: the thread lives on and tries again. */
  #checkpointing(work: () => void): void {
    if (this.#engine.damaged !== undefined) return;
    try {
      work();
    } catch (error) {
      this.#metrics.checkpointFailed();
      this.#engine.checkpointFailed(error);
    }
  }

  #checkpoint(): void {
    const keeper = this.#gatedKeeper();
    if (keeper !== undefined) {
      keeper.housekeeping(this.commitSequence);
      return;
    }
    this.#keeper?.end();
    this.#checkpointer.afterCommit();
  }

  /** Asked each time: the backup switches the gate while the writer runs. */
  #gatedKeeper(): WalKeeper | undefined {
    return this.#gate?.gated === true ? this.#keeper : undefined;
  }
}

/** A slice of a bulk counts with what is in it. */
function operationsIn(commands: readonly WriterCommand[]): number {
  let operations = 0;
  for (const command of commands) {
    operations += command.kind === 'bulkSlice' ? command.units.length : 1;
  }
  return operations;
}
