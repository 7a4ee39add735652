/**
 * The store on embedded SQLite: writes go to the writer; reads that an index answers run here, on
 * the main thread; whatever could scan goes to the filter workers. Because the writer answers after
 * COMMIT, and its answer ends the snapshot that reads share, a client reads its own writes.
 */
import type { Writer } from './db-worker/writer.ts';
import { wantedBy } from './filter-workers/columns/wanted.ts';
import type { FilterPool } from './filter-workers/filter-pool.ts';
import { FilterWorkers } from './filter-workers/pool.ts';
import { INLINE_BOUNDS } from './inline-bounds.ts';
import { LIMITS } from './platform/limits.ts';
import { notFound, ScimError } from './scim/errors.ts';
import type { JsonObject } from './scim/json.ts';
import type { Profile } from './scim/schema/registry.ts';
import { ProfileUpdates } from './profile-updates.ts';
import type { StoreMetrics } from './store-metrics.ts';
import { closed, outdated } from './store-refusals.ts';
import { CredentialDirectory } from './sqlite/credential-directory.ts';
import { EndpointDirectory, type EndpointPlace } from './sqlite/endpoint-directory.ts';
import { explain } from './sqlite/explain.ts';
import { openReader } from './sqlite/open.ts';
import { Reader } from './sqlite/reader.ts';
import { search } from './sqlite/search.ts';
import type { ResourceSearch } from './sqlite/search/run.ts';
import { getResource } from './sqlite/stored-resource.ts';
import { TurnSnapshot } from './sqlite/turn-snapshot.ts';
import {
  isCredentialCommand,
  type BulkCommand,
  type Command,
  type RequestLogEntry,
  type Verdict,
} from './store/commands.ts';
import type { CredentialCommand } from './store/credential-commands.ts';
import type { Credential } from './store/credential.ts';
import type { Endpoint } from './store/endpoint.ts';
import type { RequestContent } from './store/request-content.ts';
import type { Caller, GetQuery, SearchQuery } from './store/queries.ts';
import type { Run, RunChange } from './store/request-logs.ts';
import type {
  BulkResult,
  EndpointStats,
  SearchResult,
  StoredResource,
  WriteResult,
} from './store/results.ts';
import type { Store } from './store/store.ts';

export interface EmbeddedStoreOptions {
  /** The data file. */
  readonly path: string;
  /** How many threads scan. */
  readonly filterWorkers: number;
  /** Bytes that they may keep together. */
  readonly filterMemory: number;
  /** One line for the operator. */
  readonly onWarning: (message: string) => void;
  /** Runs at the end, when nothing will be committed any more. */
  readonly beforeWriterCloses?: () => Promise<void>;
}

export interface EmbeddedStoreParts {
  readonly writer: Writer;
  readonly reader: Reader;
  readonly pool: FilterPool;
  readonly beforeWriterCloses?: (() => Promise<void>) | undefined;
}

/**
 * Opens the reading half beside a writer that has opened and migrated the data file.
 * @throws Error when the file cannot be read; the writer stays open then
 */
export function openEmbeddedStore(writer: Writer, options: EmbeddedStoreOptions): EmbeddedStore {
  const reader = new Reader(openReader(options.path));
  const pool = new FilterWorkers({
    path: options.path,
    threads: options.filterWorkers,
    columnBytes: options.filterMemory,
    onWorkerDeath: options.onWarning,
  });
  const { beforeWriterCloses } = options;
  return new EmbeddedStore({ writer, reader, pool, beforeWriterCloses });
}

export class EmbeddedStore implements Store {
  readonly metrics: StoreMetrics;
  readonly #writer: Writer;
  readonly #reader: Reader;
  readonly #pool: FilterPool;
  readonly #snapshot: TurnSnapshot;
  readonly #directory = new EndpointDirectory();
  readonly #credentials: CredentialDirectory;
  readonly #profileUpdates = new ProfileUpdates({
    write: (command) => this.#writeEndpoint(command),
    check: (command, config) => this.#checkConfig(command, config),
  });
  readonly #beforeWriterCloses: (() => Promise<void>) | undefined;
  #closing: Promise<void> | undefined;

  /** Takes its parts over: `close` closes them. */
  constructor({ writer, reader, pool, beforeWriterCloses }: EmbeddedStoreParts) {
    this.#beforeWriterCloses = beforeWriterCloses;
    this.#writer = writer;
    this.#reader = reader;
    this.#snapshot = new TurnSnapshot(reader);
    this.#pool = pool;
    this.metrics = { pool: () => pool.metrics(), writer: () => writer.metrics() };
    this.#directory.refresh(reader.endpoints());
    this.#credentials = new CredentialDirectory(reader.credentials);
  }

  write(command: Command, profile?: Profile): Promise<WriteResult> {
    if (this.#closing !== undefined) return Promise.reject(closed());
    if (isCredentialCommand(command)) return this.#writeCredential(command);
    switch (command.kind) {
      case 'updateEndpoint':
        if (command.fields.config !== undefined) return this.#profileUpdates.run(command);
        return this.#writeEndpoint(command);
      case 'createEndpoint':
      case 'deleteEndpoint':
        return this.#writeEndpoint(command);
      default:
        return this.#writeResource(command, profile);
    }
  }

  async writeBulk(command: BulkCommand, profile?: Profile): Promise<BulkResult> {
    if (this.#closing !== undefined) throw closed();
    await this.#profileUpdates.landed(command.endpointId);
    if (this.#isOutdated(command.endpointId, profile)) throw outdated();
    try {
      return await this.#profileUpdates.duringBulk(command.endpointId, () =>
        this.#writer.writeBulk(command),
      );
    } finally {
      this.#snapshot.end();
    }
  }

  async get(query: GetQuery, caller?: Caller): Promise<StoredResource | undefined> {
    const { row, registry } = this.#placeOf(query.endpointId);
    const ask = { ...query, endpoint: row };
    this.#snapshot.use();
    const found = getResource(this.#reader, registry, ask, LIMITS.inlineLinksMax);
    return found === undefined ? this.#pool.get(ask, caller) : found[0];
  }

  async search(query: SearchQuery, caller?: Caller): Promise<SearchResult> {
    const { row, registry } = this.#placeOf(query.endpointId);
    const ask = { ...query, endpoint: row };
    this.#snapshot.use();
    return search(this.#reader, registry, ask, INLINE_BOUNDS) ?? this.#searchWide(ask, caller);
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async explain(query: SearchQuery, values: 'shown' | 'hidden'): Promise<JsonObject> {
    const { row, registry } = this.#placeOf(query.endpointId);
    const ask = { ...query, endpoint: row };
    this.#snapshot.use();
    const asked = { reader: this.#reader, registry, query: ask, bounds: INLINE_BOUNDS, values };
    return explain(asked, (searched, sort, type) => {
      const isOne = query.types.length === 1;
      return isOne && wantedBy(searched.filter, sort, type) !== undefined ? 'columns' : 'scan';
    });
  }

  endpoint(idOrName: string): Endpoint | undefined {
    return this.#directory.find(idOrName);
  }

  endpoints(): readonly Endpoint[] {
    return this.#directory.all();
  }

  async endpointStats(endpointId: string): Promise<EndpointStats> {
    return this.#pool.stats({ endpoint: this.#placeOf(endpointId).row });
  }

  credential(id: string): Credential | undefined {
    return this.#credentials.find(id);
  }

  credentials(endpointId: string): readonly Credential[] {
    return this.#credentials.of(endpointId);
  }

  log(entry: RequestLogEntry): void {
    if (this.#closing === undefined) this.#writer.log(entry);
  }

  logContent(content: RequestContent): void {
    if (this.#closing === undefined) this.#writer.logContent(content);
  }

  async clearLog(endpointId: string | undefined): Promise<void> {
    if (this.#closing !== undefined) throw closed();
    return this.#writer.clearLog(endpointId);
  }

  async changeRun(change: RunChange): Promise<Run | undefined> {
    if (this.#closing !== undefined) throw closed();
    return this.#writer.changeRun(change);
  }

  async ping(): Promise<void> {
    if (this.#closing !== undefined) throw closed();
    return this.#writer.ping();
  }

  close(): Promise<void> {
    this.#closing ??= this.#stop();
    return this.#closing;
  }

  /** Not async: nearly always it only hands the command on. */
  #writeResource(command: Command, profile: Profile | undefined): Promise<WriteResult> {
    const landing = this.#profileUpdates.landing(command.endpointId);
    if (landing !== undefined) return landing.then(() => this.#writeResource(command, profile));
    if (this.#isOutdated(command.endpointId, profile)) return Promise.reject(outdated());
    return this.#send(command);
  }

  async #send(command: Command): Promise<WriteResult> {
    try {
      return await this.#writer.write(command);
    } finally {
      this.#snapshot.end();
    }
  }

  /** The directory is up to date before the caller hears of its change. */
  async #writeEndpoint(command: Command): Promise<WriteResult> {
    if (this.#closing !== undefined) throw closed();
    const result = await this.#send(command);
    this.#directory.refresh(this.#reader.endpoints());
    this.#credentials.after(command);
    return result;
  }

  async #writeCredential(command: CredentialCommand): Promise<WriteResult> {
    const result = await this.#send(command);
    this.#credentials.after(command);
    return result;
  }

  async #searchWide(ask: ResourceSearch, caller?: Caller): Promise<SearchResult> {
    const { result, marks } = await this.#pool.search(ask, caller);
    for (const known of marks) this.#reader.lists.takeMarks(known);
    return result;
  }

  /** @throws ScimError 404 when the endpoint was deleted since the request was routed */
  #placeOf(endpointId: string): EndpointPlace {
    if (this.#closing !== undefined) throw closed();
    const place = this.#directory.placeOf(endpointId);
    if (place === undefined) throw notFound(`endpoint ${endpointId} is not there any more`);
    return place;
  }

  /** Whether the endpoint has other schemas by now than those that a document was read by. */
  #isOutdated(endpointId: string, profile: Profile | undefined): boolean {
    if (profile === undefined) return false;
    const endpoint = this.#directory.find(endpointId);
    return endpoint !== undefined && endpoint.profile !== profile;
  }

  /** What the writer refuses, it logs; of a refusal here it never hears. */
  async #checkConfig({ endpointId, log }: Command, config: string): Promise<Verdict> {
    try {
      return await this.#pool.checkConfig({ endpoint: this.#placeOf(endpointId).row, config });
    } catch (error) {
      if (error instanceof ScimError && log !== undefined) {
        this.#writer.log({ ...log, status: error.status, detail: error.message });
      }
      throw error;
    }
  }

  /**
   * Writes that wait are answered before the reader closes: endpoint commands still read with it.
   * The writer closes last, because the last connection to close empties the WAL.
   */
  async #stop(): Promise<void> {
    this.#writer.endBulks();
    // A writer that has died or is damaged refuses; what waited for it has been answered then, too.
    await this.#writer.ping().catch(() => undefined);
    await this.#pool.close();
    this.#snapshot.end();
    this.#reader.close();
    await this.#beforeWriterCloses?.();
    await this.#writer.close();
  }
}
