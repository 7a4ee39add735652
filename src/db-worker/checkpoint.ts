/**
 * The checkpoint policy. Only the thread that commits checkpoints, between two commits and little
 * at a time: a large WAL would make one checkpoint long. PASSIVE never waits for a reader; what a
 * pinned reader holds back is carried over at the next turn.
 */
import type { Connection } from '../sqlite/open.ts';

export interface WalStatus {
  /** Frames in the WAL. */
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
  readonly #truncate;
  readonly #db: Connection;
  readonly #options: CheckpointOptions;
  #alarmed = false;

  constructor(db: Connection, options: CheckpointOptions) {
    this.#status = db.prepare<[], CheckpointRow>('PRAGMA wal_checkpoint(NOOP)');
    this.#passive = db.prepare<[], CheckpointRow>('PRAGMA wal_checkpoint(PASSIVE)');
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
    const { pages, checkpointedPages } = this.status();
    if (pages - checkpointedPages >= this.#options.duePages) this.#passive.get();
    this.#watch(pages);
  }

  /**
   * Empties the WAL at a quiet moment or at the end. Where PASSIVE never waits, TRUNCATE would wait
   * for readers as long as the busy timeout says, with the whole writer behind it: so it is told not to.
   * @returns false when a reader held some back
   */
  truncate(): boolean {
    const timeoutMs = Number(this.#db.pragma('busy_timeout', { simple: true }));
    this.#db.pragma('busy_timeout = 0');
    try {
      return this.#truncate.get()?.busy === 0;
    } finally {
      this.#db.pragma(`busy_timeout = ${timeoutMs}`);
    }
  }

  /** Checkpoints carry on past a reader, but the file starts anew only when nobody reads from it. */
  #watch(pages: number): void {
    const { alarmPages, warn } = this.#options;
    if (pages < alarmPages / 2) this.#alarmed = false;
    if (pages < alarmPages || this.#alarmed) return;
    this.#alarmed = true;
    warn(
      `the write-ahead log has grown to ${pages} pages: a reader holds it, perhaps a sqlite3 shell or a copy of the database that was left open`,
    );
  }
}

function statusOf(row: CheckpointRow | undefined): WalStatus {
  // -1: the database has no WAL yet.
  return {
    pages: Math.max(row?.log ?? 0, 0),
    checkpointedPages: Math.max(row?.checkpointed ?? 0, 0),
  };
}
