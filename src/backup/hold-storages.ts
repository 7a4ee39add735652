/**
 * Takes storages: the lease first, then how far each leads. A storage that does not answer stops the
 * start only where it is required; one that another server uses, or has used since this disk was,
 * stops it always.
 */
import { LIMITS } from '../platform/limits.ts';
import { toError } from '../platform/thrown.ts';
import { StartRefused } from './choose-start.ts';
import { LeaseHeld, type Lease } from './lease.ts';
import type { Head } from './manifest.ts';
import type { RemoteEnd } from './onward.ts';
import { readRemoteAt, remoteEnd, type Remote } from './remote.ts';
import type { Storage } from './storage/storage.ts';
import { withTimeLimit } from './storage/with-retries.ts';

/** A storage whose lease is ours. */
export interface HeldStorage {
  readonly storage: Storage;
  readonly lease: Lease;
  /** Undefined: nothing was ever backed up there. */
  readonly remote: Remote | undefined;
  readonly end: RemoteEnd | undefined;
}

/** Takes the lease of a storage. @param mayFollow throws when its last holder must not be followed */
export type Acquire = (
  storage: Storage,
  signal: AbortSignal,
  mayFollow: (found: Head) => void,
) => Promise<Lease>;

export interface HoldParts {
  readonly storages: readonly Storage[];
  /** Whether a storage that does not answer is a refusal. */
  readonly required: boolean;
  /** How long one storage may take to answer, the wait for a lease included. */
  readonly timeoutMs: number;
  readonly acquire: Acquire;
  readonly warn: (message: string) => void;
}

/** Takes a storage and reads how far it leads. @throws LeaseHeld, DamagedObject, StorageError */
export async function holdStorage(
  storage: Storage,
  { acquire, timeoutMs }: Pick<HoldParts, 'acquire' | 'timeoutMs'>,
  mayFollow: (found: Head) => void,
  ending: AbortSignal = new AbortController().signal,
): Promise<HeldStorage> {
  let lease: Lease | undefined;
  const hold = async (signal: AbortSignal): Promise<HeldStorage> => {
    const held = await acquire(storage, signal, mayFollow);
    lease = held;
    const remote = await readRemoteAt(storage, held.head, signal);
    const end = remote && (await remoteEnd(remote, signal));
    return { storage, lease: held, remote, end };
  };
  try {
    return await withTimeLimit(hold, timeoutMs, ending, storage.label);
  } catch (error) {
    if (lease !== undefined) await releaseAll([{ lease }]);
    throw error;
  }
}

/**
 * Takes all storages at once.
 * @throws the first refusal; nothing is held then
 */
export async function holdAll(
  parts: HoldParts,
  mayFollow: (storage: Storage, found: Head) => void,
): Promise<{
  held: HeldStorage[];
  unreachable: Storage[];
}> {
  const attempts = await Promise.allSettled(
    parts.storages.map((storage) =>
      holdStorage(storage, parts, (found) => mayFollow(storage, found)),
    ),
  );
  const held: HeldStorage[] = [];
  const unreachable: Storage[] = [];
  let refusal: Error | undefined;
  for (const [index, attempt] of attempts.entries()) {
    const storage = parts.storages[index];
    if (attempt.status === 'fulfilled') held.push(attempt.value);
    else if (storage !== undefined) {
      unreachable.push(storage);
      const error = toError(attempt.reason);
      if (parts.required || isRefusal(error)) refusal ??= error;
      else parts.warn(`${error.message}; the server starts without this storage and keeps trying`);
    }
  }
  if (refusal === undefined) return { held, unreachable };
  await releaseAll(held);
  throw refusal;
}

/** Gives storages back that are not used after all; never fails. */
export async function releaseAll(held: readonly { readonly lease: Lease }[]): Promise<void> {
  const signal = AbortSignal.timeout(LIMITS.backupReleaseMs);
  await Promise.allSettled(held.map(({ lease }) => lease.release(signal)));
}

/** Whatever is required: two servers on one storage, or two histories of one database. */
function isRefusal(error: Error): boolean {
  return error instanceof LeaseHeld || error instanceof StartRefused;
}
