/**
 * The gate between the writer and the spool of the backup, in shared memory: how far the WAL is
 * committed, how far it is spooled, and who wants to be woken. It must never make the writer wait
 * for the spool unless the writer asks to, and neither side ever reads half of what the other wrote.
 * The writer is the only one that publishes commits, the spool the only one that publishes positions.
 */

/** The end of the WAL after a commit. `generation` 0: nothing was published yet. */
export interface CommittedWal {
  /** Counts the times the WAL began anew since the process began, from 1. */
  readonly generation: number;
  /** Frames of that generation, all of them committed. */
  readonly frames: number;
  /** Commit sequence of the last one. */
  readonly sequence: number;
}

/** The place in the WAL up to which everything is safe in the spool. */
export interface SpooledWal {
  readonly generation: number;
  readonly frames: number;
}

// Places in the buffer, counted in 32-bit cells.

/** Commits published; its lowest bit says which of the two records below is the newest. */
const VERSION = 0;
/** Two records of generation, frames, and the sequence's low and high half. */
const RECORDS = 1;
const RECORD_CELLS = 4;
/** Positions published by the spool. */
const SPOOL_VERSION = 9;
/** Reasons for the spool to look; grows. */
const WORK = 10;
const GATED = 11;
const WAKE_ON_COMMIT = 12;
const MAY_OPEN = 13;
const BYTES = 64;
/** The spool's position, in one 64-bit cell: generation above, frames below. */
const SPOOLED_BYTE_OFFSET = 56;

const TWO_32 = 2 ** 32;

export class WalGate {
  readonly buffer: SharedArrayBuffer;
  readonly #cells: Int32Array<SharedArrayBuffer>;
  readonly #spooled: BigUint64Array<SharedArrayBuffer>;
  #seenSpoolVersion = 0;
  #seenWork = 0;

  static create(): WalGate {
    return new WalGate(new SharedArrayBuffer(BYTES));
  }

  /** @param buffer of another thread's gate; each thread has one gate on it */
  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.#cells = new Int32Array(buffer);
    this.#spooled = new BigUint64Array(buffer, SPOOLED_BYTE_OFFSET, 1);
  }

  /** Whether checkpoints wait for the spool. */
  get gated(): boolean {
    return Atomics.load(this.#cells, GATED) === 1;
  }

  /** The database is the right one now: the writer's thread may open it. */
  allowOpen(): void {
    Atomics.store(this.#cells, MAY_OPEN, 1);
    Atomics.notify(this.#cells, MAY_OPEN);
  }

  /** Writer: blocks its thread until `allowOpen`. */
  waitMayOpen(): void {
    Atomics.wait(this.#cells, MAY_OPEN, 0);
  }

  /** Writer: after each COMMIT, before housekeeping. Allocates nothing. */
  publish({ generation, frames, sequence }: CommittedWal): void {
    const cells = this.#cells;
    const version = (Atomics.load(cells, VERSION) + 1) | 0;
    // The record that nobody is told of yet: a reader of the other one is not disturbed.
    const record = recordOf(version);
    Atomics.store(cells, record, generation);
    Atomics.store(cells, record + 1, frames);
    Atomics.store(cells, record + 2, (sequence % TWO_32) | 0);
    Atomics.store(cells, record + 3, Math.floor(sequence / TWO_32));
    Atomics.store(cells, VERSION, version);
    if (Atomics.load(cells, WAKE_ON_COMMIT) === 1) this.wake();
  }

  /** Writer: the spool should come through at once. */
  demandSpool(): void {
    this.wake();
  }

  /** Writer: what the spool published last. */
  spooled(): SpooledWal {
    // The version first: a position published in between makes `waitSpooled` return at once.
    this.#seenSpoolVersion = Atomics.load(this.#cells, SPOOL_VERSION);
    const packed = Atomics.load(this.#spooled, 0);
    return { generation: Number(packed >> 32n), frames: Number(packed & 0xffff_ffffn) };
  }

  /**
   * Writer: blocks its thread until the spool has published a position since `spooled` was last read.
   * @returns false when the time is over
   */
  waitSpooled(timeoutMs: number): boolean {
    return (
      Atomics.wait(this.#cells, SPOOL_VERSION, this.#seenSpoolVersion, timeoutMs) !== 'timed-out'
    );
  }

  /** Spool: the newest commit. One consistent triple, and never a wait for the writer. */
  committed(): CommittedWal {
    const cells = this.#cells;
    for (;;) {
      const version = Atomics.load(cells, VERSION);
      const record = recordOf(version);
      const generation = Atomics.load(cells, record);
      const frames = Atomics.load(cells, record + 1);
      const low = Atomics.load(cells, record + 2) >>> 0;
      const high = Atomics.load(cells, record + 3);
      // This record is written again only after the next version has been told.
      if (Atomics.load(cells, VERSION) === version) {
        return { generation, frames, sequence: high * TWO_32 + low };
      }
    }
  }

  /** Spool: everything up to here is durable in the spool. */
  publishSpooled({ generation, frames }: SpooledWal): void {
    Atomics.store(this.#spooled, 0, (BigInt(generation) << 32n) | BigInt(frames));
    Atomics.add(this.#cells, SPOOL_VERSION, 1);
    Atomics.notify(this.#cells, SPOOL_VERSION);
  }

  /** The writer follows at its next commit; at once when `Writer.beginSpooling` is called. */
  setGated(gated: boolean): void {
    Atomics.store(this.#cells, GATED, gated ? 1 : 0);
  }

  /** `ACK=remote`: every commit wakes the spool. */
  setWakeOnCommit(on: boolean): void {
    Atomics.store(this.#cells, WAKE_ON_COMMIT, on ? 1 : 0);
  }

  /**
   * Spool: resolves on a demand, on a commit when commits wake, on `wake`, or after the time; at
   * once when one of these came since the last call. One call at a time.
   */
  async waitForWork(timeoutMs: number): Promise<void> {
    const cells = this.#cells;
    const waiting = Atomics.waitAsync(cells, WORK, this.#seenWork);
    if (waiting.async) {
      // A timer of our own: the one of waitAsync stays in memory for its full time after a wake,
      // 400 bytes each, and does not keep the thread alive.
      const timer = setTimeout(() => Atomics.notify(cells, WORK), timeoutMs);
      await waiting.value;
      clearTimeout(timer);
    }
    this.#seenWork = Atomics.load(cells, WORK);
  }

  /** From any thread: `waitForWork` resolves. */
  wake(): void {
    Atomics.add(this.#cells, WORK, 1);
    Atomics.notify(this.#cells, WORK);
  }
}

function recordOf(version: number): number {
  return RECORDS + (version & 1) * RECORD_CELLS;
}
