/**
 * Taking a storage: whether its holder is gone, and the head that says so. A holder that may be alive
 * is watched for as long as its lease lasts, by our own waiting: what its clock shows means nothing
 * here. It must never take over from a head that has moved on.
 */
import { setTimeout as waitFor } from 'node:timers/promises';
import type { Clock } from '../platform/clock.ts';
import { createOrReadHead, findHead, readHead } from './head.ts';
import type { Head, Holder } from './manifest.ts';
import type { Storage } from './storage/storage.ts';

/** Another process renews its lease, so it is alive. */
export class LeaseHeld extends Error {
  constructor(storage: string, by: Holder | undefined) {
    const owner = by === undefined ? 'another process' : holderName(by);
    const since = by === undefined ? '' : `, which was started at ${isoTime(by.startedAt)}`;
    super(
      `${storage} is in use by ${owner}${since}: ` +
        'stop that server first, or give this one a storage of its own',
    );
    this.name = 'LeaseHeld';
  }
}

export interface LeaseOptions {
  /** How long a holder may stand still before it is taken for dead. */
  readonly ttlMs: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Whether a process of this host exists. */
  readonly isAlive: (pid: number) => boolean;
  /** Throws when nobody on this disk may take over from a head, which is given up or abandoned. */
  readonly mayFollow?: (found: Head) => void;
  /** For tests; rejects when the signal aborts. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** How often a holder is looked at while it is watched. */
const LOOKS_PER_TTL = 5;

export interface ClaimedHead {
  /** Makes the storage ours. */
  readonly head: Head;
  /** Numbers of those that were there before it, growing. */
  readonly former: readonly number[];
}

/**
 * @throws LeaseHeld, StorageError, DamagedObject
 */
export async function claimHead(
  storage: Storage,
  holder: Holder,
  options: LeaseOptions,
): Promise<ClaimedHead> {
  const { signal, isAlive } = options;
  const { head, numbers: former } = await findHead(storage, signal);
  let found = head;
  if (found?.state === 'running') {
    // An earlier attempt of ours took it and had no answer.
    if (found.holder.id === holder.id) return { head: found, former };
    if (!isDead(found.holder, holder, isAlive)) found = await watch(storage, found, options);
  }
  if (found !== undefined) options.mayFollow?.(found);
  const stored = await createOrReadHead(storage, successorOf(found, holder), signal);
  if (stored?.holder.id !== holder.id) throw new LeaseHeld(storage.label, stored?.holder);
  return { head: stored, former };
}

/**
 * Two processes cannot share a number while both live, so one with ours is dead: in a container every
 * process is number 1. Host names of containers are their ids; give no two containers one name.
 */
function isDead(theirs: Holder, ours: Holder, isAlive: (pid: number) => boolean): boolean {
  return theirs.host === ours.host && (theirs.pid === ours.pid || !isAlive(theirs.pid));
}

/** @returns the head to take over from. @throws LeaseHeld when it moved on */
async function watch(storage: Storage, head: Head, options: LeaseOptions): Promise<Head> {
  const { signal, ttlMs, wait = defaultWait } = options;
  for (let look = 1; look <= LOOKS_PER_TTL; look += 1) {
    await wait(ttlMs / LOOKS_PER_TTL, signal);
    const now = await readHead(storage, signal);
    if (now?.number === head.number) continue;
    // It was stopping while we watched.
    if (now?.state === 'stopped') return now;
    throw new LeaseHeld(storage.label, now?.holder);
  }
  return head;
}

/** A new term; the position stays where the former holder left it. */
function successorOf(found: Head | undefined, holder: Holder): Head {
  return {
    format: 1,
    number: (found?.number ?? 0) + 1,
    term: (found?.term ?? 0) + 1,
    holder,
    state: 'running',
    database: found?.database,
    manifest: found?.manifest ?? 0,
    chain: found?.chain ?? 0,
    sequence: found?.sequence ?? 0,
    segment: found?.segment,
    at: found?.at ?? 0,
  };
}

/** For people. */
export function holderName({ pid, host }: Holder): string {
  return `process ${pid} on ${host}`;
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

function defaultWait(ms: number, signal: AbortSignal): Promise<void> {
  return waitFor(ms, undefined, { signal });
}
