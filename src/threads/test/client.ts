/** Clients for the tests of this folder, with a hand on the timer and an eye on the messages. */
import { Worker } from 'node:worker_threads';
import { assert } from '../../platform/assert.ts';
import type { Channel } from '../channel.ts';
import { type Frame, isFrame } from '../frame.ts';
import { RpcClient, type RpcClientOptions } from '../rpc-client.ts';
import type { SerializedError } from '../serialized-error.ts';

export class Rebuilt extends Error {
  readonly serialized: SerializedError;

  constructor(serialized: SerializedError) {
    super(serialized.message);
    this.serialized = serialized;
  }
}

export interface TestClient {
  readonly client: RpcClient;
  /** Messages the client sent. */
  readonly sent: Frame[];
  readonly deaths: Error[];
  readonly notices: [name: string, frame: Frame][];
  /** Lets the coarse timer fire once: an eighth of the deadline passes. */
  readonly tick: () => void;
  /** Whether the timer still runs. */
  readonly ticking: () => boolean;
}

export function testClient(channel: Channel, options: Partial<RpcClientOptions> = {}): TestClient {
  const sent: Frame[] = [];
  const deaths: Error[] = [];
  const notices: [string, Frame][] = [];
  let run: (() => void) | undefined;
  const watched: Channel = {
    postMessage: (message) => {
      assert(isFrame(message), 'a client sends frames');
      sent.push(message);
      channel.postMessage(message);
    },
    on: (event, listener) => channel.on(event, listener),
    terminate: () => channel.terminate(),
  };
  const client = new RpcClient(watched, {
    maxInFlight: 1000,
    maxInFlightBytes: 1_000_000,
    deadlineMs: 8000,
    rebuildError: (error) => new Rebuilt(error),
    overloaded: () => new Error('overloaded'),
    outcomeUnknown: (reason) => new Error(`outcome unknown: ${reason}`),
    onDeath: (error) => deaths.push(error),
    onNotice: (name, frame) => notices.push([name, frame]),
    every: (_intervalMs, tick) => {
      run = tick;
      return () => (run = undefined);
    },
    ...options,
  });
  return { client, sent, deaths, notices, tick: () => run?.(), ticking: () => run !== undefined };
}

export function echoWorker(workerData?: string): Worker {
  // Without the test runner's loaders, which cost a second per worker: Node strips the types.
  return new Worker(new URL('./echo-worker.ts', import.meta.url), { workerData, execArgv: [] });
}
