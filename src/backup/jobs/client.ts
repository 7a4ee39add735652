/**
 * The backup's end of its heavy work: copying, checking, building. Each job has a thread of its own,
 * so that its memory ends with it and nothing that serves waits for it. One at a time: two at once
 * would take both cores of a small machine, and twice the memory.
 */
import { assert } from '../../platform/assert.ts';
import type {
  BuildJob,
  DatabaseFacts,
  InspectJob,
  Job,
  JobResult,
  SnapshotFile,
  SnapshotJob,
} from './messages.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { runInThread } from './run-in-thread.ts';

export type { DatabaseFacts, SnapshotFile } from './messages.ts';

/**
 * `onPinned` runs when the commit is known and held: until the copy or the hash is made, the WAL of
 * a live database cannot begin anew. A signal ends a job, `cancelled`; what it had begun to write
 * stays behind, for the caller to remove. Every method throws JobError, one line that names the file.
 */
export interface Jobs {
  /** Copies the database at one commit into a file; checked, hashed, compressed. */
  takeSnapshot(
    job: SnapshotJob,
    onPinned?: (sequence: number) => void,
    signal?: AbortSignal,
  ): Promise<SnapshotFile>;
  /** The same of the request log, whose path is given; it has no commit sequence: 0. */
  takeLogSnapshot(job: SnapshotJob, signal?: AbortSignal): Promise<SnapshotFile>;
  /** Builds a database from local files and checks it: integrity_check and, when given, the commit it ends at. */
  buildDatabase(job: BuildJob, signal?: AbortSignal): Promise<DatabaseFacts>;
  /** What a database holds: sequence, database id, rows by table, on request a hash of all content. */
  inspectDatabase(
    job: InspectJob,
    onPinned?: (sequence: number) => void,
    signal?: AbortSignal,
  ): Promise<DatabaseFacts>;
  /** Cancels what runs and what waits; resolves when no thread is left. */
  close(): Promise<void>;
}

export function createThreadJobs(): Jobs {
  return new JobQueue(runInThread);
}

type RunJob = (
  job: Job,
  onPinned: (sequence: number) => void,
  signal: AbortSignal,
) => Promise<JobResult>;

export class JobQueue implements Jobs {
  readonly #run: RunJob;
  readonly #queue = new OneAtATime();
  readonly #closing = new AbortController();

  constructor(run: RunJob) {
    this.#run = run;
  }

  takeSnapshot(
    job: SnapshotJob,
    onPinned?: (sequence: number) => void,
    signal?: AbortSignal,
  ): Promise<SnapshotFile> {
    return this.#snapshot(job, onPinned, signal);
  }

  takeLogSnapshot(job: SnapshotJob, signal?: AbortSignal): Promise<SnapshotFile> {
    return this.#snapshot(job, undefined, signal);
  }

  buildDatabase(job: BuildJob, signal?: AbortSignal): Promise<DatabaseFacts> {
    return this.#facts({ kind: 'build', ...job }, undefined, signal);
  }

  inspectDatabase(
    job: InspectJob,
    onPinned?: (sequence: number) => void,
    signal?: AbortSignal,
  ): Promise<DatabaseFacts> {
    return this.#facts({ kind: 'inspect', ...job }, onPinned, signal);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#queue.idle();
  }

  async #snapshot(
    job: SnapshotJob,
    onPinned: ((sequence: number) => void) | undefined,
    signal: AbortSignal | undefined,
  ): Promise<SnapshotFile> {
    const result = await this.#enqueue({ kind: 'snapshot', ...job }, onPinned, signal);
    assert(result.kind === 'snapshot', 'a snapshot job makes a snapshot');
    return result.file;
  }

  async #facts(
    job: Job,
    onPinned: ((sequence: number) => void) | undefined,
    signal: AbortSignal | undefined,
  ): Promise<DatabaseFacts> {
    const result = await this.#enqueue(job, onPinned, signal);
    assert(result.kind === 'facts', 'the job tells what the database holds');
    return result.facts;
  }

  #enqueue(
    job: Job,
    onPinned: (sequence: number) => void = () => undefined,
    signal?: AbortSignal,
  ): Promise<JobResult> {
    const closing = this.#closing.signal;
    const ending = signal === undefined ? closing : AbortSignal.any([signal, closing]);
    return this.#queue.run(() => this.#run(job, onPinned, ending), ending);
  }
}
