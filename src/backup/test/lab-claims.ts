/**
 * What the storages of a lab claim, put to the test: every position is restored and compared with
 * what the database held then, or refused by name. The history is the test's own memory of the
 * database's content after each commit.
 */
import { rmSync } from 'node:fs';
import { DamagedObject } from '../damaged-object.ts';
import { fetchDatabase } from '../fetch-database.ts';
import type { Jobs } from '../jobs/client.ts';
import { listSegments, readRemote, type Remote } from '../remote.ts';
import { restoreRanges, Unrestorable } from '../restore-plan.ts';
import type { RestoreRange } from '../status.ts';
import { StorageError, type Storage } from '../storage/storage.ts';
import { Timeline } from '../timeline.ts';

/** Which contents each commit had. More than one, when somebody wrote who counts no commits. */
export class History {
  readonly #hashes = new Map<number, Set<string>>();

  record(sequence: number, hash: string): void {
    const known = this.#hashes.get(sequence);
    if (known === undefined) this.#hashes.set(sequence, new Set([hash]));
    else known.add(hash);
  }

  has(sequence: number, hash: string | undefined): boolean {
    return hash !== undefined && this.#hashes.get(sequence)?.has(hash) === true;
  }

  /** What came after was lost: its numbers are given again. */
  forgetAfter(sequence: number): void {
    for (const known of this.#hashes.keys()) {
      if (known > sequence) this.#hashes.delete(known);
    }
  }
}

export interface ClaimCheck {
  readonly storage: Storage;
  readonly history: History;
  readonly jobs: Jobs;
  readonly scratch: string;
  /** Objects were spoiled on purpose: a claimed position may be refused, by name. */
  readonly spoiled: boolean;
  /** Picks which of many positions are restored; from 0 to 1. */
  readonly random: () => number;
  readonly positionsMax: number;
}

/** @returns positions restored; 0 when the storage holds nothing. @throws Error that says what is wrong */
export async function checkClaims(check: ClaimCheck): Promise<number> {
  const signal = new AbortController().signal;
  const remote = await readRemote(check.storage, signal);
  if (remote === undefined) return 0;
  const segments = await listSegments(remote, 0, signal);
  const { head, manifest } = remote;
  const claimed = claimedPositions(
    restoreRanges('', head, manifest),
    new Timeline(manifest.chains, segments).spans.map(({ to }) => to),
    manifest.snapshots.map(({ sequence }) => sequence),
  );
  // The newest always: it is what a start restores.
  const newest = Math.max(0, ...claimed);
  const positions = sample(
    [...claimed].filter((position) => position !== newest),
    check,
  );
  for (const position of [newest, ...positions]) {
    await checkPosition(remote, position, check, true);
  }
  // One that perhaps nobody claims: exact, or refused.
  const other = Math.floor(check.random() * (head.sequence + 2));
  if (!claimed.has(other)) await checkPosition(remote, other, check, false);
  return positions.length + 1;
}

/** Where a segment or a snapshot ends, within what is claimed; and the ends of the claims. */
function claimedPositions(
  ranges: readonly RestoreRange[],
  segmentEnds: readonly number[],
  snapshots: readonly number[],
): Set<number> {
  const claimed = new Set<number>();
  for (const { fromSequence, toSequence } of ranges) {
    claimed.add(fromSequence).add(toSequence);
    for (const end of [...segmentEnds, ...snapshots]) {
      if (end > fromSequence && end < toSequence) claimed.add(end);
    }
  }
  return claimed;
}

async function checkPosition(
  remote: Remote,
  sequence: number,
  { history, jobs, scratch, spoiled }: ClaimCheck,
  isClaimed: boolean,
): Promise<void> {
  const into = `${scratch}/restored.db`;
  const where = `${remote.storage.label}, commit ${sequence}`;
  try {
    const { plan } = await fetchDatabase(remote, {
      target: { sequence },
      into,
      scratch: `${scratch}/download`,
      jobs,
      signal: new AbortController().signal,
      warn: () => undefined,
    });
    const facts = await jobs.inspectDatabase({ path: into, hash: true });
    if (facts.sequence !== plan.sequence || plan.sequence > sequence) {
      throw new Error(`${where}: ${plan.sequence} was planned, ${facts.sequence} came of it`);
    }
    if (isClaimed && plan.sequence !== sequence) {
      throw new Error(`${where} is claimed, but ${plan.sequence} was restored`);
    }
    if (!history.has(plan.sequence, facts.contentSha256)) {
      throw new Error(`${where}: the content of ${plan.sequence} is not what it was`);
    }
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (isClaimed && !spoiled) throw new Error(`${where} is claimed: ${String(error)}`);
  } finally {
    rmSync(into, { force: true });
  }
}

/** The refusals that name an object or a position. */
export function isRefusal(error: unknown): boolean {
  return (
    error instanceof Unrestorable || error instanceof DamagedObject || error instanceof StorageError
  );
}

function sample<T>(all: readonly T[], { random, positionsMax }: ClaimCheck): T[] {
  const left = [...all];
  const taken: T[] = [];
  while (left.length > 0 && taken.length < positionsMax) {
    taken.push(...left.splice(Math.floor(random() * left.length), 1));
  }
  return taken;
}
