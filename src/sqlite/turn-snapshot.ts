/**
 * One read transaction for all reads of an event-loop turn: opening and closing one takes file locks,
 * which cost more than the read itself. It must be ended before anybody is told of a newer commit,
 * or a client would not read its own write; and it never outlives the turn, because it holds back
 * the reset of the WAL.
 */
import type { Reader } from './reader.ts';

export class TurnSnapshot {
  readonly #reader: Reader;
  /** Ours alone on this connection, so that nobody need ask SQLite, which costs a native call. */
  #open = false;
  #scheduled = false;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  /** Before each read: opens the snapshot unless this turn has one. */
  use(): void {
    if (this.#open) return;
    this.#reader.beginSnapshot();
    this.#open = true;
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.end();
    });
  }

  /** Reads from here on see what has been committed since. */
  end(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#reader.endSnapshot();
  }
}
