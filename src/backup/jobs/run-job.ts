/** From a job to its result, in the caller's thread; what goes wrong becomes a JobError of one line. */
import { messageOf } from '../../platform/thrown.ts';
import { isCorruption } from '../../sqlite/error-code.ts';
import { DamagedSegment } from '../segment.ts';
import { buildDatabase } from './build-database.ts';
import { inspectDatabase } from './inspect-database.ts';
import { JobError } from './job-error.ts';
import type { JobHost } from './job-host.ts';
import type { Job, JobResult } from './messages.ts';
import { takeSnapshot } from './take-snapshot.ts';

/** @throws JobError */
export async function runJob(job: Job, host: JobHost): Promise<JobResult> {
  try {
    return await start(job, host);
  } catch (error) {
    throw toJobError(error, job);
  }
}

async function start(job: Job, host: JobHost): Promise<JobResult> {
  switch (job.kind) {
    case 'snapshot':
      return { kind: 'snapshot', file: await takeSnapshot(job, host) };
    case 'build':
      await host.onUnpinned();
      return { kind: 'facts', facts: await buildDatabase(job) };
    case 'inspect':
      return { kind: 'facts', facts: inspectDatabase(job, host) };
  }
}

function toJobError(error: unknown, job: Job): JobError {
  if (error instanceof JobError) return error;
  const reason = messageOf(error);
  const isDamage = error instanceof DamagedSegment || isCorruption(error);
  const code = isDamage ? 'damaged' : 'failed';
  return new JobError(code, `${subjectOf(job)}: ${reason}`, { cause: error });
}

/** What SQLite and the system say of a failed write names no file. */
function subjectOf(job: Job): string {
  switch (job.kind) {
    case 'snapshot':
      return `snapshot of ${job.databasePath}`;
    case 'build':
      return `building ${job.into}`;
    case 'inspect':
      return `inspecting ${job.path}`;
  }
}
