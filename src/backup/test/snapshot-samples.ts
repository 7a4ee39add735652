/** Entries of snapshots for tests, valid and complete. */
import type { SnapshotEntry } from '../manifest.ts';
import { snapshotName } from '../object-names.ts';

export function snapshotAt(sequence: number, takenAt = sequence): SnapshotEntry {
  const sha256 = sequence.toString(16).padStart(64, '0');
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
