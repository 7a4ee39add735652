/** What a shipper is made of, and what it tells; its own file because the shipper is long. */
import type { Clock } from '../platform/clock.ts';
import type { Lease } from './lease.ts';
import type { Manifest, SnapshotEntry } from './manifest.ts';
import type { RetentionPolicy } from './retention.ts';
import type { Spool } from './spool.ts';
import type { Storage } from './storage/storage.ts';

export interface ShipperParts {
  readonly storage: Storage;
  readonly lease: Lease;
  /** The one in force; undefined when the storage is new. */
  readonly manifest: Manifest | undefined;
  readonly spool: Spool;
  readonly clock: Clock;
  readonly retention: RetentionPolicy;
  /** How long one request to the storage may take. */
  readonly requestTimeoutMs: number;
  /** How long to wait after the nth failure in a row. */
  readonly backoffMs: (attempt: number) => number;
  /** Between two looks at the lease while there is nothing to ship. */
  readonly idleMs: number;
  readonly events: ShipperEvents;
}

export interface ShipperEvents {
  /** Everything up to this commit is stored and published. */
  shipped(sequence: number): void;
  /** A snapshot of this database leads on from here: whatever the storage held before is over. */
  begunAnew(): void;
  /** Another process owns the storage now. */
  fenced(error: Error): void;
  /** One line for the operator; told once until things go well again. */
  warning(message: string): void;
}

/** A snapshot that is stored and waits to be listed. */
export interface Listing {
  readonly entry: SnapshotEntry;
  readonly kind: 'data' | 'log';
  readonly run: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}
