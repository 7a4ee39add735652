/**
 * Brings a database back from a storage: plan, download, verify, build, check. It reads only, so it
 * may run beside a server that writes there. What it cannot restore exactly it refuses by name; a
 * damaged snapshot is gone around, and told, only when an older one leads to the same position.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../platform/thrown.ts';
import { DamagedObject } from './damaged-object.ts';
import { removeDatabase } from './database-files.ts';
import type { DatabaseFacts, Jobs } from './jobs/client.ts';
import { listSegments, type Remote } from './remote.ts';
import { planRestore, type RestorePlan, type RestoreTarget } from './restore-plan.ts';
import type { SpooledSegment } from './spool.ts';
import { downloadObject } from './storage/download.ts';
import { StorageError } from './storage/storage.ts';

export interface FetchOptions {
  /** Default: the newest position. */
  readonly target: RestoreTarget;
  /** The database file to make; must not exist. */
  readonly into: string;
  /** A folder of our own for what is downloaded; emptied before and after. */
  readonly scratch: string;
  readonly jobs: Jobs;
  readonly signal: AbortSignal;
  /** Segments on this disk that lead on from the commit that the storage leads to. */
  readonly onward?: (sequence: number) => readonly SpooledSegment[];
  /** Told of each object that was brought. */
  readonly onProgress?: (done: number, total: number, object: string) => void;
  /** One line for an operator. */
  readonly warn: (message: string) => void;
}

export interface FetchedDatabase {
  readonly plan: RestorePlan;
  /** The segments of this disk that were applied behind those of the plan. */
  readonly onward: readonly SpooledSegment[];
  readonly facts: DatabaseFacts;
}

/** Downloads at once: enough to hide the latency of many small segments. */
const PARALLEL_DOWNLOADS = 8;

/** @throws Unrestorable, DamagedObject, StorageError; `into` is not there then */
export async function fetchDatabase(
  remote: Remote,
  options: FetchOptions,
): Promise<FetchedDatabase> {
  const excluded: string[] = [];
  for (;;) {
    const plan = await choosePlan(remote, options, excluded);
    try {
      return await carryOut(remote, plan, options);
    } catch (error) {
      rmSync(options.into, { force: true });
      if (!isLossOf(error, plan.snapshot.name)) throw error;
      options.warn(
        `${remote.storage.label}: ${messageOf(error)}; trying an older snapshot and more segments`,
      );
      excluded.push(plan.snapshot.name);
    } finally {
      rmSync(options.scratch, { recursive: true, force: true });
    }
  }
}

async function choosePlan(
  remote: Remote,
  { target, signal }: FetchOptions,
  excludeSnapshots: readonly string[],
): Promise<RestorePlan> {
  const { head, manifest } = remote;
  const oldest = manifest.snapshots.find(({ name }) => !excludeSnapshots.includes(name));
  // Without an exclusion, only chains behind the newest snapshot before the target can matter.
  const first = excludeSnapshots.length > 0 ? oldest : newestBefore(remote, target);
  const segments = await listSegments(remote, first?.sequence ?? 0, signal);
  return planRestore(head, manifest, segments, target, { excludeSnapshots });
}

function newestBefore({ manifest }: Remote, target: RestoreTarget) {
  return manifest.snapshots.findLast(
    ({ sequence, takenAt }) =>
      sequence <= (target.sequence ?? Infinity) && takenAt <= (target.time ?? Infinity),
  );
}

async function carryOut(
  remote: Remote,
  plan: RestorePlan,
  options: FetchOptions,
): Promise<FetchedDatabase> {
  const { scratch, onward = () => [] } = options;
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  const objects = [plan.snapshot, ...plan.segments];
  const paths = await downloadAll(remote, objects, options);
  return build(plan, paths, onward(plan.sequence), options);
}

/**
 * The last of the local segments may be made of a log into which somebody else wrote: what the
 * storage holds must not depend on it.
 */
async function build(
  plan: RestorePlan,
  [snapshotPath = '', ...segmentPaths]: readonly string[],
  local: readonly SpooledSegment[],
  { jobs, into, warn }: FetchOptions,
): Promise<FetchedDatabase> {
  const buildWith = async (onward: readonly SpooledSegment[]): Promise<FetchedDatabase> => {
    const facts = await jobs.buildDatabase({
      snapshotPath,
      segmentPaths: [...segmentPaths, ...onward.map(({ path }) => path)],
      into,
      expectSequence: onward.at(-1)?.to ?? plan.sequence,
    });
    return { plan, onward, facts };
  };
  for (const onward of [local, local.slice(0, -1)]) {
    if (onward.length === 0) break;
    try {
      return await buildWith(onward);
    } catch (error) {
      warn(`commit ${onward.at(-1)?.to} cannot be reached with this disk: ${messageOf(error)}`);
      removeDatabase(into);
    }
  }
  return buildWith([]);
}

interface Wanted {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** @throws the first failure, when the others have ended: the folder may be emptied and used again */
async function downloadAll(
  { storage }: Remote,
  objects: readonly Wanted[],
  { scratch, signal, onProgress }: FetchOptions,
): Promise<string[]> {
  const paths = objects.map((_, index) => join(scratch, `object-${index}`));
  const ending = new AbortController();
  const ends = AbortSignal.any([signal, ending.signal]);
  const failures: unknown[] = [];
  let next = 0;
  let done = 0;
  const worker = async (): Promise<void> => {
    while (!ends.aborted) {
      const index = next;
      next += 1;
      const object = objects[index];
      const path = paths[index];
      if (object === undefined || path === undefined) return;
      const { name, bytes, sha256 } = object;
      await downloadObject(storage, name, path, { bytes, sha256, signal: ends });
      done += 1;
      onProgress?.(done, objects.length, name);
    }
  };
  const endOthers = (error: unknown): void => {
    failures.push(error);
    ending.abort();
  };
  const workers = Array.from({ length: PARALLEL_DOWNLOADS }, () => worker().catch(endOthers));
  await Promise.all(workers);
  if (failures.length > 0) throw failures[0];
  signal.throwIfAborted();
  return paths;
}

/** Whether the error says that this very object is gone or damaged. */
function isLossOf(error: unknown, name: string): boolean {
  if (error instanceof DamagedObject) return error.message.includes(name);
  return error instanceof StorageError && error.code === 'missing' && error.message.includes(name);
}
