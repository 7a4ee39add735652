/** Heads, holders and lease options for tests, valid and complete. */
import type { LeaseOptions } from '../lease-claim.ts';
import type { Head, Holder } from '../manifest.ts';

export function holderOf(id: string, pid: number, host = 'one'): Holder {
  return { id, host, pid, startedAt: 1_700_000_000_000 };
}

export function headOf(changes: Partial<Head> = {}): Head {
  return {
    format: 1,
    number: 1,
    term: 1,
    holder: holderOf('a', 10),
    state: 'running',
    database: 'db',
    manifest: 0,
    chain: 0,
    sequence: 0,
    segment: undefined,
    at: 0,
    ...changes,
  };
}

export interface LeaseRig {
  readonly options: LeaseOptions;
  /** Milliseconds waited so far. */
  readonly waited: () => number;
  advance(ms: number): void;
}

/** @param onWait runs at each wait, in place of time passing */
export function leaseRig(
  parts: {
    readonly isAlive?: (pid: number) => boolean;
    readonly onWait?: (wait: number) => Promise<void> | void;
  } = {},
): LeaseRig {
  let now = 1_700_000_000_000;
  let waited = 0;
  let waits = 0;
  return {
    options: {
      ttlMs: 30_000,
      signal: new AbortController().signal,
      clock: { now: () => now },
      isAlive: parts.isAlive ?? (() => true),
      wait: async (ms) => {
        now += ms;
        waited += ms;
        waits += 1;
        await parts.onWait?.(waits);
      },
    },
    waited: () => waited,
    advance: (ms) => {
      now += ms;
    },
  };
}
