/**
 * Takes snapshots, one at a time: copies and checks in a job thread, stores in every storage that
 * answers, then lists. A snapshot counts when at least one storage has listed it.
 */
import { mkdirSync, rmSync } from 'node:fs';
import type { Clock } from '../platform/clock.ts';
import type { Jobs, SnapshotFile } from './jobs/client.ts';
import type { LiveFile } from './live-file.ts';
import type { SnapshotEntry } from './manifest.ts';
import { logSnapshotName, snapshotName } from './object-names.ts';
import type { Shipper } from './shipper.ts';
import { createOnce } from './storage/create-once.ts';
import { withRetries, withTimeLimit } from './storage/with-retries.ts';

export interface SnapshotsParts {
  readonly databasePath: string;
  readonly live: LiveFile;
  readonly logPath: string;
  /** Of our own; emptied before each snapshot. */
  readonly folder: string;
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly shippers: () => readonly Shipper[];
  /** The run of the spool at this moment. */
  readonly run: () => number;
  readonly backoffMs: (attempt: number) => number;
  readonly uploadAttempts: number;
  /** For one attempt, by size. */
  readonly uploadTimeoutMs: (bytes: number) => number;
  readonly warn: (message: string) => void;
}

export class Snapshots {
  readonly #parts: SnapshotsParts;
  readonly #ending = new AbortController();
  #running: Promise<SnapshotEntry> | undefined;
  #count = 0;
  #failures = 0;
  #lastAt: number | undefined;
  #lastError: string | undefined;

  constructor(parts: SnapshotsParts) {
    this.#parts = parts;
  }

  get running(): boolean {
    return this.#running !== undefined;
  }

  /** Snapshots of the data that this process has listed. */
  get count(): number {
    return this.#count;
  }

  /** Attempts that ended without one. */
  get failures(): number {
    return this.#failures;
  }

  /** When the last listed one was taken. */
  get lastAt(): number | undefined {
    return this.#lastAt;
  }

  /** Why the last attempt failed; undefined after one that went well. */
  get lastError(): string | undefined {
    return this.#lastError;
  }

  /**
   * A snapshot that begins after this call.
   * @throws Error in one line when no storage has it at the end
   */
  async take(): Promise<SnapshotEntry> {
    while (this.#running !== undefined) await this.#running.catch(() => undefined);
    if (this.#ending.signal.aborted) throw new Error('the backup is stopping');
    this.#running = this.#takeNow();
    try {
      const entry = await this.#running;
      this.#count += 1;
      this.#lastAt = entry.takenAt;
      this.#lastError = undefined;
      return entry;
    } catch (error) {
      this.#failures += 1;
      this.#lastError = messageOf(error);
      throw error;
    } finally {
      this.#running = undefined;
    }
  }

  /** The request log's own; no segments lead on from it. */
  async takeOfLog(): Promise<void> {
    const file = await this.#parts.jobs.takeLogSnapshot(
      {
        databasePath: this.#parts.logPath,
        folder: this.#emptyFolder('logs'),
      },
      this.#ending.signal,
    );
    const entry = entryOf(file, logSnapshotName(file.takenAt, file.sha256));
    await this.#distribute(file, entry, 0, 'log');
  }

  /** Uploads under way are given up. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#running?.catch(() => undefined);
  }

  async #takeNow(): Promise<SnapshotEntry> {
    let run = this.#parts.run();
    const file = await this.#parts.jobs.takeSnapshot(
      {
        databasePath: this.#parts.databasePath,
        handle: this.#parts.live.handle,
        folder: this.#emptyFolder('data'),
      },
      () => {
        run = this.#parts.run();
      },
      this.#ending.signal,
    );
    const entry = entryOf(file, snapshotName(file.sequence, file.sha256));
    await this.#distribute(file, entry, run, 'data');
    return entry;
  }

  async #distribute(
    file: SnapshotFile,
    entry: SnapshotEntry,
    run: number,
    kind: 'data' | 'log',
  ): Promise<void> {
    const all = this.#parts.shippers();
    if (all.length === 0) throw new Error('no storage answers');
    // One that is away is not waited for, unless all are: then the error should say why.
    const answering = all.filter((shipper) => shipper.answers);
    const shippers = answering.length === 0 ? all : answering;
    try {
      const uploads = await Promise.allSettled(
        shippers.map((shipper) => this.#store(shipper, file, entry, run, kind)),
      );
      const failed = uploads.filter((upload) => upload.status === 'rejected');
      if (failed.length === uploads.length) throw toError(failed[0]?.reason);
      for (const { reason } of failed) this.#parts.warn(messageOf(reason));
    } finally {
      rmSync(file.path, { force: true });
    }
  }

  async #store(
    shipper: Shipper,
    { path, bytes }: SnapshotFile,
    entry: SnapshotEntry,
    run: number,
    kind: 'data' | 'log',
  ): Promise<void> {
    await withRetries(
      (signal) => createOnce(shipper.storage, entry.name, { path, bytes }, signal),
      {
        timeoutMs: this.#parts.uploadTimeoutMs(bytes),
        attempts: this.#parts.uploadAttempts,
        signal: this.#ending.signal,
        delayMs: this.#parts.backoffMs,
      },
    );
    // It stays in the shipper's queue; only nobody waits for a storage that went away meanwhile.
    await withTimeLimit(
      () => shipper.list(entry, run, kind),
      this.#parts.uploadTimeoutMs(bytes),
      this.#ending.signal,
      `${shipper.storage.label}: the list of snapshots`,
    );
  }

  #emptyFolder(name: string): string {
    const folder = `${this.#parts.folder}/${name}`;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    return folder;
  }
}

function entryOf(file: SnapshotFile, name: string): SnapshotEntry {
  const { sequence, takenAt, bytes, sha256, databaseBytes, databaseSha256, schemaVersion, rows } =
    file;
  return {
    name,
    sequence,
    takenAt: Math.floor(takenAt),
    bytes,
    sha256,
    databaseBytes,
    databaseSha256,
    schemaVersion,
    rows,
  };
}

function toError(value: unknown): Error {
  return value instanceof Error ? value : new Error(String(value));
}

function messageOf(error: unknown): string {
  return toError(error).message;
}
