/**
 * Writes the request log, beside the data and never in its way: whatever goes wrong with the log
 * file, provisioning goes on, and the rows that could not be kept are counted.
 */
import { LIMITS } from '../platform/limits.ts';
import type { Connection } from '../sqlite/open.ts';
import { RequestLogTable } from '../sqlite/tables/request-log.ts';
import type { RequestLogEntry } from '../store/commands.ts';

export class RequestLog {
  readonly #table: RequestLogTable;
  readonly #begin;
  readonly #commit;
  readonly #rollback;
  readonly #report: (message: string) => void;
  #pending: RequestLogEntry[] = [];
  #sincePrune = 0;
  #failing = false;
  #dropped = 0;

  /**
   * @param db a migrated log file
   * @param report told once when writing begins to fail, and once when it works again
   */
  constructor(db: Connection, report: (message: string) => void) {
    this.#table = new RequestLogTable(db);
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
    this.#rollback = (): void => {
      if (db.inTransaction) db.exec('ROLLBACK');
    };
    this.#report = report;
  }

  /** Rows that could not be kept. */
  get dropped(): number {
    return this.#dropped;
  }

  add(entry: RequestLogEntry): void {
    this.#pending.push(entry);
  }

  /** Writes what has gathered, in one transaction. Never throws. */
  flush(): void {
    const entries = this.#pending;
    if (entries.length === 0) return;
    this.#pending = [];
    try {
      this.#begin.run();
      for (const entry of entries) this.#table.insert(entry);
      this.#sincePrune += entries.length;
      if (this.#sincePrune >= LIMITS.logPruneRows) {
        this.#table.prune(LIMITS.logRowsMax, this.#sincePrune);
        this.#sincePrune = 0;
      }
      this.#commit.run();
      if (this.#failing) {
        this.#failing = false;
        this.#report(`the request log works again; ${this.#dropped} rows were dropped so far`);
      }
    } catch (error) {
      this.#rollback();
      this.#dropped += entries.length;
      if (this.#failing) return;
      this.#failing = true;
      this.#report(`the request log cannot be written, rows are dropped: ${String(error)}`);
    }
  }
}
