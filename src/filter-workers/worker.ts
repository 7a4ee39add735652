/**
 * Entry point of a filter worker. It opens its own read-only connection at its first job and keeps
 * it, and never writes or checkpoints. A fault of a job is its answer; only a crash ends the worker.
 */
import { workerData } from 'node:worker_threads';
import { assert } from '../platform/assert.ts';
import { CORE_PROFILE } from '../scim/schema/core.ts';
import { compileRegistry } from '../scim/schema/registry.ts';
import { openReader } from '../sqlite/open.ts';
import { Reader } from '../sqlite/reader.ts';
import { describeError } from '../store/error-transport.ts';
import type { Reply, Task, WorkerSetup } from './messages.ts';
import { runJob } from './run-job.ts';

/** What piscina calls for each task. */
export const run = taskRunner(checkSetup(workerData));

function taskRunner({ path }: WorkerSetup): (task: Task) => Reply {
  const registry = compileRegistry(CORE_PROFILE);
  let reader: Reader | undefined;
  return ({ job, stop }) => {
    try {
      reader ??= new Reader(openReader(path));
      return runJob(reader, registry, job, () => Atomics.load(stop, 0));
    } catch (error) {
      return { kind: 'failed', error: describeError(error) };
    }
  };
}

function checkSetup(data: unknown): WorkerSetup {
  assert(typeof data === 'object' && data !== null, 'a filter worker is given its set-up');
  assert('path' in data && typeof data.path === 'string', 'set-up: path');
  return { path: data.path };
}
