/**
 * Reads what a storage holds: the head, the manifest in force, the segments that count. It writes
 * nothing and needs no lease, so it is safe beside a running server.
 */
import { LIMITS } from '../platform/limits.ts';
import { readHead } from './head.ts';
import { parseManifest } from './manifest-codec.ts';
import type { Head, Manifest } from './manifest.ts';
import { manifestName, parseSegmentName } from './object-names.ts';
import { remoteEndOf, type RemoteEnd } from './onward.ts';
import { chainPrefixesFor, type SegmentEntry } from './restore-plan.ts';
import { readWhole } from './storage/download.ts';
import { inTime } from './storage/in-time.ts';
import type { Storage } from './storage/storage.ts';

/** A storage that holds at least a head and a manifest. */
export interface Remote {
  readonly storage: Storage;
  readonly head: Head;
  readonly manifest: Manifest;
}

/**
 * @returns undefined when nothing was ever backed up there
 * @throws StorageError, DamagedObject
 */
export async function readRemote(
  storage: Storage,
  signal: AbortSignal,
): Promise<Remote | undefined> {
  const head = await readHead(storage, signal);
  return head && readRemoteAt(storage, head, signal);
}

/**
 * The same where the newest head is known.
 * @returns undefined when nothing was ever backed up there
 * @throws StorageError, DamagedObject
 */
export async function readRemoteAt(
  storage: Storage,
  head: Head,
  signal: AbortSignal,
): Promise<Remote | undefined> {
  if (head.manifest === 0) return undefined;
  return { storage, head, manifest: await readManifest(storage, head.manifest, signal) };
}

/** @throws StorageError `missing`, DamagedObject */
export async function readManifest(
  storage: Storage,
  number: number,
  signal: AbortSignal,
): Promise<Manifest> {
  const name = manifestName(number);
  const bytesMax = LIMITS.backupManifestBytes;
  const bytes = await readWhole(storage, name, { bytesMax, signal });
  return parseManifest(name, bytes);
}

/**
 * The segments of the chains that lead on from a commit, in the order of their names. Which of them
 * count is for `planRestore` to say.
 */
export async function listSegments(
  remote: Remote,
  fromSequence: number,
  signal: AbortSignal,
): Promise<SegmentEntry[]> {
  const found: SegmentEntry[] = [];
  for (const prefix of chainPrefixesFor(remote.manifest, fromSequence)) {
    const what = `${remote.storage.label}: ${prefix}`;
    for await (const object of inTime((ends) => remote.storage.list(prefix, ends), what, signal)) {
      const segment = parseSegmentName(object.name);
      if (segment !== undefined) found.push({ ...segment, name: object.name, bytes: object.bytes });
    }
  }
  return found;
}

/** Up to where the storage leads. */
export async function remoteEnd(remote: Remote, signal: AbortSignal): Promise<RemoteEnd> {
  const { head, manifest } = remote;
  return remoteEndOf(head, manifest, await listSegments(remote, head.sequence, signal));
}
