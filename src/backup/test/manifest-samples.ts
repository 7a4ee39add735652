/** Manifests and segments for tests, written down by their positions. One commit a second. */
import type { ChainEntry, Manifest, SnapshotEntry } from '../manifest.ts';
import { segmentName, snapshotName, type SegmentEntry } from '../object-names.ts';

export const EPOCH = 1_700_000_000_000;

/** When a commit was made, when nothing else is said. */
export function timeOf(sequence: number): number {
  return EPOCH + sequence * 1000;
}

export function snapshotAt(sequence: number, takenAt = timeOf(sequence)): SnapshotEntry {
  const sha256 = sequence.toString(16).padStart(16, '0').repeat(4);
  return {
    name: snapshotName(sequence, sha256),
    sequence,
    takenAt,
    bytes: 1,
    sha256,
    databaseBytes: 1,
    databaseSha256: sha256,
    schemaVersion: 1,
    rows: {},
  };
}

export function chainAt(chain: number, from: number, continues = true): ChainEntry {
  return { chain, from, startedAt: timeOf(from), continues };
}

/** @param digit tells segments of one span apart */
export function segmentOf(chain: number, from: number, to: number, digit = '0'): SegmentEntry {
  const parts = { chain, from, to, at: timeOf(to), sha256: digit.repeat(64) };
  return { ...parts, name: segmentName(parts), bytes: 1 };
}

export function manifestOf(changes: Partial<Manifest> = {}): Manifest {
  return {
    format: 1,
    database: 'db',
    number: 1,
    createdAt: EPOCH,
    snapshots: [],
    chains: [],
    logSnapshots: [],
    condemned: [],
    ...changes,
  };
}
