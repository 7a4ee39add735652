/** A request log in memory: rows as a test gives them, found without a look at the filter. */
import type { LoggedContent, LoggedRequest, LogPage, LogQuery } from '../../store/request-logs.ts';
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
    const { before = Infinity, skip, limit } = query;
    const older = this.requests.filter(({ row }) => row < before).slice(skip);
    const requests = older.slice(0, limit);
    const next = older.length > limit ? requests.at(-1)?.row : undefined;
    return { requests, next, complete: true };
  }

  async request(row: number): Promise<LoggedRequest | undefined> {
    await Promise.resolve();
    return this.requests.find((each) => each.row === row);
  }

  async contents(requests: readonly LoggedRequest[]): Promise<(LoggedContent | undefined)[]> {
    await Promise.resolve();
    return requests.map(({ row }) => this.contentOf.get(row));
  }

  async clear(endpointId: string | undefined): Promise<void> {
    await Promise.resolve();
    this.cleared.push(endpointId);
  }
}
