/**
 * When a run is over that nobody ends: a bounded time after its begin. Decided wherever one is looked
 * at, so that no timer has to fire and a restart changes nothing; the writer puts it down when the
 * next run of the endpoint begins.
 */
import type { Run } from './request-logs.ts';

/** A run as it is at some moment. */
export interface RunNow extends Run {
  /** Nobody ended it: its requests are those up to its end, by their own time. */
  readonly endedByItself: boolean;
}

/** Also of one that seems to begin much later than now: the clock was set back, and may stay there. */
export function isOverdue(startedAt: number, now: number, runOpenMs: number): boolean {
  return Math.abs(now - startedAt) >= runOpenMs;
}

export function runNow(run: Run, now: number, runOpenMs: number): RunNow {
  const end = run.startedAt + runOpenMs;
  if (run.endedAt !== undefined) return { ...run, endedByItself: run.endedAt === end };
  if (!isOverdue(run.startedAt, now, runOpenMs)) return { ...run, endedByItself: false };
  return { ...run, endedAt: end, endedByItself: true };
}
