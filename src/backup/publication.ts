/**
 * The next manifest, made from the one in force: a chain more, a snapshot more, or what retention
 * leaves of it. Pure; who publishes it gives it its number.
 */
import type { ChainEntry, Manifest, SnapshotEntry } from './manifest.ts';

/** A manifest that is not numbered yet. */
export type ManifestDraft = Omit<Manifest, 'number' | 'createdAt'>;

export function emptyManifest(database: string): ManifestDraft {
  return { format: 1, database, snapshots: [], chains: [], logSnapshots: [], condemned: [] };
}

export function withChain(manifest: ManifestDraft, chain: ChainEntry): ManifestDraft {
  return { ...manifest, chains: [...manifest.chains, chain] };
}

/** Snapshots stay in order of their sequence; the same one twice is listed once. */
export function withSnapshot(manifest: ManifestDraft, snapshot: SnapshotEntry): ManifestDraft {
  const others = manifest.snapshots.filter(({ name }) => name !== snapshot.name);
  return {
    ...manifest,
    snapshots: [...others, snapshot].toSorted((a, b) => a.sequence - b.sequence),
  };
}

export function withLogSnapshot(manifest: ManifestDraft, snapshot: SnapshotEntry): ManifestDraft {
  return { ...manifest, logSnapshots: [...manifest.logSnapshots, snapshot] };
}

/** The number of the chain that comes next. */
export function nextChain(manifest: ManifestDraft): number {
  return (manifest.chains.at(-1)?.chain ?? 0) + 1;
}
