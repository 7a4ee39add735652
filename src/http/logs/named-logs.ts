/**
 * The request log with names: a row that tells of a resource and names nobody, such as a read by id,
 * is given what that resource is called now. Looked up where somebody reads the log, so that no
 * request pays for it; one question for all rows that are read together.
 */
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
} from '../../store/request-logs.ts';
import type { NamedResource, ResourceKey } from '../../store/resource-names.ts';
import { StoreError } from '../../store/results.ts';
import type { RequestLogs, ResourceNames } from '../ports.ts';
import { withoutCredential } from './masks.ts';

export class NamedLogs implements RequestLogs {
  readonly #logs: RequestLogs;
  readonly #names: ResourceNames;
  readonly #sharedSecret: string;

  /** @param sharedSecret of the whole server: whoever is called so, is not called so here */
  constructor(logs: RequestLogs, names: ResourceNames, sharedSecret: string) {
    this.#logs = logs;
    this.#names = names;
    this.#sharedSecret = sharedSecret;
  }

  async page(query: LogQuery): Promise<LogPage> {
    const page = await this.#logs.page(query);
    return { ...page, requests: await this.#named(page.requests) };
  }

  async request(row: number): Promise<LoggedRequest | undefined> {
    const request = await this.#logs.request(row);
    return request && (await this.#named([request]))[0];
  }

  async requestsAt(rows: readonly number[]): Promise<readonly LoggedRequest[]> {
    return this.#named(await this.#logs.requestsAt(rows));
  }

  async behind(row: number, limit: number): Promise<LogStretch> {
    const stretch = await this.#logs.behind(row, limit);
    return { ...stretch, requests: await this.#named(stretch.requests) };
  }

  async ofRun(run: Run, after: number, limit: number): Promise<readonly LoggedRequest[]> {
    return this.#named(await this.#logs.ofRun(run, after, limit));
  }

  contents(requests: readonly LoggedRequest[]): Promise<(LoggedContent | undefined)[]> {
    return this.#logs.contents(requests);
  }

  clear(endpointId: string | undefined): Promise<void> {
    return this.#logs.clear(endpointId);
  }

  tallies(filter: LogFilter, recentSince: number): Promise<LogTallies> {
    return this.#logs.tallies(filter, recentSince);
  }

  runs(endpointId: string, limit: number): Promise<readonly Run[]> {
    return this.#logs.runs(endpointId, limit);
  }

  run(endpointId: string, id: string): Promise<Run | undefined> {
    return this.#logs.run(endpointId, id);
  }

  openRuns(): Promise<readonly OpenRun[]> {
    return this.#logs.openRuns();
  }

  changeRun(change: RunChange): Promise<Run | undefined> {
    return this.#logs.changeRun(change);
  }

  async #named(requests: readonly LoggedRequest[]): Promise<readonly LoggedRequest[]> {
    const wanted = new Map<string, ResourceKey>();
    for (const request of requests) {
      const key = namelessKey(request);
      if (key !== undefined) wanted.set(keyText(key), key);
    }
    if (wanted.size === 0) return requests;
    const found = new Map<string, NamedResource>();
    for (const each of await this.#namesOf([...wanted.values()])) found.set(keyText(each), each);
    return requests.map((request) => {
      const key = namelessKey(request);
      const name = key && found.get(keyText(key));
      // A GET of a user's id under /Groups was about nobody.
      if (name === undefined || name.type !== request.resourceType) return request;
      return { ...request, nameNow: withoutCredential(name.display, this.#sharedSecret) };
    });
  }

  /** The log is there to be read also while the data is not. */
  async #namesOf(keys: readonly ResourceKey[]): Promise<readonly NamedResource[]> {
    try {
      return await this.#names.of(keys);
    } catch (error) {
      if (error instanceof StoreError) return [];
      throw error;
    }
  }
}

/** Undefined: the row tells whom it was about, or was about no resource. */
function namelessKey({ endpointId, resourceId, who }: LoggedRequest): ResourceKey | undefined {
  if (who !== undefined || endpointId === undefined || resourceId === undefined) return undefined;
  return { endpointId, id: resourceId };
}

function keyText({ endpointId, id }: ResourceKey): string {
  return `${endpointId} ${id}`;
}
