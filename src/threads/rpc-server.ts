/**
 * The worker's end of the RPC. It gathers all calls that wait on the port, across messages, and
 * hands them over as one batch: that is what lets a writer commit many clients' requests at once.
 * Calls are handled in the order they were made. It must never swallow an error of `handle`: a
 * worker in an unknown state must die, so that the client can say "outcome unknown".
 */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { assert } from '../platform/assert.ts';
import { type Frame, type FrameValue, frameChars } from './frame.ts';
import { type SerializedError, errorToFrame } from './serialized-error.ts';
import { type Call, HELLO, HELLO_FAILED, appendAnswer, decodeCalls } from './wire.ts';

export type { Call } from './wire.ts';

export interface RpcServerOptions {
  /** Most calls in one batch; what is beyond waits for the next turn of the event loop. */
  readonly maxBatch: number;
  /** Most text in one batch, in characters; a call that alone has more is a batch of its own. */
  readonly maxBatchBytes?: number;
  readonly describeError: (error: unknown) => SerializedError;
  /** May answer later, too; but must call `flush` after it has answered. */
  readonly handle: (calls: readonly Call[]) => void;
}

export class RpcServer {
  readonly #port: MessagePort;
  readonly #options: RpcServerOptions;
  #waiting: Call[] = [];
  #answers: FrameValue[] = [];
  #scheduled = false;
  #handling = false;
  #closed = false;

  constructor(port: MessagePort, options: RpcServerOptions) {
    assert(options.maxBatch > 0, 'a batch holds at least one call');
    this.#port = port;
    this.#options = options;
    port.on('message', (message: unknown) => this.#receive(message));
  }

  /** The worker is ready; resolves the client's `ready`. */
  hello(frame: Frame): void {
    this.notice(HELLO, frame);
  }

  /** The worker cannot start; rejects the client's `ready`. The worker should close and exit. */
  helloFailed(error: unknown): void {
    this.notice(HELLO_FAILED, errorToFrame(this.#options.describeError(error)));
  }

  /** Tells the client something that it did not ask, at once: it may overtake buffered answers. */
  notice(name: string, frame: Frame): void {
    const message: FrameValue[] = [];
    appendAnswer(message, 0, [name, ...frame]);
    this.#post(message);
  }

  /** Answers a call. Nothing is sent before `flush`, so a batch may answer before it commits. */
  reply(id: number, frame: Frame): void {
    assert(id > 0, 'a one-way call is not answered');
    appendAnswer(this.#answers, id, frame);
  }

  /** Rejects a call with what `describeError` makes of the error; sent by `flush`. */
  refuse(id: number, error: unknown): void {
    assert(id > 0, 'a one-way call is not answered');
    appendAnswer(this.#answers, -id, errorToFrame(this.#options.describeError(error)));
  }

  /** Posts all answers since the last flush as one message. */
  flush(): void {
    if (this.#answers.length === 0) return;
    const message = this.#answers;
    this.#answers = [];
    this.#post(message);
  }

  /** Handles nothing more and lets the thread end. Answers already flushed arrive. */
  close(): void {
    this.#closed = true;
    this.#waiting = [];
    this.#port.close();
  }

  #post(message: FrameValue[]): void {
    if (!this.#closed) this.#port.postMessage(message);
  }

  #receive(message: unknown): void {
    decodeCalls(message, this.#waiting);
    if (!this.#scheduled) this.#runBatch();
  }

  #runBatch(): void {
    // Still set after a throw: a batch that failed half-way must not be followed by another.
    assert(!this.#handling, 'a batch is finished before the next begins');
    this.#handling = true;
    this.#drain();
    const batch = this.#takeBatch();
    if (batch.length > 0) this.#options.handle(batch);
    this.#handling = false;
  }

  #drain(): void {
    while (this.#waiting.length < this.#options.maxBatch) {
      const received = receiveMessageOnPort(this.#port);
      if (received === undefined) return;
      decodeCalls(received.message, this.#waiting);
    }
  }

  /** A full batch may have left calls behind, here or on the port: the event loop turns first. */
  #takeBatch(): readonly Call[] {
    const length = this.#batchLength();
    if (length === this.#waiting.length && length < this.#options.maxBatch) {
      const batch = this.#waiting;
      this.#waiting = [];
      return batch;
    }
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (!this.#closed) this.#runBatch();
    });
    return this.#waiting.splice(0, length);
  }

  #batchLength(): number {
    const { maxBatch, maxBatchBytes = Infinity } = this.#options;
    let length = 0;
    let chars = 0;
    for (const call of this.#waiting) {
      chars += frameChars(call.frame);
      if (length === maxBatch || (chars > maxBatchBytes && length > 0)) break;
      length += 1;
    }
    return length;
  }
}
