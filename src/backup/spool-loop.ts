/**
 * When the spooler comes through: once in an interval while there are commits, at once when the
 * writer asks, and with `ACK=remote` at every commit, as soon as the first storage has taken what
 * came before. It also keeps the spool within its bound.
 */
import type { WalGate } from '../db-worker/wal-gate.ts';
import type { Shipper } from './shipper.ts';
import type { Spool } from './spool.ts';
import type { Spooler } from './spooler.ts';

export interface SpoolLoopParts {
  readonly gate: WalGate;
  readonly spool: Spool;
  readonly spooler: Spooler;
  /** In the order of trust. */
  readonly shippers: () => readonly Shipper[];
  readonly intervalMs: number;
  /** Every commit wakes the loop: somebody waits for it. */
  readonly atOnce: boolean;
  readonly spoolBytesMax: number;
  /** After each pass. */
  readonly onTick: () => void;
  readonly warn: (message: string) => void;
}

/** How often a commit that a reader has seen already is looked for; it is published within a turn. */
const PUBLISH_POLL_MS = 2;
const PUBLISH_POLLS = 500;

export class SpoolLoop {
  readonly #parts: SpoolLoopParts;
  #ending = new AbortController();
  #held = false;
  #failing = false;
  #bytesSpooled = 0;
  #running: Promise<void> | undefined;

  constructor(parts: SpoolLoopParts) {
    this.#parts = parts;
  }

  /** Bytes of segments since the process began. */
  get bytesSpooled(): number {
    return this.#bytesSpooled;
  }

  /** Also again after `stop`. */
  start(): void {
    this.#ending = new AbortController();
    this.#parts.gate.setWakeOnCommit(this.#parts.atOnce);
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    this.#parts.gate.wake();
    await this.#running;
  }

  /** The last pass, after the last commit. */
  passAtEnd(): void {
    this.#pass();
  }

  /**
   * Makes a commit the end of a segment.
   * @returns false when a segment goes past it already
   */
  async cutAt(sequence: number): Promise<boolean> {
    const { gate, spooler } = this.#parts;
    this.#held = true;
    try {
      for (let poll = 0; gate.committed().sequence < sequence; poll += 1) {
        if (poll === PUBLISH_POLLS) return false;
        await delay(PUBLISH_POLL_MS);
      }
      if (spooler.sequence < sequence) this.#pass(sequence);
      return spooler.sequence === sequence;
    } finally {
      this.#held = false;
    }
  }

  async #run(): Promise<void> {
    const { gate, intervalMs, atOnce, onTick } = this.#parts;
    while (!this.#ended()) {
      await gate.waitForWork(intervalMs);
      if (this.#held || this.#ended()) continue;
      if (atOnce) await this.#firstCaughtUp();
      this.#pass();
      onTick();
    }
  }

  #ended(): boolean {
    return this.#ending.signal.aborted;
  }

  /** What commits meanwhile goes into one segment: so the waits are shared, like the commits. */
  async #firstCaughtUp(): Promise<void> {
    const first = this.#parts.shippers()[0];
    const limit = AbortSignal.any([
      AbortSignal.timeout(this.#parts.intervalMs),
      this.#ending.signal,
    ]);
    await first?.flush(limit);
  }

  #pass(upTo?: number): void {
    const { gate, spooler, warn } = this.#parts;
    this.#keepWithinBound();
    try {
      if (spooler.closed) spooler.reopen();
      const segment = spooler.pass(upTo);
      this.#failing = false;
      this.#bytesSpooled += segment?.bytes ?? 0;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      // The first time it may be a full disk that giving up a backlog makes room on.
      if (!this.#failing) {
        warn(`the spool cannot be written: ${reason}`);
        this.#dropLongestBacklog();
      } else if (gate.gated) {
        spooler.close(reason);
      }
      this.#failing = true;
    }
    this.#removeShipped();
    for (const shipper of this.#parts.shippers()) shipper.wake();
  }

  #keepWithinBound(): void {
    const { spool, spoolBytesMax, warn } = this.#parts;
    this.#removeShipped();
    if (spool.bytes < spoolBytesMax) return;
    warn(`the spool is full (${spool.bytes} bytes): a storage has been away for too long`);
    while (spool.bytes >= spoolBytesMax && this.#dropLongestBacklog());
  }

  /**
   * Of the storage that lags most; the others go on without a gap.
   * @returns false when nothing waits for any storage
   */
  #dropLongestBacklog(): boolean {
    const waitingBytes = (shipper: Shipper): number => {
      const { state, waitingBytes } = shipper.status();
      return state === 'fenced' ? 0 : waitingBytes;
    };
    const [longest] = this.#parts.shippers().toSorted((a, b) => waitingBytes(b) - waitingBytes(a));
    if (longest === undefined || waitingBytes(longest) === 0) return false;
    longest.dropBacklog();
    this.#removeShipped();
    return true;
  }

  #removeShipped(): void {
    const shippers = this.#parts.shippers();
    this.#parts.spool.removeWhere((segment) => !shippers.some((shipper) => shipper.needs(segment)));
  }
}

function delay(timeMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, timeMs);
  });
}
