/** A host that records what a job tells it, at a time that stands still. */
import type { JobHost } from '../job-host.ts';

export interface RecordingHost extends JobHost {
  readonly pinned: readonly number[];
  readonly unpinned: () => number;
}

export const NOW = 1_700_000_000_000;

export interface HostActions {
  readonly whenPinned?: (sequence: number) => void;
  readonly whenUnpinned?: () => void;
}

export function recordingHost(actions: HostActions = {}): RecordingHost {
  const pinned: number[] = [];
  let unpinned = 0;
  return {
    pinned,
    unpinned: () => unpinned,
    clock: { now: () => NOW + 0.75 },
    onPinned: (sequence) => {
      pinned.push(sequence);
      actions.whenPinned?.(sequence);
    },
    onUnpinned: async () => {
      unpinned += 1;
      actions.whenUnpinned?.();
      await Promise.resolve();
    },
  };
}
