/** Entry point of a job's thread: takes the job from `workerData`, reports to `parentPort`, ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../platform/assert.ts';
import { systemClock } from '../../platform/clock.ts';
import { lowerThreadPriority } from '../../platform/thread-priority.ts';
import { JobError } from './job-error.ts';
import { parseJob, type JobReport } from './messages.ts';
import { runJob } from './run-job.ts';

/**
 * Beside a saturated server the job gets what is left over, some percent of a core at least, and
 * takes as long as that takes.
 */
const NICE = 15;

assert(parentPort !== null, 'a job runs in a worker thread');
const port = parentPort;
const report = (message: JobReport): void => port.postMessage(message);

runJob(parseJob(workerData), {
  clock: systemClock,
  onPinned: (sequence) => report({ kind: 'pinned', sequence }),
  onUnpinned: () => lowerThreadPriority(NICE),
}).then(
  (result) => report({ kind: 'done', result }),
  (error: unknown) => {
    if (!(error instanceof JobError)) throw error;
    report({ kind: 'failed', code: error.code, message: error.message });
  },
);
