/**
 * The jobs in the caller's thread, for tests. Apart from the client, so that the thread of the backup
 * does not load what only a job's needs.
 */
import type { Clock } from '../../platform/clock.ts';
import { JobQueue, type Jobs } from './client.ts';
import { runJob } from './run-job.ts';

/** What runs cannot be cancelled. */
export function createInProcessJobs(clock: Clock): Jobs {
  return new JobQueue((job, onPinned) =>
    runJob(job, { clock, onPinned, onUnpinned: () => Promise.resolve() }),
  );
}
