/**
 * What keeps a command of a batch apart from its neighbours. A savepoint makes SQLite copy each page
 * that a command changes for the first time, which costs a create as much as one of its indexes; and
 * nearly every command that fails does so before it has written. So a batch is carried out without
 * savepoints. Where a command fails when it has written, the batch is done again with them, and so are
 * those that follow: whoever sends what fails like that makes no other batch twice.
 */
import { isDamage, isFull } from '../sqlite/error-code.ts';
import type { Connection } from '../sqlite/open.ts';

/** Batches with savepoints behind one that had to be done again. */
const CAREFUL_BATCHES = 32;

/** A command failed and has left something in the transaction: the batch must be done again. */
export class BatchSpoiled extends Error {}

export class Savepoints {
  readonly #db: Connection;
  readonly #open;
  readonly #release;
  readonly #rollbackTo;
  /** Batches that still have savepoints. */
  #carefulLeft = 0;
  #careful = false;
  #repeated = 0;

  constructor(db: Connection) {
    this.#db = db;
    this.#open = db.prepare('SAVEPOINT command');
    this.#release = db.prepare('RELEASE command');
    this.#rollbackTo = db.prepare('ROLLBACK TO command');
  }

  /** Batches that were done twice. */
  get repeated(): number {
    return this.#repeated;
  }

  /** @param repeatable whether the batch may be done twice; else it has savepoints */
  beginBatch(repeatable: boolean): void {
    this.#careful = this.#carefulLeft > 0 || !repeatable;
    if (this.#carefulLeft > 0) this.#carefulLeft -= 1;
  }

  /** The transaction of a spoiled batch has been rolled back: it comes again, then those behind it. */
  spoiled(): void {
    this.#carefulLeft = 1 + CAREFUL_BATCHES;
    this.#repeated += 1;
  }

  /** Before a command. */
  open(): void {
    if (this.#careful) this.#open.run();
  }

  /** The command has succeeded. */
  release(): void {
    if (this.#careful) this.#release.run();
  }

  /**
   * The command has failed: nothing of it stays. SQLite rolls the whole transaction back by itself
   * when it is full or cannot read or write: then no neighbour's work is left either, and the batch
   * fails as one.
   * @param wrote whether the command may have left something in the transaction
   * @throws the error when the batch fails as one; BatchSpoiled
   */
  undo(error: unknown, wrote: boolean): void {
    if (!this.#db.inTransaction || isFull(error) || isDamage(error)) throw error;
    if (this.#careful) {
      this.#rollbackTo.run();
      this.#release.run();
    } else if (wrote) {
      throw new BatchSpoiled('done again with savepoints', { cause: error });
    }
  }
}
