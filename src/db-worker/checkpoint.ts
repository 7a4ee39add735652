/**
 * The checkpoint policy. Only the thread that commits checkpoints, between two commits and little
 * at a time: a large WAL would make one checkpoint long. PASSIVE never waits for a reader; what a
 * pinned reader holds back is carried over at the next turn. Where a backup reads the WAL,
 * `WalKeeper` decides when, with the same means.
 */
import type { Connection } from '../sqlite/open.ts';

export interface WalStatus {
  /** Frames in the WAL, all of them committed. */
  readonly pages: number;
  /** Of these, how many the database file holds already. */
  readonly checkpointedPages: number;
}

interface CheckpointRow {
  readonly busy: number;
  readonly log: number;
  readonly checkpointed: number;
}

export interface CheckpointOptions {
  /** Frames not yet in the database file that make a checkpoint due. */
  readonly duePages: number;
  /** Frames at which an operator is told that something holds the WAL. */
  readonly alarmPages: number;
  /** Told once for each time the WAL grows over the alarm. */
  readonly warn: (message: string) => void;
}

export class Checkpointer {
  readonly #status;
  readonly #passive;
  readonly #full;
  readonly #restart;
  readonly #truncate;
  readonly #db: Connection;
  readonly #options: CheckpointOptions;
  #alarmed = false;

  constructor(db: Connection, options: CheckpointOptions) {
    this.#status = db.prepare<[], CheckpointRow>('PRAGMA wal_checkpoint(NOOP)');
    this.#passive = db.prepare<[], CheckpointRow>('PRAGMA wal_checkpoint(PASSIVE)');
    this.#full = db.prepare<[], CheckpointRow>('PRAGMA wal_checkpoint(FULL)');
    this.#restart = db.prepare<[], CheckpointRow>('PRAGMA wal_checkpoint(RESTART)');
    this.#truncate = db.prepare<[], CheckpointRow>('PRAGMA wal_checkpoint(TRUNCATE)');
    this.#db = db;
    this.#options = options;
  }

  /** Costs about 4 µs: the WAL is not read. */
  status(): WalStatus {
    return statusOf(this.#status.get());
  }

  /**
   * Checkpoints when enough has gathered. To be called after the answers of a batch are on their
   * way, so that nobody waits for it.
   */
  afterCommit(): void {
    const status = this.status();
    if (this.due(status)) this.passive();
    this.watch(status.pages);
  }

  due({ pages, checkpointedPages }: WalStatus): boolean {
    return pages - checkpointedPages >= this.#options.duePages;
  }

  /** Copies what no reader holds back. Waits for nobody. */
  passive(): void {
    this.#passive.get();
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

  /**
   * Where PASSIVE never waits, the others would wait for readers as long as the busy timeout says,
   * with the whole writer behind them.
   */
  #waiting(waitMs: number, checkpoint: () => boolean): boolean {
    const timeoutMs = Number(this.#db.pragma('busy_timeout', { simple: true }));
    this.#db.pragma(`busy_timeout = ${waitMs}`);
    try {
      return checkpoint();
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
