/** The writing half of a store: what the embedded store asks of the thread that owns SQLite. */
import type { BulkCommand, Command, RequestLogEntry } from '../store/commands.ts';
import type { BulkResult, WriteResult } from '../store/results.ts';

export interface Writer {
  /** Resolves when the command is durable. @throws ScimError, StoreError */
  write(command: Command): Promise<WriteResult>;

  /** Resolves when all that is done of the bulk is durable. @throws StoreError when nothing is */
  writeBulk(command: BulkCommand): Promise<BulkResult>;

  /** From here on no bulk begins another slice: what is left of it ends as `unavailable`. */
  endBulks(): void;

  /** Never waits, never throws; over the bound the row is dropped and counted. */
  log(entry: RequestLogEntry): void;

  /** Resolves when the writer has come through its queue. @throws StoreError */
  ping(): Promise<void>;

  /**
   * The gate was just set. When it resolves, the WAL keeps what is not spooled, and the gate says
   * where it ends. To be called before the first write. @throws StoreError; Error without a gate
   */
  beginSpooling(): Promise<void>;

  /**
   * Commits what is queued, flushes the log, empties the WAL, closes the files. With a gate the WAL
   * is emptied only if the spool holds all of it; else it stays for the next start.
   */
  close(): Promise<void>;
}
