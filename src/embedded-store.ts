/**
 * The store on embedded SQLite: writes go to the writer; reads that an index answers run here, on
 * the main thread; whatever could scan goes to the filter workers. Because the writer answers after
 * COMMIT, and its answer ends the snapshot that reads share, a client reads its own writes.
 */
import type { Writer } from './db-worker/writer.ts';
import type { FilterPool } from './filter-workers/filter-pool.ts';
import { FilterWorkers } from './filter-workers/pool.ts';
import { LIMITS } from './platform/limits.ts';
import { notFound } from './scim/errors.ts';
import type { Registry } from './scim/schema/attribute.ts';
import { CORE_PROFILE } from './scim/schema/core.ts';
import { compileRegistry } from './scim/schema/registry.ts';
import { EndpointDirectory } from './sqlite/endpoint-directory.ts';
import { openReader } from './sqlite/open.ts';
import { Reader } from './sqlite/reader.ts';
import { search, type SearchBounds } from './sqlite/search.ts';
import { getResource } from './sqlite/stored-resource.ts';
import { TurnSnapshot } from './sqlite/turn-snapshot.ts';
import type { Command, RequestLogEntry } from './store/commands.ts';
import type { Endpoint } from './store/endpoint.ts';
import type { GetQuery, SearchQuery } from './store/queries.ts';
import {
  StoreError,
  type EndpointStats,
  type SearchResult,
  type StoredResource,
  type WriteResult,
} from './store/results.ts';
import type { Store } from './store/store.ts';

/** What the event loop of the main thread is spared. */
const INLINE_BOUNDS: SearchBounds = {
  scan: false,
  offsetMax: LIMITS.inlineOffsetMax,
  probeRowsMax: LIMITS.probeRowsMax,
  sliceRows: LIMITS.filterSliceRows,
  linksMax: LIMITS.inlineLinksMax,
  keepGoing: () => undefined,
};

export interface EmbeddedStoreOptions {
  /** The data file. */
  readonly path: string;
  /** How many threads scan. */
  readonly filterWorkers: number;
  /** One line for the operator. */
  readonly onWarning: (message: string) => void;
  /** Runs at the end, when nothing will be committed any more. */
  readonly beforeWriterCloses?: () => Promise<void>;
}

export interface EmbeddedStoreParts {
  readonly writer: Writer;
  readonly reader: Reader;
  readonly pool: FilterPool;
  readonly registry: Registry;
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
    onWorkerDeath: options.onWarning,
  });
  const { beforeWriterCloses } = options;
  const registry = compileRegistry(CORE_PROFILE);
  return new EmbeddedStore({ writer, reader, pool, registry, beforeWriterCloses });
}

export class EmbeddedStore implements Store {
  readonly #writer: Writer;
  readonly #reader: Reader;
  readonly #pool: FilterPool;
  readonly #registry: Registry;
  readonly #snapshot: TurnSnapshot;
  readonly #directory = new EndpointDirectory();
  readonly #beforeWriterCloses: (() => Promise<void>) | undefined;
  #closing: Promise<void> | undefined;

  /** Takes its parts over: `close` closes them. */
  constructor({ writer, reader, pool, registry, beforeWriterCloses }: EmbeddedStoreParts) {
    this.#beforeWriterCloses = beforeWriterCloses;
    this.#writer = writer;
    this.#reader = reader;
    this.#snapshot = new TurnSnapshot(reader);
    this.#pool = pool;
    this.#registry = registry;
    this.#directory.refresh(reader.endpoints());
  }

  write(command: Command): Promise<WriteResult> {
    if (this.#closing !== undefined) return Promise.reject(closed());
    switch (command.kind) {
      case 'createEndpoint':
      case 'updateEndpoint':
      case 'deleteEndpoint':
        return this.#writeEndpoint(command);
      default:
        return this.#writeResource(command);
    }
  }

  async get(query: GetQuery): Promise<StoredResource | undefined> {
    const ask = { ...query, endpoint: this.#rowOf(query.endpointId) };
    this.#snapshot.use();
    const found = getResource(this.#reader, this.#registry, ask, LIMITS.inlineLinksMax);
    return found === undefined ? this.#pool.get(ask) : found[0];
  }

  async search(query: SearchQuery): Promise<SearchResult> {
    const ask = { ...query, endpoint: this.#rowOf(query.endpointId) };
    this.#snapshot.use();
    return search(this.#reader, this.#registry, ask, INLINE_BOUNDS) ?? this.#pool.search(ask);
  }

  endpoint(idOrName: string): Endpoint | undefined {
    return this.#directory.find(idOrName);
  }

  endpoints(): readonly Endpoint[] {
    return this.#directory.all();
  }

  async endpointStats(endpointId: string): Promise<EndpointStats> {
    return this.#pool.stats({ endpoint: this.#rowOf(endpointId) });
  }

  log(entry: RequestLogEntry): void {
    if (this.#closing === undefined) this.#writer.log(entry);
  }

  async ping(): Promise<void> {
    if (this.#closing !== undefined) throw closed();
    return this.#writer.ping();
  }

  close(): Promise<void> {
    this.#closing ??= this.#stop();
    return this.#closing;
  }

  async #writeResource(command: Command): Promise<WriteResult> {
    try {
      return await this.#writer.write(command);
    } finally {
      this.#snapshot.end();
    }
  }

  /** The directory is up to date before the caller hears of its change. */
  async #writeEndpoint(command: Command): Promise<WriteResult> {
    const result = await this.#writeResource(command);
    this.#directory.refresh(this.#reader.endpoints());
    return result;
  }

  /** @throws ScimError 404 when the endpoint was deleted since the request was routed */
  #rowOf(endpointId: string): number {
    if (this.#closing !== undefined) throw closed();
    const row = this.#directory.rowOf(endpointId);
    if (row === undefined) throw notFound(`endpoint ${endpointId} is not there any more`);
    return row;
  }

  /**
   * Writes that wait are answered before the reader closes: endpoint commands still read with it.
   * The writer closes last, because the last connection to close empties the WAL.
   */
  async #stop(): Promise<void> {
    // A writer that has died or is damaged refuses; what waited for it has been answered then, too.
    await this.#writer.ping().catch(() => undefined);
    await this.#pool.close();
    this.#snapshot.end();
    this.#reader.close();
    await this.#beforeWriterCloses?.();
    await this.#writer.close();
  }
}

function closed(): StoreError {
  return new StoreError('unavailable', 'the store is closed');
}
