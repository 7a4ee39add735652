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

export class Checkpointer {
  readonly #status;
  readonly #passive;
  readonly #truncate;
  readonly #db: Connection;
  readonly #duePages: number;

  /** @param duePages frames not yet in the database file that make a checkpoint due */
  constructor(db: Connection, duePages: number) {
    this.#status = db.prepare<[], CheckpointRow>('PRAGMA wal_checkpoint(NOOP)');
    this.#passive = db.prepare<[], CheckpointRow>('PRAGMA wal_checkpoint(PASSIVE)');
    this.#truncate = db.prepare<[], CheckpointRow>('PRAGMA wal_checkpoint(TRUNCATE)');
    this.#db = db;
    this.#duePages = duePages;
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
    if (pages - checkpointedPages >= this.#duePages) this.#passive.get();
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
}

function statusOf(row: CheckpointRow | undefined): WalStatus {
  // -1: the database has no WAL yet.
  return {
    pages: Math.max(row?.log ?? 0, 0),
    checkpointedPages: Math.max(row?.checkpointed ?? 0, 0),
  };
}
