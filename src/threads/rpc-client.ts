/**
 * The caller's end of the RPC. The calls of an event-loop turn cross as few messages. What is in
 * flight is bounded by count and by characters, and a call stays counted until the worker has
 * answered it, even past its deadline: a stuck worker can never collect an unbounded queue.
 * Invariant: every call settles exactly once, also when the worker dies or never answers.
 */
import { LIMITS } from '../platform/limits.ts';
import { assert } from '../platform/assert.ts';
import { toError } from '../platform/thrown.ts';
import type { Channel } from './channel.ts';
import { type Frame, type FrameValue, frameChars, stringAt } from './frame.ts';
import { type SerializedError, errorFromFrame } from './serialized-error.ts';
import { HELLO, HELLO_FAILED, appendCall, visitAnswers } from './wire.ts';

export interface RpcClientOptions {
  /** Calls the worker has not answered. */
  readonly maxInFlight: number;
  /** Text of those calls, approximately: characters of all strings. */
  readonly maxInFlightBytes: number;
  /** A call is given up after this time, at most an eighth later. */
  readonly deadlineMs: number;
  readonly rebuildError: (error: SerializedError) => Error;
  /** Why a call was not sent: a bound is reached. */
  readonly overloaded: () => Error;
  /** Why a call has no answer: it may or may not have been carried out. */
  readonly outcomeUnknown: (reason: string) => Error;
  /** Once, when a worker that was ready errors or exits unasked. A failed start is told by `ready`. */
  readonly onDeath: (error: Error) => void;
  readonly onNotice?: (name: string, frame: Frame) => void;
  /** Runs something at an interval and returns how to stop it; a test hands in its own. */
  readonly every?: (intervalMs: number, run: () => void) => () => void;
}

interface PendingCall {
  readonly resolve: (frame: Frame) => void;
  readonly reject: (error: Error) => void;
  readonly chars: number;
  readonly startTick: number;
  expired: boolean;
}

/** Deadlines are counted in ticks of a coarse timer: no clock is read per call. */
const TICKS_PER_DEADLINE = 8;

export class RpcClient {
  /** The server's hello; rejects when the worker fails to start. */
  readonly ready: Promise<Frame>;

  readonly #channel: Channel;
  readonly #options: RpcClientOptions;
  readonly #maxBatchCalls = LIMITS.rpcBatchCalls;
  readonly #maxBatchChars = LIMITS.rpcBatchBytes;
  readonly #stopTicking: () => void;
  readonly #gone: Promise<number>;
  /** In order of start, which is the order of deadlines. */
  readonly #pending = new Map<number, PendingCall>();
  #settleReady: { resolve: (hello: Frame) => void; reject: (error: Error) => void } | undefined;
  #batch: FrameValue[] = [];
  #batchCalls = 0;
  #batchChars = 0;
  #inFlightChars = 0;
  #lastId = 0;
  #tick = 0;
  #closing = false;
  /** Why no call can be made any more. */
  #ended: string | undefined;

  constructor(channel: Channel, options: RpcClientOptions) {
    this.#channel = channel;
    this.#options = options;
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    // Whoever awaits it still sees the rejection; nobody awaiting must not end the process.
    this.ready.catch(() => undefined);
    channel.on('message', (message) => this.#receive(message));
    channel.on('messageerror', (error) => this.#die(error));
    channel.on('error', (error) => this.#die(error));
    this.#gone = new Promise((resolve) => {
      channel.on('exit', (exitCode) => {
        assert(typeof exitCode === 'number', 'a worker exits with a number');
        this.#exited(exitCode);
        resolve(exitCode);
      });
    });
    const every = options.every ?? everyUnreferenced;
    this.#stopTicking = every(options.deadlineMs / TICKS_PER_DEADLINE, () => this.#expireLate());
  }

  /** Calls that the worker has not answered, those past their deadline included. */
  get inFlight(): number {
    return this.#pending.size;
  }

  /** Whether the other side is gone: every call from here on rejects. */
  get gone(): boolean {
    return this.#ended !== undefined;
  }

  /**
   * Calls a method of the worker. Rejects with `overloaded` (nothing was sent), `outcomeUnknown`
   * (deadline, or the worker is gone) or what the server refused with.
   */
  call(method: string, frame: Frame): Promise<Frame> {
    if (this.#ended !== undefined) return Promise.reject(this.#options.outcomeUnknown(this.#ended));
    const chars = frameChars(frame);
    if (
      this.#pending.size >= this.#options.maxInFlight ||
      this.#inFlightChars + chars > this.#options.maxInFlightBytes
    ) {
      return Promise.reject(this.#options.overloaded());
    }
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#inFlightChars += chars;
      this.#pending.set(id, { resolve, reject, chars, startTick: this.#tick, expired: false });
      this.#send(id, method, frame, chars);
    });
  }

  /**
   * Tells the worker something and expects no answer, in order with calls. It is not counted in
   * flight, so the caller bounds how much it posts. Lost without a word when the worker is gone.
   */
  post(method: string, frame: Frame): void {
    if (this.#ended === undefined) this.#send(0, method, frame, frameChars(frame));
  }

  /**
   * From here on the worker's exit is expected. Calls still work until it exits (the one that asks
   * it to stop, for example). Resolves to its exit code.
   */
  close(): Promise<number> {
    this.#closing = true;
    this.#flush();
    return this.#gone;
  }

  /** Ends the worker now; calls in flight reject with `outcomeUnknown`. Resolves to its exit code. */
  async terminate(): Promise<number> {
    this.#closing = true;
    await this.#channel.terminate();
    return this.#gone;
  }

  #send(id: number, method: string, frame: Frame, chars: number): void {
    if (this.#batchCalls === 0) setImmediate(() => this.#flush());
    appendCall(this.#batch, id, method, frame);
    this.#batchCalls += 1;
    this.#batchChars += chars;
    if (this.#batchCalls >= this.#maxBatchCalls || this.#batchChars >= this.#maxBatchChars) {
      this.#flush();
    }
  }

  #flush(): void {
    if (this.#batchCalls === 0) return;
    const message = this.#batch;
    this.#batch = [];
    this.#batchCalls = 0;
    this.#batchChars = 0;
    this.#channel.postMessage(message);
  }

  #receive(message: unknown): void {
    try {
      visitAnswers(message, (id, frame) => {
        if (id === 0) this.#notice(stringAt(frame, 0), frame.slice(1));
        else this.#settle(id, frame);
      });
    } catch (error) {
      // A worker that does not speak our format can be trusted with nothing more.
      this.#die(error);
    }
  }

  #settle(id: number, frame: Frame): void {
    const callId = Math.abs(id);
    const call = this.#pending.get(callId);
    if (call === undefined && this.#ended !== undefined) return;
    assert(call !== undefined, 'an answer belongs to a call in flight');
    // Before the call is forgotten: an error that cannot be rebuilt is a death, which rejects it.
    const error = id > 0 ? undefined : this.#options.rebuildError(errorFromFrame(frame));
    this.#pending.delete(callId);
    this.#inFlightChars -= call.chars;
    if (call.expired) return;
    if (error === undefined) call.resolve(frame);
    else call.reject(error);
  }

  #notice(name: string, frame: Frame): void {
    if (name === HELLO) {
      this.#settleReady?.resolve(frame);
      this.#settleReady = undefined;
    } else if (name === HELLO_FAILED) {
      this.#die(this.#options.rebuildError(errorFromFrame(frame)));
    } else {
      this.#options.onNotice?.(name, frame);
    }
  }

  /** The oldest calls come first, so this looks at no more calls than are late, and one. */
  #expireLate(): void {
    this.#tick += 1;
    const reason = `no answer within ${this.#options.deadlineMs} ms`;
    for (const call of this.#pending.values()) {
      if (this.#tick - call.startTick <= TICKS_PER_DEADLINE) return;
      if (call.expired) continue;
      call.expired = true;
      call.reject(this.#options.outcomeUnknown(reason));
    }
  }

  #exited(exitCode: number): void {
    const reason = `the worker exited with code ${exitCode}`;
    if (this.#closing) this.#end(reason);
    else this.#die(new Error(reason));
  }

  #die(cause: unknown): void {
    if (this.#ended !== undefined) return;
    const error = toError(cause);
    const starting = this.#settleReady;
    this.#settleReady = undefined;
    this.#end(error.message);
    if (starting === undefined) this.#options.onDeath(error);
    else starting.reject(error);
  }

  #end(reason: string): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    this.#stopTicking();
    this.#batch = [];
    this.#batchCalls = 0;
    this.#settleReady?.reject(new Error(reason));
    for (const call of this.#pending.values()) {
      if (!call.expired) call.reject(this.#options.outcomeUnknown(reason));
    }
    this.#pending.clear();
    this.#inFlightChars = 0;
  }
}

function everyUnreferenced(intervalMs: number, run: () => void): () => void {
  const timer = setInterval(run, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}
