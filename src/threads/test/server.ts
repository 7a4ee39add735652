/** A server in the test's own thread that keeps what it was asked. */
import type { MessagePort } from 'node:worker_threads';
import { RpcServer } from '../rpc-server.ts';

export interface TestServer {
  readonly server: RpcServer;
  /** Methods of each batch. */
  readonly batches: string[][];
}

/** Echoes each call, except those of the method `keep`, which the test answers. */
export function testServer(port: MessagePort): TestServer {
  const batches: string[][] = [];
  const server = new RpcServer(port, {
    maxBatch: 1000,
    describeError: (error) => ({ code: 'test', message: String(error) }),
    handle: (calls) => {
      batches.push(calls.map((call) => call.method));
      for (const { id, method, frame } of calls) {
        if (id > 0 && method !== 'keep') server.reply(id, frame);
      }
      server.flush();
    },
  });
  return { server, batches };
}

/** Resolves when timers, I/O and immediates had a turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
