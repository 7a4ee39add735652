/**
 * A server and its backup in one thread, driven step by step: the real writer, spool, shippers and
 * jobs, without threads and without waiting for real time. A process is one `LabServer`; it ends by
 * `stop` or by `kill`, which leaves its files as a kill -9 would, in another folder, because the live
 * database must not be touched beside SQLite.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { WalGate } from '../../db-worker/wal-gate.ts';
import type { Clock } from '../../platform/clock.ts';
import { Fleet } from '../fleet.ts';
import type { Jobs } from '../jobs/client.ts';
import { createInProcessJobs } from '../jobs/in-process.ts';
import { Lease } from '../lease.ts';
import type { Shipper } from '../shipper.ts';
import { LiveFile } from '../live-file.ts';
import type { SnapshotEntry } from '../manifest.ts';
import { LineageRecord } from '../lineage-record.ts';
import { prepare, type PrepareParts, type Prepared } from '../prepare.ts';
import { RestRecord } from '../rest-record.ts';
import type { RetentionPolicy } from '../retention.ts';
import { Snapshots } from '../snapshots.ts';
import { Spool } from '../spool.ts';
import { spoolFolderOf } from '../spool-folder.ts';
import { SpoolLoop } from '../spool-loop.ts';
import { Spooler } from '../spooler.ts';
import type { StartOutcome } from '../status.ts';
import { WalFile } from '../wal-scan.ts';
import { LabStorage } from './lab-storage.ts';
import { LabWriter } from '../../../test/support/lab-writer.ts';

/** A clock that stands still until it is set. */
export class LabClock implements Clock {
  #now = 1_800_000_000_000;

  now(): number {
    return this.#now;
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}

export interface LabOptions {
  readonly storages?: number;
  readonly spoolBytesMax?: number;
  readonly retention?: Partial<RetentionPolicy>;
  readonly requestTimeoutMs?: number;
}

const MINUTE_MS = 60_000;
const LEASE_MS = 30_000;
/** Longer than any step of a test takes; a step that never ends is told by name. */
const STUCK_MS = 60_000;

/** What outlives a process: storages, the clock, and the folder of the data. */
export class Lab {
  readonly clock = new LabClock();
  readonly jobs: Jobs;
  readonly storages: readonly LabStorage[];
  readonly folder: string;
  readonly options: LabOptions;
  readonly warnings: string[] = [];
  #disk = 0;
  #processes = 0;

  constructor(folder: string, options: LabOptions = {}) {
    this.folder = folder;
    this.options = options;
    this.jobs = createInProcessJobs(this.clock);
    this.storages = Array.from(
      { length: options.storages ?? 1 },
      (_, index) => new LabStorage(`${folder}/storage-${index}`),
    );
    this.loseDisk();
  }

  get diskFolder(): string {
    return `${this.folder}/disk-${this.#disk}`;
  }

  get databasePath(): string {
    return `${this.diskFolder}/data.db`;
  }

  /** The next process finds an empty disk. */
  loseDisk(): void {
    this.#disk += 1;
    mkdirSync(this.diskFolder, { recursive: true });
  }

  /** The next process finds the disk as it is at this moment. */
  keepDisk(): void {
    const from = this.diskFolder;
    const { holds } = new RestRecord(this.databasePath);
    this.#disk += 1;
    execFileSync('cp', ['-a', from, this.diskFolder]);
    // A kill leaves the file itself, not a copy of it.
    if (holds) new RestRecord(this.databasePath).record(this.clock.now());
  }

  readonly warn = (message: string): void => {
    this.warnings.push(message);
  };

  /** Starts a process. @throws what refuses the start */
  async start(changes: Partial<PrepareParts> = {}): Promise<LabServer> {
    this.#processes += 1;
    const holder = { id: `process-${this.#processes}`, host: 'lab', pid: 1, startedAt: 0 };
    const acquire: PrepareParts['acquire'] = (storage, signal) =>
      Lease.acquire(storage, holder, {
        ttlMs: LEASE_MS,
        signal,
        clock: this.clock,
        isAlive: () => true,
      });
    const spool = Spool.open(spoolFolderOf(this.databasePath));
    const lineage = new LineageRecord(this.databasePath);
    const prepared = await prepare({
      databasePath: this.databasePath,
      lineage,
      storages: this.storages.map(({ faulty }) => faulty),
      spool,
      jobs: this.jobs,
      clock: this.clock,
      remoteAhead: 'refuse',
      open: false,
      required: true,
      timeoutMs: STUCK_MS,
      acquire,
      wasHere: () => true,
      setOwnHere: () => undefined,
      warn: this.warn,
      ...changes,
    });
    return new LabServer(this, { spool, lineage }, prepared, acquire);
  }
}

export class LabServer {
  readonly lab: Lab;
  readonly start: StartOutcome;
  readonly writer: LabWriter;
  readonly gate = WalGate.create();
  readonly spool: Spool;
  readonly spooler: Spooler;
  readonly spooling: SpoolLoop;
  readonly snapshots: Snapshots;
  readonly fleet: Fleet;
  /** Lines told of gaps. */
  readonly gaps: string[] = [];
  readonly fenced: string[] = [];
  /** The newest commit that the first storage was said to hold. */
  shipped = 0;
  readonly #wal: WalFile;
  readonly #live: LiveFile;

  constructor(
    lab: Lab,
    { spool, lineage }: Pick<PrepareParts, 'spool' | 'lineage'>,
    prepared: Prepared,
    acquire: PrepareParts['acquire'],
  ) {
    this.lab = lab;
    this.start = prepared.outcome;
    this.spool = spool;
    const { clock, jobs, databasePath, warn, options } = lab;
    const requestTimeoutMs = options.requestTimeoutMs ?? 2000;
    this.writer = new LabWriter(databasePath, this.gate, clock);
    this.#wal = new WalFile(`${databasePath}-wal`);
    this.#live = new LiveFile(databasePath);
    this.spooler = new Spooler({
      gate: this.gate,
      wal: this.#wal,
      spool,
      clock,
      onGap: (reason) => this.gaps.push(reason),
    });
    this.fleet = new Fleet({
      storages: lab.storages.map(({ faulty }) => faulty),
      spool,
      lineage,
      clock,
      retention: {
        keepAllMs: 10 * MINUTE_MS,
        keepDailyMs: 60 * MINUTE_MS,
        keepLast: 2,
        windowMs: 30 * MINUTE_MS,
        graceMs: 5 * MINUTE_MS,
        ...options.retention,
      },
      leaseMs: LEASE_MS,
      requestTimeoutMs,
      backoffMs: () => 1,
      acquire,
      wasHere: () => true,
      events: {
        shipped: (sequence) => {
          this.shipped = Math.max(this.shipped, sequence);
        },
        fenced: (message) => this.fenced.push(message),
        warning: warn,
      },
    });
    this.spooling = new SpoolLoop({
      gate: this.gate,
      spool,
      spooler: this.spooler,
      shippers: () => this.fleet.shippers,
      intervalMs: 1000,
      atOnce: false,
      spoolBytesMax: options.spoolBytesMax ?? Infinity,
      onTick: () => undefined,
      warn,
    });
    this.snapshots = new Snapshots({
      databasePath,
      live: this.#live,
      logPath: `${lab.diskFolder}/data.logs.db`,
      folder: `${databasePath}.snapshot`,
      jobs,
      clock,
      shippers: () => this.fleet.shippers,
      run: () => this.spooler.run,
      backoffMs: () => 1,
      uploadAttempts: 8,
      uploadTimeoutMs: () => STUCK_MS,
      warn,
    });
    this.#begin(prepared);
  }

  get shippers(): Shipper[] {
    return this.fleet.shippers;
  }

  /** Spools what is committed. */
  pass(): void {
    this.spooling.passAtEnd();
  }

  /** Until every storage has what is spooled, or waits for a snapshot, or is lost to another process. */
  async ship(): Promise<void> {
    this.pass();
    const ending = new AbortController();
    const flushed = this.fleet.flush(ending.signal);
    const isDone = (shipper: Shipper): boolean =>
      shipper.caughtUp || shipper.needsSnapshot || shipper.status().state === 'fenced';
    await until(
      () => this.shippers.every(isDone),
      () => JSON.stringify(this.fleet.statuses()),
    );
    ending.abort();
    await flushed;
  }

  /** @throws when no storage has it at the end */
  snapshot(): Promise<SnapshotEntry> {
    return this.snapshots.take();
  }

  /** As the service does at SIGTERM. @param flush whether to wait for the storages */
  async stop({ flush }: { readonly flush: boolean }): Promise<void> {
    this.pass();
    if (flush) {
      if (this.shippers.some((shipper) => shipper.needsSnapshot)) await this.snapshot();
      await this.ship();
    }
    await this.snapshots.stop();
    await this.fleet.stop({ release: true });
    this.#wal.close();
    this.writer.close();
    this.#live.close();
    new RestRecord(this.lab.databasePath).record(this.lab.clock.now());
  }

  /** Ends at once, without a word to the storages. The disk is kept as it was, unless it is lost. */
  async kill({ disk }: { readonly disk: 'kept' | 'lost' }): Promise<void> {
    const stopped = this.fleet.stop({ release: false });
    if (disk === 'kept') this.lab.keepDisk();
    else this.lab.loseDisk();
    await Promise.all([stopped, this.snapshots.stop()]);
    this.#wal.close();
    this.writer.abandon();
    this.#live.close();
  }

  #begin({ held, unreachable }: Prepared): void {
    this.writer.beginSpooling();
    this.#live.follow();
    const database = this.writer.databaseId;
    this.spooler.begin(database);
    this.fleet.begin(held, unreachable, () => ({
      database,
      run: this.spooler.run,
      sequence: this.spooler.sequence,
    }));
  }
}

/** Goes on turn by turn until something is so. @throws when it never comes to that */
export async function until(isSo: () => boolean, describe: () => string): Promise<void> {
  const deadline = Date.now() + STUCK_MS;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`it never came to an end: ${describe()}`);
    await nextTurn();
  }
}
