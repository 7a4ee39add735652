/**
 * The writer of the backup's lab on the test's own thread, as `WriterTurn` and the host compose it, but with bounds so
 * small that the WAL is checkpointed and begins anew all the time. Nothing happens by itself: each
 * commit, purge and housekeeping is a call.
 */
import { CHANGE_JUMP } from '../../src/backup/raise-versions.ts';
import { Checkpointer } from '../../src/db-worker/checkpoint.ts';
import { openData } from '../../src/db-worker/data-files.ts';
import type { WalGate } from '../../src/db-worker/wal-gate.ts';
import { WalGeneration } from '../../src/db-worker/wal-generation.ts';
import { WalKeeper } from '../../src/db-worker/wal-keeper.ts';
import { WalPin } from '../../src/db-worker/wal-pin.ts';
import { WriteEngine, type Outcome } from '../../src/db-worker/write-engine.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { hashContents } from '../../src/sqlite/contents.ts';
import type { Connection } from '../../src/sqlite/open.ts';
import { StateTable } from '../../src/sqlite/tables/state.ts';
import type { Command } from '../../src/store/commands.ts';
import { FIRST_ENDPOINT } from './lab-commands.ts';

const DUE_PAGES = 8;
const RESET_PAGES = 24;
const NEAR_PAGES = 8;
const PURGE_ROWS = 3;

export class LabWriter {
  readonly #gate: WalGate;
  readonly #pin: WalPin;
  readonly #generation: WalGeneration;
  readonly #db: Connection;
  readonly #engine: WriteEngine;
  readonly #checkpointer: Checkpointer;
  readonly #keeper: WalKeeper;

  constructor(path: string, gate: WalGate, clock: Clock) {
    this.#gate = gate;
    this.#pin = new WalPin(path);
    this.#generation = new WalGeneration(path);
    const now = Math.floor(clock.now());
    this.#db = openData(path, { synchronous: 'NORMAL' }, now, FIRST_ENDPOINT);
    this.#engine = new WriteEngine(this.#db);
    this.#checkpointer = new Checkpointer(this.#db, {
      duePages: DUE_PAGES,
      resetPages: RESET_PAGES,
      alarmPages: 1e9,
      warn: () => undefined,
    });
    this.#keeper = new WalKeeper(
      {
        gate,
        pin: this.#pin,
        generation: this.#generation,
        checkpointer: this.#checkpointer,
        clock,
      },
      { nearPages: NEAR_PAGES, waitMs: 1, retryMs: 0 },
    );
  }

  get sequence(): number {
    return this.#engine.commitSequence;
  }

  /** Times the WAL has begun anew since this writer was opened, and one more. */
  get generation(): number {
    return this.#generation.number;
  }

  get databaseId(): string {
    return new StateTable(this.#db).read().databaseId;
  }

  /** Of everything the database holds now. */
  contentHash(): string {
    return hashContents(this.#db);
  }

  /** Of everything it held before a start raised the versions of what it had restored. */
  restoredHash(): string {
    this.#db.exec('BEGIN');
    try {
      const { commit, change } = new StateTable(this.#db).read();
      new StateTable(this.#db).write({ commit: commit - 1, change: change - CHANGE_JUMP });
      return hashContents(this.#db);
    } finally {
      this.#db.exec('ROLLBACK');
    }
  }

  beginSpooling(): void {
    this.#gate.setGated(true);
    this.#keeper.begin(this.sequence);
  }

  /** One transaction. */
  commit(commands: readonly Command[]): Outcome[] {
    return this.#telling(() => this.#engine.run(commands));
  }

  /** @returns whether there may be more to remove */
  purge(): boolean {
    return this.#telling(() => this.#engine.purge(PURGE_ROWS));
  }

  housekeeping(): void {
    if (this.#gate.gated) {
      this.#keeper.housekeeping(this.sequence);
      return;
    }
    this.#keeper.end();
    this.#checkpointer.afterCommit();
  }

  /** What a quiet moment brings. */
  truncateWal(): void {
    if (this.#gate.gated) this.#keeper.truncate();
    else this.#checkpointer.truncate();
  }

  close(): void {
    if (this.#gate.gated) this.#keeper.finish();
    else {
      this.#keeper.end();
      this.#checkpointer.truncate();
    }
    this.abandon();
  }

  /** Lets go of the files without any last work: for a process that was killed, whose files were copied. */
  abandon(): void {
    this.#db.close();
    this.#generation.close();
    this.#pin.close();
  }

  #telling<T>(work: () => T): T {
    const before = this.sequence;
    const result = work();
    if (this.sequence !== before && this.#gate.gated) this.#keeper.committed(this.sequence);
    return result;
  }
}
