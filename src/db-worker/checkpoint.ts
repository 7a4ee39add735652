/**
 * The checkpoint policy: little at a time and often, because a large WAL would make one checkpoint
 * long. PASSIVE never waits for a reader; what a pinned reader holds back is carried over at the
 * next turn. It runs on the thread beside, where there is one; the writer itself copies only the
 * little that is left when the WAL is to begin anew, which no commit may come in between. Where a
 * backup reads the WAL, `WalKeeper` decides when, with the same means.
 */
import type { BackgroundCheckpoint } from './background-checkpoint.ts';
import type { Connection } from '../sqlite/open.ts';

export interface WalStatus {
  /** Frames in the WAL, all of them committed. */
  readonly pages: number;
  /** Of these, how many the database file holds already. */
  readonly checkpointedPages: number;
}

export interface CheckpointCounts {
  /** Asked of the thread beside. */
  readonly beside: number;
  /** Made by the writer itself. */
  readonly here: number;
  /** Of these, those that a reader did not let come to the end. */
  readonly held: number;
}

interface CheckpointRow {
  readonly busy: number;
  readonly log: number;
  readonly checkpointed: number;
}

export interface CheckpointOptions {
  /** Frames not yet in the database file that make a checkpoint due. */
  readonly duePages: number;
  /** Frames at which the WAL should begin anew. */
  readonly resetPages: number;
  /** Frames at which an operator is told that something holds the WAL. */
  readonly alarmPages: number;
  /** Told once for each time the WAL grows over the alarm. */
  readonly warn: (message: string) => void;
  /** Undefined: every checkpoint is made here. */
  readonly background?: BackgroundCheckpoint | undefined;
}

/** A checkpoint beside takes some tens of milliseconds; who needs its place can wait that long. */
const SETTLE_MS = 1000;

export class Checkpointer {
  readonly #status;
  readonly #passive;
  readonly #full;
  readonly #restart;
  readonly #truncate;
  readonly #db: Connection;
  readonly #options: CheckpointOptions;
  #alarmed = false;
  #beside = 0;
  #here = 0;
  #held = 0;
  /** Frames there were when the writer last checkpointed by itself. */
  #settledAt = -Infinity;

  constructor(db: Connection, options: CheckpointOptions) {
    this.#status = db.prepare<[], CheckpointRow>('PRAGMA wal_checkpoint(NOOP)');
    this.#passive = db.prepare<[], CheckpointRow>('PRAGMA wal_checkpoint(PASSIVE)');
    this.#full = db.prepare<[], CheckpointRow>('PRAGMA wal_checkpoint(FULL)');
    this.#restart = db.prepare<[], CheckpointRow>('PRAGMA wal_checkpoint(RESTART)');
    this.#truncate = db.prepare<[], CheckpointRow>('PRAGMA wal_checkpoint(TRUNCATE)');
    this.#db = db;
    this.#options = options;
  }

  /** Since the process began. */
  get counts(): CheckpointCounts {
    return { beside: this.#beside, here: this.#here, held: this.#held };
  }

  /** Costs about 4 µs: the WAL is not read. */
  status(): WalStatus {
    return statusOf(this.#status.get());
  }

  /**
   * Checkpoints when enough has gathered. To be called after the answers of a batch are on their
   * way, so that nobody waits for it.
   * @throws what the checkpoint beside failed with
   */
  afterCommit(): void {
    const status = this.status();
    if (status.pages < this.#settledAt) this.#settledAt = -Infinity;
    const { duePages } = this.#options;
    if (this.maySettle(status) && status.pages >= this.#settledAt + duePages) {
      // Where a reader holds it nothing begins anew: so not at each commit.
      this.#settledAt = status.pages;
      this.#passiveHere();
    } else if (this.due(status)) {
      this.passive();
    }
    this.watch(status.pages);
  }

  due({ pages, checkpointedPages }: WalStatus): boolean {
    return pages - checkpointedPages >= this.#options.duePages;
  }

  /** How many times as long the WAL is as it should be; below 1 it is not. */
  stretch(pages: number): number {
    return Math.floor(pages / this.#options.resetPages);
  }

  /**
   * Whether the WAL is long enough to begin anew, and so little of it is left to copy that the
   * writer's own hand costs least; at twice the length it is done in any case.
   */
  maySettle(status = this.status()): boolean {
    const stretch = this.stretch(status.pages);
    if (stretch < 1 || this.busy) return false;
    return !this.due(status) || stretch >= 2;
  }

  /** Whether a checkpoint runs beside: another one would be refused. */
  get busy(): boolean {
    return this.#options.background?.busy === true;
  }

  /**
   * Copies what no reader holds back, beside the writer where that can be. Waits for nobody.
   * @throws what the last one failed with
   */
  passive(): void {
    const { background } = this.#options;
    const failure = background?.takeFailure();
    if (failure !== undefined) throw failure;
    const answer = background?.request() ?? 'absent';
    if (answer === 'absent') this.#passiveHere();
    if (answer === 'asked') this.#beside += 1;
  }

  /**
   * Copies everything.
   * @returns false when a reader held some back for longer than `waitMs`
   */
  full(waitMs: number): boolean {
    return this.#waiting(waitMs, () => this.#full.get()?.busy === 0);
  }

  /**
   * Copies everything and sees to it that the next commit begins the WAL anew; the file keeps its
   * size, because to overwrite costs less than to append.
   * @returns false when a reader held it for longer than `waitMs`
   */
  restart(waitMs: number): boolean {
    return this.#waiting(waitMs, () => this.#restart.get()?.busy === 0);
  }

  /**
   * Empties the WAL at a quiet moment or at the end.
   * @returns false when a reader held some back
   */
  truncate(): boolean {
    return this.#waiting(0, () => this.#truncate.get()?.busy === 0);
  }

  /** Checkpoints carry on past a reader, but the file starts anew only when nobody reads from it. */
  watch(pages: number, why: () => string = heldByReader): void {
    const { alarmPages, warn } = this.#options;
    if (pages < alarmPages / 2) this.#alarmed = false;
    if (pages < alarmPages || this.#alarmed) return;
    this.#alarmed = true;
    warn(`the write-ahead log has grown to ${pages} pages: ${why()}`);
  }

  #passiveHere(): void {
    this.#here += 1;
    const { pages, checkpointedPages } = statusOf(this.#passive.get());
    if (checkpointedPages < pages) this.#held += 1;
  }

  /**
   * Where PASSIVE never waits, the others would wait for readers as long as the busy timeout says,
   * with the whole writer behind them.
   */
  #waiting(waitMs: number, checkpoint: () => boolean): boolean {
    if (this.#options.background?.settle(Math.max(waitMs, SETTLE_MS)) === false) return false;
    this.#here += 1;
    const timeoutMs = Number(this.#db.pragma('busy_timeout', { simple: true }));
    this.#db.pragma(`busy_timeout = ${waitMs}`);
    try {
      const copied = checkpoint();
      if (!copied) this.#held += 1;
      return copied;
    } finally {
      this.#db.pragma(`busy_timeout = ${timeoutMs}`);
    }
  }
}

export function heldByReader(): string {
  return 'a reader holds it, perhaps a sqlite3 shell or a copy of the database that was left open';
}

function statusOf(row: CheckpointRow | undefined): WalStatus {
  // -1: the database has no WAL yet.
  return {
    pages: Math.max(row?.log ?? 0, 0),
    checkpointedPages: Math.max(row?.checkpointed ?? 0, 0),
  };
}
