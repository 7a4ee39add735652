/**
 * The limit of a durable write on this machine: the same bytes in, the same row with the same
 * indexes, the same bytes out after COMMIT, and nothing else: no JSON, no schema, no log. The main
 * thread speaks HTTP, one worker owns the database (see limit-insert-worker.ts), one message a
 * turn each way. Run as a process of its own with the data file as its argument; prints the port
 * it listens on.
 */
import { Worker } from 'node:worker_threads';
import type { HttpResponse } from 'uWebSockets.js';
import { App, us_socket_local_port } from 'uWebSockets.js';

interface Waiting {
  readonly response: HttpResponse;
  readonly body: Buffer;
  aborted: boolean;
}

const path = process.argv[2];
if (path === undefined) throw new Error('usage: limit-insert.ts <data file>');

const worker = new Worker(new URL('limit-insert-worker.ts', import.meta.url), { workerData: path });
/** In the order in which their bodies went to the worker; answers come back in the same. */
const waiting: Waiting[] = [];
let batch: string[] = [];

worker.on('message', (committed: number) => {
  for (const { response, body, aborted } of waiting.splice(0, committed)) {
    if (aborted) continue;
    response.cork(() => {
      response
        .writeStatus('201 Created')
        .writeHeader('Content-Type', 'application/scim+json')
        .end(body);
    });
  }
});

App()
  .post('/*', (response) => {
    let aborted: (() => void) | undefined;
    let received: Buffer | undefined;
    response.onAborted(() => aborted?.());
    response.onData((chunk, isLast) => {
      const copy = Buffer.from(Buffer.from(chunk));
      received = received === undefined ? copy : Buffer.concat([received, copy]);
      if (!isLast) return;
      const entry: Waiting = { response, body: received, aborted: false };
      aborted = () => {
        entry.aborted = true;
      };
      waiting.push(entry);
      if (batch.length === 0) setImmediate(send);
      batch.push(received.toString());
    });
  })
  .listen('127.0.0.1', 0, (socket) => {
    if (socket === false) throw new Error('cannot listen on 127.0.0.1');
    process.stdout.write(`${us_socket_local_port(socket)}\n`);
  });

function send(): void {
  worker.postMessage(batch);
  batch = [];
}
