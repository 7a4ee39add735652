/**
 * The request log as http reads it. Each question opens the file anew: the writer may have begun
 * another one since the last. What cannot be read is told as unavailable; nothing else suffers.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RequestLogs } from './http/ports.ts';
import { walkLog } from './log-walk.ts';
import type { Clock } from './platform/clock.ts';
import { LIMITS } from './platform/limits.ts';
import { LogReader } from './sqlite/log-reader.ts';
import { openReader } from './sqlite/open.ts';
import type {
  LogFilter,
  LoggedContent,
  LoggedRequest,
  LogPage,
  LogQuery,
} from './store/request-logs.ts';
import { StoreError } from './store/results.ts';
import type { Store } from './store/store.ts';

const BOUNDS = { scanRows: LIMITS.logScanRows, scanMs: LIMITS.logScanMs };

export class SqliteRequestLogs implements RequestLogs {
  readonly #path: string;
  readonly #store: Pick<Store, 'clearLog'>;
  readonly #clock: Clock;

  /** @param path of the log's file */
  constructor(path: string, store: Pick<Store, 'clearLog'>, clock: Clock) {
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

  async #read<T>(filter: LogFilter, work: (reader: LogReader) => Promise<T>): Promise<T> {
    let reader: LogReader | undefined;
    try {
      reader = new LogReader(openReader(this.#path), filter);
      return await work(reader);
    } catch (error) {
      throw new StoreError('unavailable', `the request log cannot be read: ${String(error)}`);
    } finally {
      reader?.close();
    }
  }
}
