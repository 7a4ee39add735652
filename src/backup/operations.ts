/**
 * What a person asks of the backups, from the command line or the admin API: list, verify, restore
 * into a file, drill. All of it only reads the storages, without their leases, so it is safe while a
 * server runs. A restore never touches a database that is there already.
 */
import { existsSync } from 'node:fs';
import type { BackupConfig } from '../platform/backup-config.ts';
import type { Clock } from '../platform/clock.ts';
import { messageOf, toError } from '../platform/thrown.ts';
import { fetchDatabase } from './fetch-database.ts';
import type { Jobs } from './jobs/client.ts';
import type { SnapshotEntry } from './manifest.ts';
import { readRemote, type Remote } from './remote.ts';
import { restoreRanges, type RestoreTarget } from './restore-plan.ts';
import type { DrillResult, OnProgress, RestoreRange } from './status.ts';
import { openStorage } from './storage/open.ts';
import type { Storage } from './storage/storage.ts';
import { verifyRemote, type Verification } from './verify.ts';

export interface StorageListing {
  readonly storage: string;
  readonly snapshots: readonly SnapshotEntry[];
  readonly ranges: readonly RestoreRange[];
}

export interface RestoredFile {
  readonly storage: string;
  readonly sequence: number;
  /** When the restored content was current, milliseconds since 1970. */
  readonly at: number;
  readonly snapshot: string;
  readonly segments: number;
  readonly durationMs: number;
}

export interface OperationsParts {
  readonly storages: readonly Storage[];
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly warn: (message: string) => void;
}

export class BackupOperations {
  readonly #storages: readonly Storage[];
  readonly #jobs: Jobs;
  readonly #clock: Clock;
  readonly #warn: (message: string) => void;

  constructor({ storages, jobs, clock, warn }: OperationsParts) {
    this.#storages = storages;
    this.#jobs = jobs;
    this.#clock = clock;
    this.#warn = warn;
  }

  /** @throws DamagedObject, StorageError */
  async list(): Promise<StorageListing[]> {
    const listings = this.#storages.map(async (storage) => {
      const remote = await readRemote(storage, noLimit());
      if (remote === undefined) return { storage: storage.label, snapshots: [], ranges: [] };
      const { head, manifest } = remote;
      const ranges = restoreRanges(storage.label, head, manifest);
      return { storage: storage.label, snapshots: manifest.snapshots, ranges };
    });
    return Promise.all(listings);
  }

  /** Reads every object and compares it with its hash, and every chain for gaps. */
  async verify(progress: OnProgress): Promise<Verification> {
    const total = { ok: true, problems: [] as string[], checkedObjects: 0, checkedBytes: 0 };
    for (const storage of this.#storages) {
      const found = await verifyRemote(storage, progress, noLimit());
      total.ok &&= found.ok;
      total.problems.push(...found.problems);
      total.checkedObjects += found.checkedObjects;
      total.checkedBytes += found.checkedBytes;
    }
    return total;
  }

  /**
   * Restores into a new file, from the first storage that leads to the target.
   * @throws Error in one line; the file is not there then
   */
  async restoreInto(
    target: RestoreTarget,
    into: string,
    progress: OnProgress,
  ): Promise<RestoredFile> {
    if (existsSync(into)) throw new Error(`${into} exists already: name a file that does not`);
    const startedAt = this.#clock.now();
    let refusal: Error | undefined;
    for (const remote of await this.#remotes()) {
      try {
        const { plan } = await fetchDatabase(remote, {
          target,
          into,
          scratch: `${into}.download`,
          jobs: this.#jobs,
          signal: noLimit(),
          onProgress: progress,
          warn: this.#warn,
        });
        return {
          storage: remote.storage.label,
          sequence: plan.sequence,
          at: plan.at,
          snapshot: plan.snapshot.name,
          segments: plan.segments.length,
          durationMs: Math.round(this.#clock.now() - startedAt),
        };
      } catch (error) {
        refusal ??= toError(error);
        this.#warn(`${remote.storage.label}: ${messageOf(error)}`);
      }
    }
    throw refusal ?? new Error('no storage holds a backup');
  }

  /**
   * Restores the newest position into a scratch file and checks it. Without the server's database
   * beside it there is nothing to compare content with: the server's own drill does that.
   * @param scratch a file that is not there yet; whoever asked removes it
   */
  async drill(scratch: string, progress: OnProgress): Promise<DrillResult> {
    const at = this.#clock.now();
    const done = (storage: string, sequence: number, problem: string | undefined): DrillResult => ({
      at: Math.floor(at),
      storage,
      ok: problem === undefined,
      sequence,
      durationMs: Math.round(this.#clock.now() - at),
      problem,
    });
    try {
      const restored = await this.restoreInto({}, scratch, progress);
      return done(restored.storage, restored.sequence, undefined);
    } catch (error) {
      return done(this.#storages[0]?.label ?? '', 0, messageOf(error));
    }
  }

  async close(): Promise<void> {
    await this.#jobs.close();
    await Promise.all(this.#storages.map((storage) => storage.close()));
  }

  /** The storages that hold something and answer, in the order of trust. */
  async #remotes(): Promise<Remote[]> {
    const found: Remote[] = [];
    let failure: Error | undefined;
    for (const storage of this.#storages) {
      try {
        const remote = await readRemote(storage, noLimit());
        if (remote !== undefined) found.push(remote);
      } catch (error) {
        failure ??= toError(error);
        this.#warn(messageOf(error));
      }
    }
    if (found.length === 0 && failure !== undefined) throw failure;
    return found;
  }
}

/** @throws StorageError, Error in one line when a storage cannot be opened */
export async function openBackupOperations(
  config: BackupConfig,
  parts: Omit<OperationsParts, 'storages'>,
): Promise<BackupOperations> {
  const storages = await Promise.all(config.storages.map((settings) => openStorage(settings)));
  return new BackupOperations({ ...parts, storages });
}

/** A person waits, and can interrupt: nothing is given up for them. */
function noLimit(): AbortSignal {
  return new AbortController().signal;
}
