/**
 * Runs a job in a thread of its own, which ends with it. The invariant: when the promise settles the
 * thread is gone, so that the caller may remove what it left.
 */
import { Worker } from 'node:worker_threads';
import { messageOf, toError } from '../../platform/thrown.ts';
import { JobError } from './job-error.ts';
import type { Job, JobResult } from './messages.ts';
import { parseReport } from './parse-report.ts';

const WORKER_URL = new URL('./worker.ts', import.meta.url);
const STRIP_CACHE_URL = new URL('../../strip-cache.js', import.meta.url);

/**
 * @param signal ends the thread, behind the statement or step that runs: a check of 1 GB takes
 *   seconds. What it had begun to write stays behind.
 * @throws JobError
 */
export function runInThread(
  job: Job,
  onPinned: (sequence: number) => void,
  signal: AbortSignal,
): Promise<JobResult> {
  const worker = new Worker(WORKER_URL, {
    workerData: job,
    name: `backup-${job.kind}`,
    // What a job streams becomes garbage. Scavenged early, the thread stays below 50 MB in all.
    resourceLimits: { maxYoungGenerationSizeMb: 2 },
    // What the process was started with (a debugger, a test's loaders) is not for the job.
    execArgv: ['--import', STRIP_CACHE_URL.href],
  });
  const thread = new JobThread(worker, onPinned);
  const cancel = (): void => thread.end(new JobError('cancelled', 'the job was cancelled'));
  signal.addEventListener('abort', cancel);
  if (signal.aborted) cancel();
  return thread.result.finally(() => signal.removeEventListener('abort', cancel));
}

class JobThread {
  readonly #worker: Worker;
  readonly #onPinned: (sequence: number) => void;
  #outcome: { readonly result: JobResult } | { readonly error: unknown } | undefined;
  readonly result: Promise<JobResult>;

  constructor(worker: Worker, onPinned: (sequence: number) => void) {
    this.#worker = worker;
    this.#onPinned = onPinned;
    worker.on('message', (message: unknown) => this.#take(message));
    worker.on('error', (error) => {
      this.#outcome ??= {
        error: new JobError('failed', `the job's thread died: ${messageOf(error)}`, {
          cause: error,
        }),
      };
    });
    this.result = new Promise((resolve, reject) => {
      // Comes last, behind every message.
      worker.on('exit', (code) => {
        const outcome = this.#outcome;
        if (outcome === undefined) {
          reject(new JobError('failed', `the job's thread ended with code ${code} and no result`));
        } else if ('result' in outcome) resolve(outcome.result);
        else reject(toError(outcome.error));
      });
    });
  }

  end(error: unknown): void {
    this.#outcome ??= { error };
    void this.#worker.terminate();
  }

  #take(message: unknown): void {
    try {
      const report = parseReport(message);
      if (report.kind === 'done') this.#outcome ??= { result: report.result };
      else if (report.kind === 'failed') {
        this.#outcome ??= { error: new JobError(report.code, report.message) };
      } else this.#onPinned(report.sequence);
    } catch (error) {
      this.end(error);
    }
  }
}
