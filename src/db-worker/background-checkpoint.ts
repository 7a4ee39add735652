/**
 * Checkpoints beside the writer: a thread with a connection of its own copies and syncs while the
 * writer commits on. Half of the writer's time went into that, most of it waiting for the disk.
 * Which frames are copied, and that they are synced before the WAL may begin anew, is SQLite's own
 * business; that it begins anew is left to the writer, because only its commits can do that. The
 * invariant: the thread works only between a request and its end, so that whoever sees it idle can
 * checkpoint without being refused.
 */
import { Worker } from 'node:worker_threads';
import { messageOf } from '../platform/thrown.ts';
import { rebuiltSqliteError } from '../sqlite/error-code.ts';
import {
  CHECKPOINT_CELLS,
  CHECKPOINT_STATE,
  STATE_CELL,
  type CheckpointSetup,
} from './checkpoint-cells.ts';

const WORKER_URL = new URL('./checkpoint-worker.ts', import.meta.url);
const STRIP_CACHE_URL = new URL('../strip-cache.js', import.meta.url);

/** A checkpoint of a few thousand pages, on a slow disk. */
const CLOSE_DEADLINE_MS = 10_000;

export interface BackgroundOptions {
  /** The data file. */
  readonly path: string;
  readonly synchronous: 'FULL' | 'NORMAL';
  /** One line for the operator: the writer checkpoints by itself from then on. */
  readonly warn: (message: string) => void;
}

export class BackgroundCheckpoint {
  readonly #options: BackgroundOptions;
  readonly #cells = new Int32Array(new SharedArrayBuffer(CHECKPOINT_CELLS * 4));
  #worker: Worker | undefined;
  #failure: Error | undefined;
  #gone = false;

  /** Costs nothing yet: the thread starts with the first request. */
  constructor(options: BackgroundOptions) {
    this.#options = options;
  }

  /** Whether a checkpoint is running: another one would be refused by SQLite. */
  get busy(): boolean {
    return this.#state() === CHECKPOINT_STATE.asked;
  }

  /**
   * Asks for a PASSIVE checkpoint, unless one is running.
   * @returns `absent` when the thread is not there (yet): the caller has to do it
   */
  request(): 'asked' | 'running' | 'absent' {
    if (this.#gone) return 'absent';
    this.#worker ??= this.#start();
    const { idle, asked, starting, closed } = CHECKPOINT_STATE;
    const before = Atomics.compareExchange(this.#cells, STATE_CELL, idle, asked);
    if (before === starting || before === closed) return 'absent';
    if (before !== idle) return 'running';
    Atomics.notify(this.#cells, STATE_CELL);
    return 'asked';
  }

  /** Blocks the thread until no checkpoint runs. @returns false when that took longer */
  settle(timeoutMs: number): boolean {
    const { asked } = CHECKPOINT_STATE;
    return Atomics.wait(this.#cells, STATE_CELL, asked, timeoutMs) !== 'timed-out';
  }

  /** What the last checkpoint failed with; each is told once. */
  takeFailure(): Error | undefined {
    const failure = this.#failure;
    this.#failure = undefined;
    return failure;
  }

  /** What the thread posts when a checkpoint failed: the code of SQLite's error and its text. */
  fail(message: unknown): void {
    this.#failure = failureOf(message);
  }

  /** Blocks until the connection is closed, so that the writer's can be the last. */
  close(): void {
    if (this.#worker === undefined || this.#gone) return;
    this.#gone = true;
    const { closing, closed } = CHECKPOINT_STATE;
    const deadline = performance.now() + CLOSE_DEADLINE_MS;
    let seen = Atomics.exchange(this.#cells, STATE_CELL, closing);
    Atomics.notify(this.#cells, STATE_CELL);
    while (seen !== closed && performance.now() < deadline) {
      Atomics.wait(this.#cells, STATE_CELL, closing, deadline - performance.now());
      seen = this.#state();
    }
    void this.#worker.terminate();
  }

  #state(): number {
    return Atomics.load(this.#cells, STATE_CELL);
  }

  #start(): Worker {
    const { path, synchronous } = this.#options;
    const setup: CheckpointSetup = { path, synchronous, cells: this.#cells };
    const worker = new Worker(WORKER_URL, {
      workerData: setup,
      name: 'checkpoint',
      execArgv: ['--import', STRIP_CACHE_URL.href],
    });
    worker.on('message', (message: unknown) => this.fail(message));
    worker.on('error', (error) => this.#end(messageOf(error)));
    worker.on('exit', () => this.#end('it ended'));
    // The writer's port keeps its thread alive, not this.
    worker.unref();
    return worker;
  }

  #end(reason: string): void {
    if (this.#gone) return;
    this.#gone = true;
    Atomics.store(this.#cells, STATE_CELL, CHECKPOINT_STATE.closed);
    this.#options.warn(`the checkpoint thread is gone, the writer does its work: ${reason}`);
  }
}

function failureOf(message: unknown): Error {
  if (typeof message === 'object' && message !== null && 'code' in message && 'text' in message) {
    return rebuiltSqliteError(String(message.code), String(message.text));
  }
  return new Error('a checkpoint failed');
}
