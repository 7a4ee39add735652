/**
 * The main thread's end of the writer. It turns commands into frames and answers into results, and
 * hands log rows over in bundles. Nothing here waits for a disk.
 */
import { Worker } from 'node:worker_threads';
import { LIMITS } from '../platform/limits.ts';
import type { Clock } from '../platform/clock.ts';
import { bulkSummary } from '../store/bulk-summary.ts';
import type { BulkCommand, Command, RequestLogEntry } from '../store/commands.ts';
import { rebuildError } from '../store/error-transport.ts';
import { StoreError, type BulkResult, type WriteResult } from '../store/results.ts';
import { loopback, type Channel } from '../threads/channel.ts';
import { stringAt, type Frame } from '../threads/frame.ts';
import { RpcClient } from '../threads/rpc-client.ts';
import { writeInSlices, type SlicedResult } from './bulk-slices.ts';
import { hostWriter, type WriterSetup } from './host.ts';
import { decodeResult, encodeCommand, encodeLogRows, METHOD, NOTICE } from './messages.ts';
import type { Writer } from './writer.ts';

/** What the process should know of its writer. */
export interface WriterEvents {
  /** One line for the operator. */
  warning(message: string): void;
  /** Writes have stopped for good: the database is damaged. */
  damaged(message: string): void;
  /** The writer is gone; what was in flight has an unknown outcome. */
  died(error: Error): void;
}

const WORKER_URL = new URL('./worker.ts', import.meta.url);
const STRIP_CACHE_URL = new URL('../strip-cache.js', import.meta.url);

/**
 * Starts the DB worker thread and waits until its files are open.
 * @throws Error when the database cannot be opened
 */
export async function startWriterThread(setup: WriterSetup, events: WriterEvents): Promise<Writer> {
  const worker = new Worker(WORKER_URL, {
    workerData: setup,
    name: 'db-worker',
    // What the main thread was started with (a debugger, a test's loaders) is not for the writer.
    execArgv: ['--import', STRIP_CACHE_URL.href],
  });
  return startClient(worker, events);
}

/** The same writer on the caller's own thread, for tests. */
export async function startWriterInProcess(
  setup: WriterSetup,
  events: WriterEvents,
  clock: Clock,
): Promise<Writer> {
  const { channel, port } = loopback();
  const writer = startClient(channel, events);
  hostWriter(port, setup, clock);
  return writer;
}

async function startClient(channel: Channel, events: WriterEvents): Promise<Writer> {
  const rpc = new RpcClient(channel, {
    maxInFlight: LIMITS.rpcInFlight,
    maxInFlightBytes: LIMITS.rpcInFlightBytes,
    deadlineMs: LIMITS.rpcDeadlineMs,
    rebuildError,
    overloaded: () => new StoreError('overloaded', 'too many requests wait for the writer'),
    outcomeUnknown: (reason) =>
      new StoreError('outcomeUnknown', `the outcome of the write is unknown: ${reason}`),
    onDeath: (error) => events.died(error),
    onNotice: (name, frame) => {
      if (name === NOTICE.damaged) events.damaged(stringAt(frame, 0));
      else events.warning(stringAt(frame, 0));
    },
  });
  await rpc.ready;
  return new WriterClient(rpc, events);
}

class WriterClient implements Writer {
  readonly #rpc: RpcClient;
  readonly #events: WriterEvents;
  #logRows: RequestLogEntry[] = [];
  #logTimer: NodeJS.Timeout | undefined;
  /** Rows gathered or on their way; bounded, so that a flood of reads never grows the queue. */
  #logRowsOut = 0;
  #logRowsDropped = 0;
  #bulksEnd = false;
  #closed = false;

  constructor(rpc: RpcClient, events: WriterEvents) {
    this.#rpc = rpc;
    this.#events = events;
  }

  async write(command: Command): Promise<WriteResult> {
    if (this.#closed) throw new StoreError('unavailable', 'the store is closed');
    return decodeResult(await this.#rpc.call(METHOD.write, encodeCommand(command)));
  }

  async writeBulk(command: BulkCommand): Promise<BulkResult> {
    if (this.#closed) throw new StoreError('unavailable', 'the store is closed');
    const result = await writeInSlices(
      command,
      { operations: LIMITS.bulkSliceOperations, chars: LIMITS.bulkSliceBytes },
      (slice) => this.#writeSlice(slice),
    );
    await this.#logBulk(command, result);
    return result;
  }

  endBulks(): void {
    this.#bulksEnd = true;
  }

  log(entry: RequestLogEntry): void {
    if (this.#closed || this.#logRowsOut >= LIMITS.logQueueRows) {
      this.#countDropped(1);
      return;
    }
    this.#logRowsOut += 1;
    this.#logRows.push(entry);
    if (this.#logRows.length >= LIMITS.logBundleRows) this.#sendLog();
    else this.#logTimer ??= setTimeout(() => this.#sendLog(), LIMITS.logDelayMs);
  }

  async ping(): Promise<void> {
    if (this.#closed) throw new StoreError('unavailable', 'the store is closed');
    await this.#rpc.call(METHOD.ping, []);
  }

  async beginSpooling(): Promise<void> {
    if (this.#closed) throw new StoreError('unavailable', 'the store is closed');
    await this.#rpc.call(METHOD.gate, []);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#sendLog();
    this.#closed = true;
    // A writer that has died has nothing left to commit; what it had not answered is recovered from the WAL.
    if (this.#rpc.gone) return;
    const gone = this.#rpc.close();
    await this.#rpc.call(METHOD.close, []);
    await gone;
  }

  async #writeSlice(slice: Frame): Promise<Frame> {
    if (this.#bulksEnd) throw new StoreError('unavailable', 'the store is closing');
    return this.#rpc.call(METHOD.bulk, slice);
  }

  /** The row is there before the answer, like that of any write. What is durable is not undone for it. */
  async #logBulk({ log, count }: BulkCommand, result: SlicedResult): Promise<void> {
    if (log === undefined) return;
    const row = { ...log, detail: bulkSummary(count, result, result.warning) };
    await this.#rpc.call(METHOD.log, encodeLogRows([row])).catch(() => this.#countDropped(1));
  }

  #sendLog(): void {
    clearTimeout(this.#logTimer);
    this.#logTimer = undefined;
    const rows = this.#logRows;
    if (rows.length === 0) return;
    this.#logRows = [];
    this.#rpc.call(METHOD.log, encodeLogRows(rows)).then(
      () => {
        this.#logRowsOut -= rows.length;
      },
      () => {
        this.#logRowsOut -= rows.length;
        this.#countDropped(rows.length);
      },
    );
  }

  #countDropped(rows: number): void {
    if (this.#logRowsDropped === 0) {
      this.#events.warning('the request log is behind: rows are dropped');
    }
    this.#logRowsDropped += rows;
  }
}
