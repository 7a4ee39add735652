/**
 * Entry point of a filter worker. It opens its own read-only connection at its first job and keeps
 * it, and never writes or checkpoints. A fault of a job is its answer; only a crash ends the worker.
 */
import { threadId, workerData } from 'node:worker_threads';
import { assert } from '../platform/assert.ts';
import { lowerThreadPriority } from '../platform/thread-priority.ts';
import { openReader } from '../sqlite/open.ts';
import { Reader } from '../sqlite/reader.ts';
import { describeError } from '../store/error-transport.ts';
import type { Done, Reply, Task, WorkerSetup } from './messages.ts';
import { jobTools, runJob, type JobTools } from './run-job.ts';

/** What piscina calls for each task. */
export const run = taskRunner(checkSetup(workerData));

function taskRunner({ path, columnBytes, nice }: WorkerSetup): (task: Task) => Promise<Done> {
  // Not awaited at the top of this module: piscina tries `require` first, which ends the thread then.
  let lowered: Promise<void> | undefined;
  let opened: JobTools | undefined;
  const replyTo = ({ job, stop }: Task): Reply => {
    try {
      opened ??= jobTools(new Reader(openReader(path)), columnBytes);
      return forTransport(runJob(opened, job, () => Atomics.load(stop, 0)));
    } catch (error) {
      return { kind: 'failed', error: describeError(error) };
    }
  };
  return async (task) => {
    await (lowered ??= lowerThreadPriority(nice));
    const reply = replyTo(task);
    return { reply, thread: threadId, columnBytes: opened?.columns.bytes ?? 0 };
  };
}

/**
 * Documents that were read together are parts of one buffer, and a part would take all of it along:
 * a slice of thousands for each that a filter has found.
 */
function forTransport(reply: Reply): Reply {
  if (reply.kind !== 'search') return reply;
  const { result, marks } = reply.answer;
  const resources = result.resources.map((resource) => ({
    ...resource,
    document: new Uint8Array(resource.document),
  }));
  return { kind: 'search', answer: { result: { ...result, resources }, marks } };
}

function checkSetup(data: unknown): WorkerSetup {
  assert(typeof data === 'object' && data !== null, 'a filter worker is given its set-up');
  assert('path' in data && typeof data.path === 'string', 'set-up: path');
  assert('columnBytes' in data && typeof data.columnBytes === 'number', 'set-up: columnBytes');
  assert('nice' in data && typeof data.nice === 'number', 'set-up: nice');
  return { path: data.path, columnBytes: data.columnBytes, nice: data.nice };
}
