/**
 * The request log as http reads it. Each question opens the file anew: the writer may have begun
 * another one since the last. What cannot be read is told as unavailable; nothing else suffers.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RequestLogs } from './http/ports.ts';
import { tallyLog } from './log-tally.ts';
import { walkLog } from './log-walk.ts';
import type { Clock } from './platform/clock.ts';
import { LIMITS } from './platform/limits.ts';
import { LogFollower } from './sqlite/log-follower.ts';
import { LogReader } from './sqlite/log-reader.ts';
import { LogTallyReader } from './sqlite/log-tally-reader.ts';
import { type Connection, openReader } from './sqlite/open.ts';
import type {
  LogFilter,
  LoggedContent,
  LoggedRequest,
  LogPage,
  LogQuery,
  LogStretch,
  LogTallies,
  OpenRun,
  Run,
  RunChange,
} from './store/request-logs.ts';
import { StoreError } from './store/results.ts';
import type { Store } from './store/store.ts';

const BOUNDS = { scanRows: LIMITS.logScanRows, scanMs: LIMITS.logScanMs };

export class SqliteRequestLogs implements RequestLogs {
  readonly #path: string;
  readonly #store: Pick<Store, 'clearLog' | 'changeRun'>;
  readonly #clock: Clock;

  /** @param path of the log's file */
  constructor(path: string, store: Pick<Store, 'clearLog' | 'changeRun'>, clock: Clock) {
    this.#path = path;
    this.#store = store;
    this.#clock = clock;
  }

  page(query: LogQuery): Promise<LogPage> {
    return this.#read(query.filter, (reader) => walkLog(reader, query, BOUNDS, this.#clock));
  }

  request(row: number): Promise<LoggedRequest | undefined> {
    return this.#read({}, (reader) => Promise.resolve(reader.row(row)));
  }

  requestsAt(rows: readonly number[]): Promise<readonly LoggedRequest[]> {
    return this.#read({}, (reader) =>
      Promise.resolve(rows.flatMap((row) => reader.row(row) ?? [])),
    );
  }

  contents(requests: readonly LoggedRequest[]): Promise<(LoggedContent | undefined)[]> {
    return this.#read({}, async (reader) => {
      const contents: (LoggedContent | undefined)[] = [];
      for (const each of requests) {
        // To unpack one takes about a millisecond: others have their turn in between.
        if (contents.length > 0) await nextTurn();
        contents.push(reader.content(each));
      }
      return contents;
    });
  }

  clear(endpointId: string | undefined): Promise<void> {
    return this.#store.clearLog(endpointId);
  }

  behind(row: number, limit: number): Promise<LogStretch> {
    return this.#follow((follower) => ({
      requests: follower.behind(row, limit),
      last: follower.lastRow(),
      file: follower.identity(),
    }));
  }

  tallies(filter: LogFilter, recentSince: number): Promise<LogTallies> {
    return this.#open((db) => {
      const ask = { filter, recentSince };
      const tallies = new LogTallyReader(db, filter);
      return tallyLog(new LogReader(db, filter), tallies, ask, BOUNDS, this.#clock);
    });
  }

  runs(endpointId: string, limit: number): Promise<readonly Run[]> {
    return this.#follow((follower) => follower.runs(endpointId, limit));
  }

  run(endpointId: string, id: string): Promise<Run | undefined> {
    return this.#follow((follower) => follower.run(endpointId, id));
  }

  openRuns(): Promise<readonly OpenRun[]> {
    return this.#follow((follower) => follower.openRuns());
  }

  ofRun(run: Run, after: number, limit: number): Promise<readonly LoggedRequest[]> {
    return this.#follow((follower) => follower.ofRun(run, after, limit));
  }

  changeRun(change: RunChange): Promise<Run | undefined> {
    return this.#store.changeRun(change);
  }

  #read<T>(filter: LogFilter, work: (reader: LogReader) => Promise<T>): Promise<T> {
    return this.#open((db) => work(new LogReader(db, filter)));
  }

  #follow<T>(work: (follower: LogFollower) => T): Promise<T> {
    return this.#open((db) => Promise.resolve(work(new LogFollower(db))));
  }

  async #open<T>(work: (db: Connection) => Promise<T>): Promise<T> {
    let db: Connection | undefined;
    try {
      db = openReader(this.#path);
      return await work(db);
    } catch (error) {
      throw new StoreError('unavailable', `the request log cannot be read: ${String(error)}`);
    } finally {
      // Also one whose tables are not there yet: who stays open keeps the writer from closing the WAL.
      db?.close();
    }
  }
}
