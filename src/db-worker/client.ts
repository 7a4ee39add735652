/**
 * The main thread's end of the writer. It turns commands into frames and answers into results, and
 * hands log rows over in bundles. Nothing here waits for a disk.
 */
import { Worker } from 'node:worker_threads';
import { LIMITS } from '../platform/limits.ts';
import { bulkSummary } from '../store/bulk-summary.ts';
import type { BulkCommand, Command, RequestLogEntry } from '../store/commands.ts';
import type { RequestContent } from '../store/request-content.ts';
import type { Run, RunChange } from '../store/request-logs.ts';
import { rebuildError } from '../store/error-transport.ts';
import { StoreError, type BulkResult, type WriteResult } from '../store/results.ts';
import type { Channel } from '../threads/channel.ts';
import { numberAt, stringAt, type Frame } from '../threads/frame.ts';
import { RpcClient } from '../threads/rpc-client.ts';
import { writeInSlices, type SlicedResult } from './bulk-slices.ts';
import { decodeRun, encodeRunChange } from './log-changes.ts';
import { encodeLogBundle } from './log-messages.ts';
import { LogSender } from './log-sender.ts';
import type { WriterSetup } from './host.ts';
import { decodeResult, encodeCommand, METHOD, NOTICE } from './messages.ts';
import type { Writer } from './writer.ts';
import { clientFamilies, type WriterFamily } from './writer-metrics.ts';

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
 * @param unwanted ends one that still waits at the gate
 * @throws Error when the database cannot be opened
 */
export async function startWriterThread(
  setup: WriterSetup,
  events: WriterEvents,
  unwanted?: AbortSignal,
): Promise<Writer> {
  const worker = new Worker(WORKER_URL, {
    workerData: setup,
    name: 'db-worker',
    // What the main thread was started with (a debugger, a test's loaders) is not for the writer.
    execArgv: ['--import', STRIP_CACHE_URL.href],
  });
  unwanted?.addEventListener('abort', () => void worker.terminate());
  return connectWriter(worker, events);
}

/**
 * Waits for the writer at the other end of the channel.
 * @throws Error when it cannot open the database
 */
export async function connectWriter(channel: Channel, events: WriterEvents): Promise<Writer> {
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
  readonly #logs: LogSender;
  #bulksEnd = false;
  #closed = false;

  constructor(rpc: RpcClient, events: WriterEvents) {
    this.#rpc = rpc;
    this.#logs = new LogSender(
      (bundle) => rpc.call(METHOD.log, bundle),
      (message) => {
        events.warning(message);
      },
    );
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
    if (this.#closed) this.#logs.countDropped(1);
    else this.#logs.add(entry);
  }

  logContent(content: RequestContent): void {
    if (!this.#closed) this.#logs.addContent(content);
  }

  async clearLog(endpointId: string | undefined): Promise<void> {
    this.#logs.flush();
    let upTo: number | null = null;
    for (;;) {
      if (this.#closed) throw new StoreError('unavailable', 'the store is closed');
      const slice: Frame = await this.#rpc.call(METHOD.clearLog, [endpointId ?? null, upTo]);
      upTo = numberAt(slice, 0);
      if (numberAt(slice, 1) === 0) return;
    }
  }

  /** Behind the rows of all that was answered before. */
  async changeRun(change: RunChange): Promise<Run | undefined> {
    if (this.#closed) throw new StoreError('unavailable', 'the store is closed');
    this.#logs.flush();
    return decodeRun(await this.#rpc.call(METHOD.changeRun, encodeRunChange(change)));
  }

  async ping(): Promise<void> {
    if (this.#closed) throw new StoreError('unavailable', 'the store is closed');
    await this.#rpc.call(METHOD.ping, []);
  }

  async metrics(): Promise<WriterFamily[]> {
    if (this.#closed) throw new StoreError('unavailable', 'the store is closed');
    const waitingCalls = this.#rpc.inFlight;
    const startMs = performance.now();
    const text = stringAt(await this.#rpc.call(METHOD.metrics, []), 0);
    const own = clientFamilies({
      waitingCalls,
      roundTripMs: performance.now() - startMs,
      logRowsWaiting: this.#logs.waiting,
      logRowsDropped: this.#logs.dropped,
      logContentsDropped: this.#logs.contentsDropped,
    });
    return [...(JSON.parse(text) as WriterFamily[]), ...own];
  }

  async beginSpooling(): Promise<void> {
    if (this.#closed) throw new StoreError('unavailable', 'the store is closed');
    await this.#rpc.call(METHOD.gate, []);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#logs.flush();
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
    const warning = result.warning && (log.detail ?? result.warning);
    const row = { ...log, detail: bulkSummary(count, result, warning) };
    const bundle = encodeLogBundle({ rows: [row], chunks: [] });
    await this.#rpc.call(METHOD.log, bundle).catch(() => this.#logs.countDropped(1));
  }
}
