/**
 * When a snapshot, a drill or a copy of the request log is due. Looked at once in a ship interval;
 * each of the three runs at most once at a time, and never ends the process.
 */
import type { Clock } from '../platform/clock.ts';
import { messageOf } from '../platform/thrown.ts';
import type { Shipper } from './shipper.ts';
import type { Snapshots } from './snapshots.ts';
import type { DrillResult } from './status.ts';

export interface ScheduleParts {
  readonly settings: {
    readonly snapshotIntervalMs: number;
    readonly snapshotBytes: number;
    readonly drillIntervalMs: number | undefined;
    readonly logsIntervalMs: number | undefined;
  };
  readonly clock: Clock;
  /** Newest commit of the writer. */
  readonly committed: () => number;
  /** Bytes of segments since the process began. */
  readonly segmentBytes: () => number;
  readonly shippers: () => readonly Pick<
    Shipper,
    'answers' | 'needsSnapshot' | 'caughtUp' | 'status'
  >[];
  readonly snapshots: Pick<Snapshots, 'running' | 'take' | 'takeOfLog'>;
  readonly lastDrillAt: () => number | undefined;
  readonly drill: () => Promise<DrillResult>;
  readonly warn: (message: string) => void;
}

/** After an attempt that failed, whatever made it due. */
const RETRY_MS = 15_000;
/** A server that was just started has better things to do than a drill. */
const FIRST_DRILL_MS = 10 * 60_000;

export class Schedule {
  readonly #parts: ScheduleParts;
  readonly #startedAt: number;
  #snapshotTriedAt = -Infinity;
  #snapshotFailed = false;
  #bytesAtSnapshot = 0;
  #drillTriedAt = -Infinity;
  #logsTriedAt: number;
  #drilling = false;

  constructor(parts: ScheduleParts) {
    this.#parts = parts;
    this.#startedAt = parts.clock.now();
    this.#logsTriedAt = this.#startedAt;
  }

  tick(): void {
    const now = this.#parts.clock.now();
    // A clock that was set back must not put everything off until it has caught up.
    this.#snapshotTriedAt = Math.min(this.#snapshotTriedAt, now);
    this.#drillTriedAt = Math.min(this.#drillTriedAt, now);
    this.#logsTriedAt = Math.min(this.#logsTriedAt, now);
    if (this.#snapshotIsDue(now)) void this.#snapshot(now);
    else if (this.#logsAreDue(now)) void this.#logs(now);
    else if (this.#drillIsDue(now)) void this.#drill(now);
  }

  #snapshotIsDue(now: number): boolean {
    const { snapshots, settings, shippers, committed, segmentBytes } = this.#parts;
    const answering = shippers().filter((shipper) => shipper.answers);
    if (snapshots.running || answering.length === 0) return false;
    if (this.#snapshotFailed && now - this.#snapshotTriedAt < RETRY_MS) return false;
    if (answering.some((shipper) => shipper.needsSnapshot)) return true;
    const last = answering[0]?.status().lastSnapshot;
    if (last === undefined || last.sequence >= committed()) return false;
    // One that lies ahead was told by a clock that was wrong: it says nothing.
    const lastAt = last.takenAt <= now ? last.takenAt : -Infinity;
    const since = this.#snapshotFailed ? lastAt : Math.max(lastAt, this.#snapshotTriedAt);
    return (
      now - since >= settings.snapshotIntervalMs ||
      segmentBytes() - this.#bytesAtSnapshot >= settings.snapshotBytes
    );
  }

  async #snapshot(now: number): Promise<void> {
    this.#snapshotTriedAt = now;
    this.#bytesAtSnapshot = this.#parts.segmentBytes();
    this.#snapshotFailed = false;
    try {
      await this.#parts.snapshots.take();
    } catch (error) {
      this.#snapshotFailed = true;
      this.#parts.warn(`no snapshot was taken: ${messageOf(error)}`);
    }
  }

  #logsAreDue(now: number): boolean {
    const { logsIntervalMs } = this.#parts.settings;
    if (logsIntervalMs === undefined || this.#parts.snapshots.running) return false;
    return now - this.#logsTriedAt >= logsIntervalMs && this.#parts.shippers().length > 0;
  }

  async #logs(now: number): Promise<void> {
    this.#logsTriedAt = now;
    try {
      await this.#parts.snapshots.takeOfLog();
    } catch (error) {
      this.#parts.warn(`the request log was not backed up: ${messageOf(error)}`);
    }
  }

  #drillIsDue(now: number): boolean {
    const { drillIntervalMs } = this.#parts.settings;
    if (drillIntervalMs === undefined || this.#drilling || this.#parts.snapshots.running) {
      return false;
    }
    const ready = this.#parts.shippers().some((shipper) => shipper.answers && shipper.caughtUp);
    if (!ready) return false;
    const last = Math.max(this.#parts.lastDrillAt() ?? -Infinity, this.#drillTriedAt);
    if (last > now || last === -Infinity) {
      return now - this.#startedAt >= Math.min(FIRST_DRILL_MS, drillIntervalMs);
    }
    return now - last >= drillIntervalMs;
  }

  async #drill(now: number): Promise<void> {
    this.#drillTriedAt = now;
    this.#drilling = true;
    try {
      await this.#parts.drill();
    } catch (error) {
      this.#parts.warn(`no drill was done: ${messageOf(error)}`);
    } finally {
      this.#drilling = false;
    }
  }
}
