/**
 * The backup of one server: spools what the writer commits, ships the spool to each storage, takes
 * snapshots and drills when they are due. It knows no threads; `worker.ts` runs it on one of its own.
 * In order: `prepare` before the writer opens the database, `begin` after it, `finish` before it closes.
 */
import type { WalGate } from '../db-worker/wal-gate.ts';
import type { Clock } from '../platform/clock.ts';
import { messageOf } from '../platform/thrown.ts';
import { openReader } from '../sqlite/open.ts';
import { StateTable, type State } from '../sqlite/tables/state.ts';
import { runDrill } from './drill.ts';
import { DrillRecord } from './drill-record.ts';
import { Fleet } from './fleet.ts';
import type { Jobs } from './jobs/client.ts';
import type { SnapshotEntry } from './manifest.ts';
import type { Acquire, HeldStorage } from './hold-storages.ts';
import { LineageRecord } from './lineage-record.ts';
import type { LiveFile } from './live-file.ts';
import { prepare } from './prepare.ts';
import { RestRecord } from './rest-record.ts';
import { Schedule } from './schedule.ts';
import type { BackupEvents, BackupSettings } from './settings.ts';
import { Snapshots } from './snapshots.ts';
import { Spool } from './spool.ts';
import { spoolFolderOf } from './spool-folder.ts';
import { SpoolLoop } from './spool-loop.ts';
import { Spooler } from './spooler.ts';
import type { BackupStatus, DrillResult, StartOutcome } from './status.ts';
import type { Storage } from './storage/storage.ts';
import { WalFile } from './wal-scan.ts';

export interface BackupServiceParts {
  readonly settings: BackupSettings;
  /** In the order of trust. */
  readonly storages: readonly Storage[];
  readonly gate: WalGate;
  /** Stays open when this ends: the writer closes later. */
  readonly live: LiveFile;
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly acquire: Acquire;
  /** Whether a process ran on this disk. */
  readonly wasHere: (holderId: string) => boolean;
  /** Records whether this process counts as one that ran on this disk. */
  readonly setOwnHere: (isHere: boolean) => void;
  readonly events: BackupEvents;
}

export class BackupService {
  readonly #parts: BackupServiceParts;
  readonly #settings: BackupSettings;
  readonly #spool: Spool;
  readonly #lineage: LineageRecord;
  readonly #spooler: Spooler;
  readonly #wal: WalFile;
  readonly #spooling: SpoolLoop;
  readonly #snapshots: Snapshots;
  readonly #schedule: Schedule;
  readonly #drills: DrillRecord;
  readonly #fleet: Fleet;
  readonly #ending = new AbortController();
  #held: readonly HeldStorage[] = [];
  #unreachable: readonly Storage[] = [];
  #start: StartOutcome | undefined;
  #rest: RestRecord | undefined;
  #gapsAtStart = 0;

  constructor(parts: BackupServiceParts) {
    this.#parts = parts;
    this.#settings = parts.settings;
    const { settings, gate, clock, jobs, events } = parts;
    this.#spool = Spool.open(spoolFolderOf(settings.databasePath));
    this.#lineage = new LineageRecord(settings.databasePath);
    this.#wal = new WalFile(`${settings.databasePath}-wal`);
    this.#spooler = new Spooler({
      gate,
      wal: this.#wal,
      spool: this.#spool,
      clock,
      onGap: (reason) => events.warning(`${reason}: a snapshot follows`),
    });
    this.#fleet = new Fleet({
      storages: parts.storages,
      spool: this.#spool,
      lineage: this.#lineage,
      clock,
      retention: settings.retention,
      leaseMs: settings.leaseMs,
      requestTimeoutMs: settings.bounds.requestTimeoutMs,
      backoffMs: settings.bounds.backoffMs,
      acquire: parts.acquire,
      wasHere: parts.wasHere,
      events,
    });
    this.#spooling = new SpoolLoop({
      gate,
      spool: this.#spool,
      spooler: this.#spooler,
      shippers: () => this.#fleet.shippers,
      intervalMs: settings.shipIntervalMs,
      atOnce: settings.acknowledge === 'remote',
      spoolBytesMax: settings.spoolBytesMax,
      onTick: () => {
        this.#rest?.recordWhenQuiet(clock.now());
        this.#schedule.tick();
      },
      warn: (message) => events.warning(message),
    });
    this.#snapshots = new Snapshots({
      databasePath: settings.databasePath,
      live: parts.live,
      logPath: settings.logPath,
      folder: `${settings.databasePath}.snapshot`,
      jobs,
      clock,
      shippers: () => this.#fleet.shippers,
      run: () => this.#spooler.run,
      backoffMs: settings.bounds.backoffMs,
      uploadAttempts: settings.bounds.uploadAttempts,
      uploadTimeoutMs: (bytes) =>
        settings.bounds.requestTimeoutMs + (bytes / settings.bounds.uploadBytesPerSecondMin) * 1000,
      warn: (message) => events.warning(message),
    });
    this.#drills = new DrillRecord(`${spoolFolderOf(settings.databasePath)}.drill.json`);
    this.#schedule = new Schedule({
      settings,
      clock,
      committed: () => gate.committed().sequence,
      segmentBytes: () => this.#spooling.bytesSpooled,
      shippers: () => this.#fleet.shippers,
      snapshots: this.#snapshots,
      lastDrillAt: () => this.#drills.last?.at,
      drill: () => this.drill(),
      warn: (message) => events.warning(message),
    });
  }

  /** Before the writer opens the database. @throws Error in one line when the server must not start */
  async prepare({ open }: { readonly open: boolean }): Promise<StartOutcome> {
    const { settings, storages, jobs, clock, acquire, wasHere, setOwnHere, events } = this.#parts;
    const { outcome, held, unreachable, gap } = await prepare({
      databasePath: settings.databasePath,
      storages,
      spool: this.#spool,
      lineage: this.#lineage,
      jobs,
      clock,
      remoteAhead: settings.remoteAhead,
      open,
      required: settings.required,
      timeoutMs: settings.leaseMs + settings.bounds.requestTimeoutMs,
      acquire,
      wasHere,
      setOwnHere,
      warn: (message) => events.warning(message),
    });
    this.#gapsAtStart = gap ? 1 : 0;
    this.#held = held;
    this.#unreachable = unreachable;
    this.#start = outcome;
    return outcome;
  }

  /**
   * After the writer has opened the database and taken its pin, before it commits anything. Also
   * after `suspend`, when the writer has opened it again.
   */
  begin(): void {
    const { databaseId: database } = stateOf(this.#settings.databasePath);
    this.#parts.live.follow();
    this.#rest = new RestRecord(this.#settings.databasePath);
    this.#spooler.begin(database);
    this.#fleet.begin(this.#held, this.#unreachable, () => ({
      database,
      run: this.#spooler.run,
      sequence: this.#spooler.sequence,
    }));
    this.#held = [];
    this.#unreachable = [];
    this.#spooling.start();
  }

  /** Another database stands where the spooled one was: a snapshot of it begins a new run. */
  replaced(): void {
    const { databaseId, commit } = stateOf(this.#settings.databasePath);
    this.#spool.moveTo({
      database: databaseId,
      run: (this.#spool.position?.run ?? 0) + 1,
      sequence: commit,
      wal: undefined,
      brokenAt: commit,
    });
  }

  /** The writer commits nothing any more and is about to close: ships what is left. */
  async suspend(): Promise<void> {
    await this.#spooling.stop();
    this.#spooling.passAtEnd();
    const signal = AbortSignal.timeout(this.#settings.bounds.requestTimeoutMs);
    await this.#fleet.flush(signal);
    this.#wal.close();
  }

  /** @throws Error in one line when no storage has the snapshot at the end */
  snapshotNow(): Promise<SnapshotEntry> {
    return this.#snapshots.take();
  }

  /** Against the first storage that answers. */
  async drill(): Promise<DrillResult> {
    const [shipper] = this.#fleet.shippers;
    if (shipper === undefined) throw new Error('no storage answers');
    const { settings, jobs, clock, events } = this.#parts;
    const result = await runDrill({
      databasePath: settings.databasePath,
      storage: shipper.storage,
      scratch: `${settings.databasePath}.drill`,
      jobs,
      clock,
      signal: this.#ending.signal,
      cutAt: (sequence) => this.#spooling.cutAt(sequence),
      shipped: async (sequence) => {
        await shipper.flush(AbortSignal.timeout(settings.bounds.requestTimeoutMs * 2));
        return shipper.sequence >= sequence;
      },
      warn: (message) => events.warning(message),
    });
    this.#drills.keep(result);
    if (result.problem !== undefined) events.warning(`the drill failed: ${result.problem}`);
    return result;
  }

  status(): BackupStatus {
    return {
      start: this.#start,
      committed: this.#parts.gate.committed().sequence,
      spooled: this.#spooler.sequence,
      spoolBytes: this.#spool.bytes,
      spoolBytesMax: this.#settings.spoolBytesMax,
      storages: this.#fleet.statuses(),
      snapshotRunning: this.#snapshots.running,
      backupCount: this.#snapshots.count,
      snapshotFailures: this.#snapshots.failures,
      lastSnapshotAt: this.#snapshots.lastAt,
      lastSnapshotError: this.#snapshots.lastError,
      lastDrill: this.#drills.last,
      gaps: this.#gapsAtStart + this.#spooler.gaps,
    };
  }

  /** The storages of this backup, for reading. */
  get storages(): readonly Storage[] {
    return this.#parts.storages;
  }

  /**
   * Ships what is left and gives the storages back. The writer commits nothing any more, and closes
   * after this.
   * @returns whether every storage has everything
   */
  async finish(budgetMs: number): Promise<boolean> {
    const budget = AbortSignal.timeout(budgetMs);
    await this.#spooling.stop();
    this.#spooling.passAtEnd();
    if (this.#fleet.shippers.some((shipper) => shipper.needsSnapshot && shipper.answers)) {
      await this.#lastSnapshot(budget);
    }
    const flushed = await this.#fleet.flush(budget);
    this.#ending.abort();
    await this.#snapshots.stop();
    await this.#fleet.stop({ release: true });
    this.#wal.close();
    const { committed } = this.status();
    return flushed && this.#fleet.shippers.every(({ sequence }) => sequence >= committed);
  }

  /** Where segments do not lead on, only a snapshot saves the last commits. */
  async #lastSnapshot(budget: AbortSignal): Promise<void> {
    const over = new Promise<void>((resolve) => {
      budget.addEventListener('abort', () => resolve());
    });
    const taken = this.#snapshots.take().then(
      () => undefined,
      (error: unknown) => this.#parts.events.warning(messageOf(error)),
    );
    await Promise.race([taken, over]);
  }
}

function stateOf(path: string): State {
  const db = openReader(path);
  try {
    return new StateTable(db).read();
  } finally {
    db.close();
  }
}
