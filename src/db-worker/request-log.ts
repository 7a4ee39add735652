/**
 * Writes the request log, beside the data and never in its way: whatever goes wrong with the log
 * file, provisioning goes on. Rows that could not be kept are counted; a file that is damaged or
 * gone is begun anew. Rows are written with their batch, contents and retention when nobody waits.
 */
import { isCorruption } from '../sqlite/error-code.ts';
import type { Connection } from '../sqlite/open.ts';
import { NO_ROW } from '../sqlite/request-contents.ts';
import { RequestLogTable } from '../sqlite/tables/request-log.ts';
import { changeRun, pruneRuns } from '../sqlite/tables/runs.ts';
import type { RequestLogEntry } from '../store/commands.ts';
import type { Run, RunChange } from '../store/request-logs.ts';
import { LogContents, writeChunks } from './log-contents.ts';
import type { LogBounds, LogFile } from './log-file.ts';
import type { LogBundle } from './log-messages.ts';
import { LogZone } from './log-zone.ts';

/** Written before the next batch gets its turn. */
const CHUNKS_AT_ONCE = 8;

/** An open file, and what is prepared on it. */
interface OpenLog {
  readonly db: Connection;
  readonly table: RequestLogTable;
  readonly zone: LogZone;
  readonly begin: { run(): unknown };
  readonly commit: { run(): unknown };
}

export class RequestLog {
  readonly #file: LogFile;
  readonly #bounds: LogBounds;
  readonly #report: (message: string) => void;
  readonly #contents: LogContents;
  #open: OpenLog | undefined;
  #pending: RequestLogEntry[] = [];
  #sincePrune = 0;
  #mayPrune = true;
  #failing = false;
  /** Since the last look: a disk that damages every file must not fill up with them. */
  #wasReplaced = false;
  #dropped = 0;
  #contentsDropped = 0;

  /**
   * Opens the file, if it can.
   * @param report told once when writing begins to fail, once when it works again, and of each file
   *   that was begun anew
   */
  constructor(file: LogFile, bounds: LogBounds, report: (message: string) => void) {
    this.#file = file;
    this.#bounds = bounds;
    this.#report = report;
    this.#contents = new LogContents(bounds);
    this.#reopen();
  }

  /** Rows that could not be kept. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Contents that could not be kept, though their rows may be there. */
  get contentsDropped(): number {
    return this.#contentsDropped;
  }

  add(entry: RequestLogEntry): void {
    this.#pending.push(entry);
  }

  /** Rows that no command carries, and contents behind their rows. */
  addBundle({ rows, chunks }: LogBundle, now: number): void {
    for (const row of rows) {
      this.add(row.durationMs === undefined ? { ...row, durationMs: now - row.time } : row);
    }
    for (const chunk of chunks) {
      if (!this.#contents.add(chunk)) this.#contentsDropped += chunk.keys.length;
    }
  }

  /** Whether there is something for `housekeeping` to do. */
  get hasWork(): boolean {
    return this.#mayPrune || this.#contents.waits;
  }

  /** Writes the rows that have gathered, in one transaction. Never throws. */
  flush(): void {
    const entries = this.#pending;
    if (entries.length === 0) return;
    this.#pending = [];
    const rows: number[] = [];
    const written = this.#transaction(({ table, zone }) => {
      for (const entry of entries) {
        const row = table.insert(entry);
        zone.add(row, entry.time);
        rows.push(row);
      }
      zone.save(table);
    });
    if (written) this.#expectContents(entries, rows);
    else this.#dropped += entries.length;
    this.#sincePrune += entries.length;
    if (this.#sincePrune < this.#bounds.sliceRows) return;
    this.#sincePrune = 0;
    this.#mayPrune = true;
  }

  /**
   * What can wait until answers are on their way: contents, then a slice of retention. Never throws.
   * @param now milliseconds since 1970
   * @returns whether there is more to do
   */
  housekeeping(now: number): boolean {
    if (this.#contents.waits) this.#writeChunks();
    if (this.#mayPrune) {
      let more = false;
      const pruned = this.#transaction(({ db, table }) => {
        const { rowsMax, bytesMax, sliceRows, ageMaxMs } = this.#bounds;
        more = table.prune({ rowsMax, bytesMax, sliceRows, timeMin: now - ageMaxMs });
        if (!more) pruneRuns(db, table.lastRow, now);
      });
      // What could not be committed waits for the next look: else this would go round and round.
      this.#mayPrune = pruned && more;
    }
    return this.hasWork;
  }

  /** From time to time, also when nothing is written: age alone makes rows old, and files vanish. */
  look(): void {
    this.#wasReplaced = false;
    this.#mayPrune = true;
    if (this.#open !== undefined && this.#file.isInPlace()) return;
    if (this.#open !== undefined) this.#report('the request log is gone: it is begun anew');
    this.#reopen();
  }

  /**
   * Removes a slice of the log, of one endpoint or of all.
   * @param upTo the last row to remove, as the first slice has answered it
   * @returns that row, and 1 when there may be more
   * @throws Error when the log cannot be written
   */
  clear(endpointId: string | undefined, upTo: number | undefined): [number, 0 | 1] {
    if (upTo === undefined) {
      this.flush();
      this.#writeContents();
    }
    let last = upTo ?? 0;
    let more: 0 | 1 = 0;
    const cleared = this.#transaction(({ table, zone }) => {
      last = upTo ?? table.lastRow;
      more = table.clear(endpointId, last, this.#bounds.sliceRows) ? 1 : 0;
      zone.forget();
    });
    if (!cleared) throw new Error('the request log cannot be written now');
    return [last, more];
  }

  /**
   * Behind all rows that were logged up to now; their contents come when nobody waits.
   * @throws Error when the log cannot be written
   */
  changeRun(change: RunChange): Run | undefined {
    this.flush();
    let run: Run | undefined;
    const changed = this.#transaction(({ db, table }) => {
      run = changeRun(db, table.lastRow, change);
    });
    if (!changed) throw new Error('the request log cannot be written now');
    return run;
  }

  /** Writes what waits. */
  close(): void {
    this.flush();
    this.#writeContents();
    this.#shut();
  }

  /** Not before the rows are committed: numbers that were rolled back are given to other rows. */
  #expectContents(entries: readonly RequestLogEntry[], rows: readonly number[]): void {
    for (const [at, { contentKey }] of entries.entries()) {
      const row = rows[at];
      if (contentKey !== undefined && row !== undefined) this.#contents.expect(contentKey, row);
    }
  }

  #writeContents(): void {
    while (this.#contents.waits) this.#writeChunks();
  }

  #writeChunks(): void {
    const { placed, left } = this.#contents.take(CHUNKS_AT_ONCE);
    const written = this.#transaction(({ table }) => {
      writeChunks(table, placed);
    });
    const known = placed.flatMap(({ rows }) => rows).filter((row) => row !== NO_ROW);
    this.#contentsDropped += left + (written ? 0 : known.length);
  }

  /** @returns whether it was committed */
  #transaction(work: (log: OpenLog) => void): boolean {
    const log = this.#open;
    if (log === undefined) return false;
    try {
      log.begin.run();
      work(log);
      log.commit.run();
      this.#works();
      return true;
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }

  #works(): void {
    if (!this.#failing) return;
    this.#failing = false;
    this.#report(`the request log works again; ${this.#dropped} rows were dropped so far`);
  }

  #failed(error: unknown): void {
    try {
      if (this.#open?.db.inTransaction === true) this.#open.db.exec('ROLLBACK');
      this.#open?.zone.forget();
    } catch {
      // A file that cannot even roll back is opened anew at the next look.
      this.#shut();
    }
    if (isCorruption(error)) {
      this.#replace(error);
      return;
    }
    this.#tell(error);
  }

  #tell(error: unknown): void {
    if (this.#failing) return;
    this.#failing = true;
    this.#report(`the request log cannot be written, rows are dropped: ${String(error)}`);
  }

  #reopen(): void {
    this.#shut();
    try {
      this.#prepare(this.#file.open());
    } catch (error) {
      if (isCorruption(error)) this.#replace(error);
      else this.#tell(error);
    }
  }

  #replace(error: unknown): void {
    this.#shut();
    if (this.#wasReplaced) {
      this.#tell(error);
      return;
    }
    this.#wasReplaced = true;
    try {
      const aside = this.#file.putAside();
      this.#prepare(this.#file.open());
      this.#report(`the request log was damaged (${String(error)}): it was put aside as ${aside}`);
    } catch (failure) {
      this.#tell(failure);
    }
  }

  #prepare(db: Connection): void {
    this.#open = {
      db,
      table: new RequestLogTable(db),
      zone: new LogZone(),
      begin: db.prepare('BEGIN IMMEDIATE'),
      commit: db.prepare('COMMIT'),
    };
  }

  #shut(): void {
    const db = this.#open?.db;
    this.#open = undefined;
    // Row numbers of another file.
    this.#contents.forget();
    try {
      db?.close();
    } catch {
      // What cannot be closed is damaged or gone, and nobody's any more.
    }
  }
}
