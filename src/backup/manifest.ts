/**
 * What a storage holds, as its newest manifest lists it: snapshots, and the chains of WAL segments
 * that lead on from them. Positions are commit sequences of the database. An object that the
 * manifest in force does not lead to does not exist for a restore.
 */

export interface Manifest {
  readonly format: 1;
  /** `state.database_id` of the database; backups of another are never mixed in. */
  readonly database: string;
  /** Of this manifest, from 1; its object is `manifest/<number>.json`. */
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** In order of `sequence`, oldest first. */
  readonly snapshots: readonly SnapshotEntry[];
  /** In order of `chain`. */
  readonly chains: readonly ChainEntry[];
  /** Snapshots of the request log, oldest first; no chain leads on from them. */
  readonly logSnapshots: readonly SnapshotEntry[];
  /** Taken off the lists; deleted when the grace time is over, so that nobody's restore breaks. */
  readonly condemned: readonly CondemnedObject[];
}

export interface SnapshotEntry {
  /** `snapshots/<sequence>-<first 16 of sha256>.db.zst`. */
  readonly name: string;
  /** Commit sequence of its content. */
  readonly sequence: number;
  /** When its content was current, milliseconds since 1970. */
  readonly takenAt: number;
  /** Of the stored object. */
  readonly bytes: number;
  /** Of the stored object, hex. */
  readonly sha256: string;
  readonly databaseBytes: number;
  /** Of the database file before compression, hex. */
  readonly databaseSha256: string;
  /** Migrations applied. */
  readonly schemaVersion: number;
  /** Rows by table. */
  readonly rows: Readonly<Record<string, number>>;
}

/**
 * A run of segments under `wal/<chain>/`. It begins at `from` and ends where the next chain begins,
 * the last one at the head's sequence. A segment beyond its chain's end was sent by a process that
 * had lost the lease: it does not count.
 */
export interface ChainEntry {
  /** From 1, growing. */
  readonly chain: number;
  /** Its first segment holds the commits after this one. */
  readonly from: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Whether it follows the chain before it without a gap; else a snapshot at or after `from` starts it. */
  readonly continues: boolean;
}

export interface CondemnedObject {
  /** An object, or with a trailing `/` all objects under the prefix. */
  readonly name: string;
  readonly since: number;
}

/**
 * The newest state of a storage, and the lease on it. Heads are numbered objects, `head/<n>.json`:
 * who creates the next one owns the storage, because a name can be created once. So a process that
 * was only slow learns it at its next head.
 */
export interface Head {
  readonly format: 1;
  readonly number: number;
  /** Grows by one with each process that takes the storage. */
  readonly term: number;
  readonly holder: Holder;
  /** `stopped`: the holder has shipped everything and given the lease back. */
  readonly state: 'running' | 'stopped';
  readonly database: string | undefined;
  /** Number of the manifest in force; 0: none yet. */
  readonly manifest: number;
  /** The chain that is being written; 0: none yet. */
  readonly chain: number;
  /** Everything up to this commit is stored. */
  readonly sequence: number;
  /** The last segment's object; undefined when the position is a snapshot's or a chain's beginning. */
  readonly segment: string | undefined;
  /** When the content at `sequence` was current, milliseconds since 1970. */
  readonly at: number;
}

export interface Holder {
  /** Random, per process. */
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly startedAt: number;
}
