/**
 * The port between the protocol and a storage engine. Nothing above it may assume SQLite: every
 * call is asynchronous, ids are text, order is the store's own and stable.
 *
 * A promise of `write` resolves only after its transaction is durable. Every client reads its own
 * writes.
 */
import type { JsonObject } from '../scim/json.ts';
import type { Profile } from '../scim/schema/registry.ts';
import type { BulkCommand, Command, RequestLogEntry } from './commands.ts';
import type { Credential } from './credential.ts';
import type { Endpoint } from './endpoint.ts';
import type { RequestContent } from './request-content.ts';
import type { Caller, GetQuery, SearchQuery } from './queries.ts';
import type { Run, RunChange } from './request-logs.ts';
import type {
  BulkResult,
  EndpointStats,
  SearchResult,
  StoredResource,
  WriteResult,
} from './results.ts';

export interface Store {
  /**
   * Carries out a command on resources or endpoints. For createEndpoint, `endpointId` is the new id.
   * An updateEndpoint whose config does not suit resources that are stored is refused with 409.
   * @param profile by which the command's document was read; undefined: it suits any
   * @throws ScimError 404, 409, 412, 400 as RFC 7644 says; nothing of the command was done
   * @throws StoreError; `contended` when the endpoint has another profile by now, or when resources
   *   were written again and again while they were looked at
   */
  write(command: Command, profile?: Profile): Promise<WriteResult>;

  /**
   * Carries out a bulk in bounded slices, so that nobody else waits for the whole of it. The command's
   * log row gets the sum of it as its detail. When it resolves, everything `done` is durable.
   * @param profile as in `write`
   * @throws StoreError when nothing at all was done, or when nobody knows (`outcomeUnknown`)
   */
  writeBulk(command: BulkCommand, profile?: Profile): Promise<BulkResult>;

  /**
   * One resource by id, or undefined. One index probe.
   * @param caller work for a caller who has gone is given up, and refused with `abandoned`
   */
  get(query: GetQuery, caller?: Caller): Promise<StoredResource | undefined>;

  /**
   * Resources that match, one page of them, in a stable order.
   * @param caller as in `get`
   * @throws ScimError 400 invalidFilter, tooMany; StoreError `overloaded`, `abandoned`
   */
  search(query: SearchQuery, caller?: Caller): Promise<SearchResult>;

  /**
   * How the engine answers a search, in its own words, for an administrator or a log.
   * @param values whether those of the filter are told: they may be personal data
   * @throws as `search`
   */
  explain(query: SearchQuery, values: 'shown' | 'hidden'): Promise<JsonObject>;

  /** An endpoint by id or name (names compare exactly), also when inactive; undefined when unknown. */
  endpoint(idOrName: string): Endpoint | undefined;

  /** All endpoints in creation order. */
  endpoints(): readonly Endpoint[];

  endpointStats(endpointId: string): Promise<EndpointStats>;

  /** By id, also when it is inactive or has expired; undefined when unknown. A map look-up. */
  credential(id: string): Credential | undefined;

  /** All of an endpoint, in creation order. */
  credentials(endpointId: string): readonly Credential[];

  /** Hands over the log row of a request that wrote nothing. Never waits, never throws; may drop and count. */
  log(entry: RequestLogEntry): void;

  /** What a row of the log is shown with, handed over behind it. Never waits, never throws; may drop and count. */
  logContent(content: RequestContent): void;

  /** Removes what was logged up to now: of one endpoint, or with undefined of all. @throws StoreError */
  clearLog(endpointId: string | undefined): Promise<void>;

  /**
   * Begins, ends or removes a run, behind the rows of all that was answered before. Its requests stay.
   * @returns the run as it is now, or was; undefined: there is none of the id
   * @throws StoreError
   */
  changeRun(change: RunChange): Promise<Run | undefined>;

  /** Resolves when the writer has answered through its queue. @throws StoreError */
  ping(): Promise<void>;

  /** Finishes what is queued, flushes logs, closes. Further calls are refused with `unavailable`. */
  close(): Promise<void>;
}
