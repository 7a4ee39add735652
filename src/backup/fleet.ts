/**
 * The storages of one backup and their shippers. One that did not answer at the start joins as soon
 * as it does, unless what it holds shows that it must not: then it is told, again and again, and
 * never written to.
 */
import type { Clock } from '../platform/clock.ts';
import { messageOf } from '../platform/thrown.ts';
import { holderName } from './lease-claim.ts';
import type { LineageRecord } from './lineage-record.ts';
import type { Head } from './manifest.ts';
import { holdStorage, type Acquire, type HeldStorage } from './hold-storages.ts';
import type { RetentionPolicy } from './retention.ts';
import { Shipper } from './shipper.ts';
import type { Spool } from './spool.ts';
import type { StorageStatus } from './status.ts';
import { StepLoop } from './step-loop.ts';
import type { Storage } from './storage/storage.ts';

export interface FleetParts {
  /** In the order of trust. */
  readonly storages: readonly Storage[];
  readonly spool: Spool;
  readonly lineage: LineageRecord;
  readonly clock: Clock;
  readonly retention: RetentionPolicy;
  readonly leaseMs: number;
  readonly requestTimeoutMs: number;
  readonly backoffMs: (attempt: number) => number;
  readonly acquire: Acquire;
  /** Whether a process ran on this disk. */
  readonly wasHere: (holderId: string) => boolean;
  readonly events: FleetEvents;
}

export interface FleetEvents {
  /** The first storage has everything up to this commit. */
  shipped(sequence: number): void;
  /** Another process owns a storage now. */
  fenced(message: string): void;
  warning(message: string): void;
}

/** Where the spool is: its run, and the last commit in it. */
export interface SpoolEnd {
  readonly database: string;
  readonly run: number;
  readonly sequence: number;
}

export class Fleet {
  readonly #parts: FleetParts;
  readonly #shippers = new Map<Storage, Shipper>();
  readonly #joining: StepLoop[] = [];
  readonly #errors = new Map<Storage, { readonly message: string; readonly at: number }>();

  constructor(parts: FleetParts) {
    this.#parts = parts;
  }

  /** The shippers of the storages whose lease is ours, in the order of trust. */
  get shippers(): Shipper[] {
    return this.#parts.storages.flatMap((storage) => this.#shippers.get(storage) ?? []);
  }

  /**
   * @param end asked again when a storage joins later
   */
  begin(held: readonly HeldStorage[], unreachable: readonly Storage[], end: () => SpoolEnd): void {
    for (const storage of held) this.#add(storage, end());
    for (const storage of unreachable) this.#join(storage, end);
  }

  statuses(): StorageStatus[] {
    return this.#parts.storages.map(
      (storage) => this.#shippers.get(storage)?.status() ?? this.#absentStatus(storage),
    );
  }

  /** @returns whether every storage had everything when the signal came */
  async flush(signal: AbortSignal): Promise<boolean> {
    const flushed = await Promise.all(this.shippers.map((shipper) => shipper.flush(signal)));
    return flushed.length === this.#parts.storages.length && flushed.every(Boolean);
  }

  /** Ends all loops. With `release`, the storages are given back. */
  async stop({ release }: { readonly release: boolean }): Promise<void> {
    await Promise.all(this.#joining.map((loop) => loop.stop()));
    await Promise.all(this.shippers.map((shipper) => shipper.stop({ release })));
  }

  #add({ storage, lease, remote, end }: HeldStorage, { database, run }: SpoolEnd): void {
    const { spool, clock, retention, requestTimeoutMs, backoffMs, leaseMs, events } = this.#parts;
    const { lineage } = this.#parts;
    const shipper = new Shipper({
      storage,
      lease,
      manifest: remote?.manifest,
      spool,
      clock,
      retention,
      requestTimeoutMs,
      backoffMs,
      idleMs: leaseMs / 3,
      events: {
        shipped: (sequence) => {
          if (storage === this.#parts.storages[0]) events.shipped(sequence);
        },
        begunAnew: () => lineage.add(storage.label),
        fenced: (error) => events.fenced(error.message),
        warning: (message) => events.warning(message),
      },
    });
    this.#shippers.set(storage, shipper);
    this.#errors.delete(storage);
    shipper.begin(database, lineage.leadsHere(storage.label) ? end : undefined, run);
  }

  #join(storage: Storage, end: () => SpoolEnd): void {
    const { leaseMs, requestTimeoutMs, backoffMs, acquire, clock, events } = this.#parts;
    const loop = new StepLoop({
      step: async () => {
        const timeoutMs = leaseMs + requestTimeoutMs;
        const held = await holdStorage(
          storage,
          { acquire, timeoutMs },
          (found) => this.#refuseOvertaken(storage, found),
          loop.signal,
        );
        await this.#refuseForeign(held, end());
        this.#add(held, end());
        events.warning(`${storage.label} answers now: it takes backups again`);
        void loop.stop();
        return false;
      },
      idleMs: leaseMs,
      backoffMs,
      onFailure: (error) => {
        const message = messageOf(error);
        if (this.#errors.get(storage)?.message !== message) events.warning(message);
        this.#errors.set(storage, { message, at: clock.now() });
        return true;
      },
      onSuccess: () => undefined,
    });
    this.#joining.push(loop);
    loop.start();
  }

  #refuseOvertaken({ label }: Storage, { holder }: Head): void {
    if (this.#parts.wasHere(holder.id)) return;
    throw new Error(
      `${label} was last used by ${holderName(holder)}, which did not run on this disk: it is not used`,
    );
  }

  /** It could not be asked before the start; now its content decides. */
  async #refuseForeign(held: HeldStorage, { database, sequence }: SpoolEnd): Promise<void> {
    const { storage, lease, remote, end } = held;
    if (remote === undefined || end === undefined) return;
    const foreign = remote.manifest.database !== database;
    if (!foreign && end.sequence <= sequence) return;
    await lease.release(AbortSignal.timeout(this.#parts.requestTimeoutMs));
    const what = foreign ? 'holds backups of another database' : 'is ahead of the local database';
    throw new Error(`${storage.label} ${what}: it is not used`);
  }

  #absentStatus(storage: Storage): StorageStatus {
    const error = this.#errors.get(storage);
    return {
      label: storage.label,
      state: 'retrying',
      sequence: 0,
      at: undefined,
      waitingSegments: 0,
      waitingBytes: 0,
      lastError: error?.message ?? 'it has not answered since the start',
      lastErrorAt: error?.at,
      snapshots: 0,
      lastSnapshot: undefined,
    };
  }
}
