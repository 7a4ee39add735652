/** The writing half of a store: what the embedded store asks of the thread that owns SQLite. */
import type { BulkCommand, Command, RequestLogEntry } from '../store/commands.ts';
import type { RequestContent } from '../store/request-content.ts';
import type { Run, RunChange } from '../store/request-logs.ts';
import type { BulkResult, WriteResult } from '../store/results.ts';
import type { WriterFamily } from './writer-metrics.ts';

export interface Writer {
  /** Resolves when the command is durable. @throws ScimError, StoreError */
  write(command: Command): Promise<WriteResult>;

  /** Resolves when all that is done of the bulk is durable. @throws StoreError when nothing is */
  writeBulk(command: BulkCommand): Promise<BulkResult>;

  /** From here on no bulk begins another slice: what is left of it ends as `unavailable`. */
  endBulks(): void;

  /** Never waits, never throws; over the bound the row is dropped and counted. */
  log(entry: RequestLogEntry): void;

  /** Behind its row; as `log`, and dropped before rows are. */
  logContent(content: RequestContent): void;

  /** Resolves when nothing is left of what was logged up to now, of one endpoint or of all. @throws StoreError */
  clearLog(endpointId: string | undefined): Promise<void>;

  /** As the store has it. @throws StoreError */
  changeRun(change: RunChange): Promise<Run | undefined>;

  /** Resolves when the writer has come through its queue. @throws StoreError */
  ping(): Promise<void>;

  /** What the writer did and how far it is behind, asked of its thread. @throws StoreError */
  metrics(): Promise<WriterFamily[]>;

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
