/**
 * The embedded store with its backup: which of the two opens and closes first, when a write counts
 * as acknowledged, and how the store goes back to an earlier position while the server runs. While
 * it does, every request is refused with `unavailable`; nothing of it can be half done.
 */
import type { BackupClient } from './backup/client.ts';
import type { FetchedDraft } from './backup/messages.ts';
import type { RestoreTarget } from './backup/restore-plan.ts';
import type { StartOutcome } from './backup/status.ts';
import type { Writer } from './db-worker/writer.ts';
import { openEmbeddedStore, type EmbeddedStore } from './embedded-store.ts';
import type { LaunchedBackup } from './launched-backup.ts';
import type { LaunchedWriter } from './launched-writer.ts';
import type { JsonObject } from './scim/json.ts';
import type { Profile } from './scim/schema/registry.ts';
import { recordAtRest } from './record-at-rest.ts';
import type { BulkCommand, Command, RequestLogEntry } from './store/commands.ts';
import type { StoreMetrics } from './store-metrics.ts';
import type { Credential } from './store/credential.ts';
import type { Endpoint } from './store/endpoint.ts';
import type { RequestContent } from './store/request-content.ts';
import type { Caller, GetQuery, SearchQuery } from './store/queries.ts';
import type { Run, RunChange } from './store/request-logs.ts';
import {
  lastSequence,
  type BulkResult,
  type EndpointStats,
  type SearchResult,
  type StoredResource,
  type WriteResult,
} from './store/results.ts';
import type { Store } from './store/store.ts';

export interface BackedUpStoreOptions {
  readonly databasePath: string;
  readonly filterWorkers: number;
  /** Bytes. */
  readonly filterMemory: number;
  readonly backup: LaunchedBackup;
  readonly writer: LaunchedWriter;
  /** The store could not be opened again: the process must stop. */
  readonly onLost: (error: Error) => void;
}

/** What going back came to. */
export interface WentBack extends Omit<FetchedDraft, 'path'> {
  /** Where the former database is kept. */
  readonly setAside: string;
  /** Why no storage holds the new state yet; undefined when one does. */
  readonly notBackedUp: string | undefined;
}

export class BackedUpStore implements Store {
  readonly #options: BackedUpStoreOptions;
  readonly #backup: BackupClient;
  readonly #confirms: boolean;
  #store: EmbeddedStore;
  #beforeWriterCloses: () => Promise<void>;
  #shipped = true;
  #goingBack = false;

  /** How the database at hand came to be. */
  readonly start: StartOutcome;

  private constructor(
    options: BackedUpStoreOptions,
    { client, start }: { readonly client: BackupClient; readonly start: StartOutcome },
    store: EmbeddedStore,
  ) {
    this.#options = options;
    this.#backup = client;
    this.#confirms = options.backup.config.acknowledge === 'remote';
    this.#store = store;
    this.start = start;
    this.#beforeWriterCloses = () => this.#finish();
  }

  /** @throws Error in one line when the start is refused */
  static async open(options: BackedUpStoreOptions): Promise<BackedUpStore> {
    const backup = await options.backup.opened.catch((error: unknown) => {
      options.writer.giveUp();
      throw error;
    });
    try {
      const store = await openStore(options, backup.client, options.writer.started, () =>
        opened.beforeWriterCloses(),
      );
      const opened = new BackedUpStore(options, backup, store);
      return opened;
    } catch (error) {
      await backup.client.finish(0).catch(() => undefined);
      throw error;
    }
  }

  /** For questions about backups; everything that changes the store goes through this class. */
  get backup(): BackupClient {
    return this.#backup;
  }

  /** Whether everything was shipped; true until `close` has found otherwise. */
  get shipped(): boolean {
    return this.#shipped;
  }

  write(command: Command, profile?: Profile): Promise<WriteResult> {
    return this.#confirms
      ? this.#writeConfirmed(command, profile)
      : this.#store.write(command, profile);
  }

  async writeBulk(command: BulkCommand, profile?: Profile): Promise<BulkResult> {
    const result = await this.#store.writeBulk(command, profile);
    if (this.#confirms) await this.#backup.confirm(lastSequence(result));
    return result;
  }

  get(query: GetQuery, caller?: Caller): Promise<StoredResource | undefined> {
    return this.#store.get(query, caller);
  }

  search(query: SearchQuery, caller?: Caller): Promise<SearchResult> {
    return this.#store.search(query, caller);
  }

  explain(query: SearchQuery, values: 'shown' | 'hidden'): Promise<JsonObject> {
    return this.#store.explain(query, values);
  }

  endpoint(idOrName: string): Endpoint | undefined {
    return this.#store.endpoint(idOrName);
  }

  endpoints(): readonly Endpoint[] {
    return this.#store.endpoints();
  }

  endpointStats(endpointId: string): Promise<EndpointStats> {
    return this.#store.endpointStats(endpointId);
  }

  credential(id: string): Credential | undefined {
    return this.#store.credential(id);
  }

  credentials(endpointId: string): readonly Credential[] {
    return this.#store.credentials(endpointId);
  }

  get metrics(): StoreMetrics {
    return this.#store.metrics;
  }

  log(entry: RequestLogEntry): void {
    this.#store.log(entry);
  }

  logContent(content: RequestContent): void {
    this.#store.logContent(content);
  }

  clearLog(endpointId: string | undefined): Promise<void> {
    return this.#store.clearLog(endpointId);
  }

  changeRun(change: RunChange): Promise<Run | undefined> {
    return this.#store.changeRun(change);
  }

  ping(): Promise<void> {
    return this.#store.ping();
  }

  /** What the file is like when nobody has it open any more is what the next start must find. */
  async close(): Promise<void> {
    await this.#store.close();
    recordAtRest(this.#options.databasePath);
  }

  /**
   * Replaces the data by that of an earlier position. Everything that takes long happens while the
   * store still serves; then it closes, changes the file, and opens again.
   * @throws Error in one line; the store serves what it served before, unless the line says otherwise
   */
  async goBack(target: RestoreTarget): Promise<WentBack> {
    if (this.#goingBack) throw new Error('a restore is running already');
    this.#goingBack = true;
    try {
      const draft = await this.#backup.call('fetch', target);
      const setAside = await this.#replaceBy(draft);
      const { storage, sequence, at, snapshot, segments } = draft;
      const notBackedUp = await this.#snapshotFailure();
      return { storage, sequence, at, snapshot, segments, setAside, notBackedUp };
    } finally {
      this.#goingBack = false;
    }
  }

  async beforeWriterCloses(): Promise<void> {
    await this.#beforeWriterCloses();
  }

  async #writeConfirmed(command: Command, profile: Profile | undefined): Promise<WriteResult> {
    const result = await this.#store.write(command, profile);
    await this.#backup.confirm(result.sequence);
    return result;
  }

  /** Until a snapshot is stored, a lost disk would bring back what was there before. */
  async #snapshotFailure(): Promise<string | undefined> {
    try {
      await this.#backup.call('snapshot', null);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** @returns where the former database is kept */
  async #replaceBy(draft: FetchedDraft): Promise<string> {
    this.#beforeWriterCloses = async () => {
      await this.#backup.call('suspend', null);
    };
    await this.#closeForGood();
    try {
      const { setAside } = await this.#backup.call('install', draft);
      return setAside;
    } finally {
      this.#beforeWriterCloses = () => this.#finish();
      await this.#reopen();
    }
  }

  /** A store that is half closed serves nothing: then the process must start anew. */
  async #closeForGood(): Promise<void> {
    try {
      await this.#store.close();
    } catch (error) {
      const lost = error instanceof Error ? error : new Error(String(error));
      this.#options.onLost(lost);
      throw new Error(`the store could not be closed: ${lost.message}`, { cause: error });
    }
  }

  async #reopen(): Promise<void> {
    try {
      this.#store = await openStore(
        this.#options,
        this.#backup,
        this.#options.writer.startAgain(),
        () => this.beforeWriterCloses(),
      );
    } catch (error) {
      const lost = error instanceof Error ? error : new Error(String(error));
      this.#options.onLost(lost);
      throw new Error(`the store could not be opened again: ${lost.message}`, { cause: error });
    }
  }

  async #finish(): Promise<void> {
    this.#shipped = await this.#backup.finish(this.#options.backup.config.stopBudgetMs);
  }
}

/** The writer, its pin, the spool, and then the reading half. */
async function openStore(
  { databasePath, filterWorkers, filterMemory, backup, writer }: BackedUpStoreOptions,
  client: BackupClient,
  starting: Promise<Writer>,
  beforeWriterCloses: () => Promise<void>,
): Promise<EmbeddedStore> {
  backup.gate.setGated(true);
  backup.gate.allowOpen();
  const started = await starting;
  await started.beginSpooling();
  const begun = client.call('begin', null);
  // Should opening fail, nobody awaits it.
  begun.catch(() => undefined);
  const store = openEmbeddedStore(started, {
    path: databasePath,
    filterWorkers,
    filterMemory,
    onWarning: writer.warn,
    beforeWriterCloses,
  });
  // Nothing is committed before.
  await begun;
  return store;
}
