/**
 * The checkpoint policy while a backup reads the WAL: nothing in it is overwritten before the spool
 * holds it. Until then the pin keeps every frame in the `-wal` file, also for the next process after
 * a kill -9. Checkpoints go on as without a backup; only to begin the WAL anew takes the spool's
 * word. A spool that is stuck lets the WAL grow and an operator hear of it, and never stops writing.
 */
import type { Clock } from '../platform/clock.ts';
import { heldByReader, type Checkpointer, type WalStatus } from './checkpoint.ts';
import type { SpooledWal, WalGate } from './wal-gate.ts';
import type { WalGeneration } from './wal-generation.ts';
import type { WalPin } from './wal-pin.ts';

export interface WalKeeperOptions {
  /** So few frames left to spool that waiting for them is short. */
  readonly nearPages: number;
  /** How long the writer waits for the spool, or for a reader, to begin the WAL anew. */
  readonly waitMs: number;
  /** From one attempt that a reader made fail to the next. */
  readonly retryMs: number;
}

/** Of the time, one part in this many goes to waiting for the spool, at most. */
const WAIT_SHARE = 4;

/** What the keeper works with; whoever made them closes them. */
export interface WalKeeperParts {
  readonly gate: WalGate;
  readonly checkpointer: Checkpointer;
  readonly pin: WalPin;
  readonly generation: WalGeneration;
  readonly clock: Clock;
}

export class WalKeeper {
  readonly #parts: WalKeeperParts;
  readonly #options: WalKeeperOptions;
  /** The pin was taken when everything was checkpointed: the next commit may begin the WAL anew. */
  #loose = true;
  /** Generation that was published last. */
  #published = 0;
  #retryAt = -Infinity;
  /** Where the spool stood when it was last asked to hurry: it is asked once for each position. */
  #demandedAt: SpooledWal | undefined;

  constructor(parts: WalKeeperParts, options: WalKeeperOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  /** From here on no frame is lost to the spool. Does nothing when it has begun before. */
  begin(sequence: number): void {
    const { checkpointer, gate, generation, pin } = this.#parts;
    if (pin.held) return;
    this.#pin();
    const { pages } = checkpointer.status();
    gate.publish({ generation: generation.look(), frames: pages, sequence });
  }

  /** The backup has ended: checkpoints wait for nobody. */
  end(): void {
    this.#parts.pin.close();
  }

  /** After each COMMIT: tells the spool. Took 17 µs on a busy machine. */
  committed(sequence: number): void {
    const { checkpointer, gate, pin } = this.#parts;
    if (!pin.held) {
      this.begin(sequence);
      return;
    }
    const { pages } = checkpointer.status();
    const number = this.#generation();
    if (number !== this.#published) this.#retryAt = -Infinity;
    this.#published = number;
    gate.publish({ generation: number, frames: pages, sequence });
  }

  /** After the answers are on their way: moves the pin, checkpoints, begins the WAL anew. */
  housekeeping(sequence: number): void {
    this.begin(sequence);
    const { checkpointer } = this.#parts;
    const status = checkpointer.status();
    const stretch = checkpointer.stretch(status.pages);
    // What is copied beside goes up to where the pin was when it began.
    const due = checkpointer.due(status) && !checkpointer.busy;
    if (due || (this.#loose && !checkpointed(status))) this.#pin();
    if (due && stretch < 2) checkpointer.passive();
    if (stretch >= 1 && !this.#loose) this.#startAnew(status.pages, stretch);
    // Of a WAL so long the writer copies the rest itself, if it may begin anew at once.
    if (due && stretch >= 2) checkpointer.passive();
    checkpointer.watch(status.pages, () => this.#whyLong(status.pages));
  }

  /**
   * Empties the WAL at a quiet moment, if the spool holds all of it; else asks the spool to hurry.
   * @returns false when there is something left to empty
   */
  truncate(): boolean {
    const { checkpointer, gate } = this.#parts;
    if (this.#loosen(0)) return checkpointer.truncate();
    gate.demandSpool();
    return false;
  }

  /**
   * Before the writer's connection closes. What is not spooled stays in the file, because the pin's
   * connections close after the writer's; else they close here, and SQLite deletes the WAL.
   */
  finish(): void {
    if (this.truncate()) this.#parts.pin.close();
  }

  #pin(): void {
    const { checkpointer, generation, pin } = this.#parts;
    pin.hold();
    generation.look();
    // Asked afterwards: whoever checkpoints in between can only make us move the pin once too often.
    this.#loose = checkpointed(checkpointer.status());
  }

  /** Behind a pin that is not loose nobody can begin the WAL anew; behind a loose one anybody can. */
  #generation(): number {
    const { generation } = this.#parts;
    return this.#loose ? generation.look() : generation.number;
  }

  /**
   * Copies everything into the database file and moves the pin behind it, so that the next commit may
   * begin the WAL anew. There is always a pin: what somebody else commits meanwhile lies behind it,
   * is not copied, and so stays in the WAL until the spool has counted it.
   * @returns false when the spool lacks something, or a reader held some back for longer than `waitMs`
   */
  #loosen(waitMs: number): boolean {
    const { checkpointer } = this.#parts;
    // Before the pin is moved: where all is copied already, the new one is loose at once.
    if (!this.#isSpooled()) return false;
    this.#pin();
    // And behind it, because what came in between will be copied.
    if (!this.#isSpooled()) return false;
    checkpointer.full(waitMs);
    this.#pin();
    return this.#loose;
  }

  #isSpooled(): boolean {
    const { checkpointer, gate } = this.#parts;
    return this.#left(gate.spooled(), checkpointer.status().pages) <= 0;
  }

  #startAnew(pages: number, stretch: number): void {
    const { checkpointer, clock, gate } = this.#parts;
    const { nearPages, retryMs, waitMs } = this.#options;
    const spooled = gate.spooled();
    const left = this.#left(spooled, pages);
    if (left > 0) this.#demand(spooled);
    // The longer the WAL, the more is worth waiting for: each commit makes it longer, and one that
    // outgrows its file costs every commit more. A spool that is stuck falls behind this for good.
    if (left > nearPages * stretch || clock.now() < this.#retryAt) return;
    if (!checkpointer.maySettle()) return;
    if (left > 0 && !this.#awaitSpool(pages, waitMs * stretch)) {
      this.#retryAt = clock.now() + waitMs * stretch * WAIT_SHARE;
      return;
    }
    // A long scan of a filter worker may hold the WAL: short of need, nobody waits for it.
    const readerMs = stretch > 1 ? waitMs : 0;
    if (this.#loosen(readerMs) && readerMs > 0) checkpointer.restart(readerMs);
    // Until the WAL has begun anew: a reader may have come in between.
    this.#retryAt = clock.now() + retryMs;
  }

  /** Blocks the thread, so that nothing is committed and the spool can come to the end. */
  #awaitSpool(pages: number, waitMs: number): boolean {
    const { clock, gate } = this.#parts;
    const deadline = clock.now() + waitMs;
    for (let leftMs = waitMs; leftMs > 0; leftMs = deadline - clock.now()) {
      if (!gate.waitSpooled(leftMs)) return false;
      const spooled = gate.spooled();
      if (this.#left(spooled, pages) === 0) return true;
      this.#demand(spooled);
    }
    return false;
  }

  #demand(spooled: SpooledWal): void {
    const last = this.#demandedAt;
    if (last?.generation === spooled.generation && last.frames === spooled.frames) return;
    this.#demandedAt = spooled;
    this.#parts.gate.demandSpool();
  }

  /** Frames of the WAL that the spool does not hold. */
  #left({ generation, frames }: SpooledWal, pages: number): number {
    return generation === this.#generation() ? pages - frames : pages;
  }

  #whyLong(pages: number): string {
    const left = this.#left(this.#parts.gate.spooled(), pages);
    if (left <= this.#options.nearPages) return heldByReader();
    return `the backup has not spooled ${left} of them; look at the backup's status`;
  }
}

function checkpointed({ pages, checkpointedPages }: WalStatus): boolean {
  return pages === checkpointedPages;
}
