/**
 * Reads a storage through: every listed snapshot and every segment that counts against its hash, and
 * the chain from each snapshot to the next for gaps. Problems are collected by name, not thrown, so
 * that one damaged object does not hide another.
 */
import { createHash } from 'node:crypto';
import { LIMITS } from '../platform/limits.ts';
import { messageOf } from '../platform/thrown.ts';
import { checkChains } from './chain-check.ts';
import type { Manifest } from './manifest.ts';
import type { SegmentEntry } from './object-names.ts';
import { listSegments, readRemote, type Remote } from './remote.ts';
import type { OnProgress } from './status.ts';
import { inTime } from './storage/in-time.ts';
import type { Storage } from './storage/storage.ts';
import { Timeline } from './timeline.ts';

export interface Verification {
  readonly ok: boolean;
  /** One line each: the object, and what is wrong with it. */
  readonly problems: readonly string[];
  readonly checkedObjects: number;
  readonly checkedBytes: number;
}

interface Claim {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export async function verifyRemote(
  storage: Storage,
  progress: OnProgress,
  signal: AbortSignal,
): Promise<Verification> {
  const problems: string[] = [];
  let claims: Claim[] = [];
  try {
    const remote = await readRemote(storage, signal);
    if (remote !== undefined) {
      claims = await claimsOf(remote, problems, signal);
    }
  } catch (error) {
    problems.push(messageOf(error));
  }
  const checkedBytes = await readAll(storage, claims, problems, progress, signal);
  const ok = problems.length === 0;
  return { ok, problems, checkedObjects: claims.length, checkedBytes };
}

/** The objects that a restore to some position would need; what of them is missing is a problem. */
async function claimsOf(remote: Remote, problems: string[], signal: AbortSignal): Promise<Claim[]> {
  const { storage, head, manifest } = remote;
  const segments = await listSegments(remote, 0, signal);
  const checked = checkChains(head, manifest, segments);
  problems.push(...checked.problems.map((problem) => `${storage.label}: ${problem}`));
  const needed = new Set([...checked.segments, ...leadingOn(manifest, segments)]);
  return [...manifest.snapshots, ...manifest.logSnapshots, ...needed];
}

/** Also what leads up to a gap: how far it goes is claimed nowhere, but one can go back to it. */
function leadingOn(
  { chains, snapshots }: Manifest,
  segments: readonly SegmentEntry[],
): SegmentEntry[] {
  const timeline = new Timeline(chains, segments);
  return snapshots.flatMap(({ sequence }, index) => {
    const until = snapshots[index + 1]?.sequence ?? Infinity;
    return timeline.walk(sequence, until).spans;
  });
}

async function readAll(
  storage: Storage,
  claims: readonly Claim[],
  problems: string[],
  progress: OnProgress,
  signal: AbortSignal,
): Promise<number> {
  let next = 0;
  let done = 0;
  let bytes = 0;
  const reader = async (): Promise<void> => {
    for (;;) {
      const claim = claims[next];
      next += 1;
      if (claim === undefined) return;
      const problem = await problemOf(storage, claim, signal);
      if (problem !== undefined) problems.push(problem);
      bytes += claim.bytes;
      done += 1;
      progress(done, claims.length, claim.name);
    }
  };
  await Promise.all(Array.from({ length: LIMITS.backupVerifyReads }, reader));
  return bytes;
}

async function problemOf(
  storage: Storage,
  { name, bytes, sha256 }: Claim,
  signal: AbortSignal,
): Promise<string | undefined> {
  const hash = createHash('sha256');
  let read = 0;
  try {
    const pieces = inTime(
      (ends) => storage.read(name, { signal: ends }),
      `${storage.label}: ${name}`,
      signal,
    );
    for await (const piece of pieces) {
      hash.update(piece);
      read += piece.byteLength;
    }
  } catch (error) {
    return messageOf(error);
  }
  if (read !== bytes) return `${storage.label}: ${name} has ${read} bytes instead of ${bytes}`;
  if (hash.digest('hex') === sha256) return undefined;
  return `${storage.label}: ${name} is damaged: its content does not match its SHA-256`;
}
