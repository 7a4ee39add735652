/** A request log in memory: rows as a test gives them, found without a look at the filter. */
import type {
  LoggedContent,
  LoggedRequest,
  LogPage,
  LogQuery,
  LogStretch,
  LogTallies,
  OpenRun,
  Run,
  RunChange,
} from '../../store/request-logs.ts';
import type { RequestLogs } from '../ports.ts';

export class FakeLogs implements RequestLogs {
  /** Newest first. */
  requests: LoggedRequest[] = [];
  readonly contentOf = new Map<number, LoggedContent>();
  readonly queries: LogQuery[] = [];
  readonly cleared: (string | undefined)[] = [];

  async page(query: LogQuery): Promise<LogPage> {
    this.queries.push(query);
    await Promise.resolve();
    if (this.failWith !== undefined) throw this.failWith;
    const { before = Infinity, downTo = 0, skip, limit } = query;
    const older = this.requests.filter(({ row }) => row < before && row >= downTo).slice(skip);
    const requests = older.slice(0, limit);
    const next = older.length > limit ? requests.at(-1)?.row : undefined;
    return { requests, next, complete: true };
  }

  async request(row: number): Promise<LoggedRequest | undefined> {
    await Promise.resolve();
    return this.requests.find((each) => each.row === row);
  }

  async requestsAt(rows: readonly number[]): Promise<readonly LoggedRequest[]> {
    await Promise.resolve();
    return this.requests.filter(({ row }) => rows.includes(row));
  }

  async contents(requests: readonly LoggedRequest[]): Promise<(LoggedContent | undefined)[]> {
    await Promise.resolve();
    return requests.map(({ row }) => this.contentOf.get(row));
  }

  /** What a file is known by; another one has other rows. */
  file = 'first';
  /** How often somebody asked what was written. */
  looks = 0;
  failWith: Error | undefined;

  async behind(row: number, limit: number): Promise<LogStretch> {
    this.looks += 1;
    await Promise.resolve();
    if (this.failWith !== undefined) throw this.failWith;
    const oldestFirst = this.requests.toReversed();
    const requests = oldestFirst.filter((each) => each.row > row).slice(0, limit);
    return { requests, last: this.requests[0]?.row ?? 0, file: this.file };
  }

  async tallies(): Promise<LogTallies> {
    await Promise.resolve();
    return { tallies: [], complete: true };
  }

  async runs(): Promise<readonly Run[]> {
    await Promise.resolve();
    return [];
  }

  async run(): Promise<Run | undefined> {
    await Promise.resolve();
    return undefined;
  }

  /** Endpoints that have a run under way. */
  running: string[] = [];

  /** Of all of them, milliseconds since 1970. */
  startedAt = 0;

  async openRuns(): Promise<readonly OpenRun[]> {
    await Promise.resolve();
    return this.running.map((endpointId) => ({ endpointId, startedAt: this.startedAt }));
  }

  async ofRun(): Promise<readonly LoggedRequest[]> {
    await Promise.resolve();
    return [];
  }

  async changeRun(change: RunChange): Promise<Run | undefined> {
    await Promise.resolve();
    const { kind, endpointId, id } = change;
    const isRunning = this.running.includes(endpointId);
    this.running = this.running.filter((each) => each !== endpointId);
    if (!isRunning && kind === 'toggle') {
      this.running.push(endpointId);
      this.startedAt = change.now;
    }
    const endedAt = isRunning ? 1 : undefined;
    return { id, endpointId, label: 'run', startedAt: 0, endedAt, after: 0, last: undefined };
  }

  async clear(endpointId: string | undefined): Promise<void> {
    await Promise.resolve();
    this.cleared.push(endpointId);
  }
}
