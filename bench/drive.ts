/**
 * Loads a server with autocannon and checks every answer. autocannon opens the connections and
 * keeps one request in flight on each; we hand it prepared bytes and read each answer before the
 * next request leaves. Times are taken per request, in microseconds: autocannon's own histogram
 * counts whole milliseconds, too coarse here.
 *
 * `getRequestBuffer`, `recordBody` and `addBody` are autocannon's inner methods. They are what its
 * documented hooks are built on, without rebuilding a request and parsing every header per call;
 * autocannon is pinned to the version that has them, and `innerClient` refuses another.
 *
 * Bodies are read as Latin-1, one character a byte: what checks look for in them is ASCII, and to
 * decode a page of 150 KB costs the client more than the server takes to make it.
 */
import autocannon from 'autocannon';
import type { RecordableHistogram } from 'node:perf_hooks';
import { type ClientLoad, watchClient } from './client-load.ts';
import type { MemoryFigures } from './memory-watch.ts';
import type { OpenLoopFigures } from './open-loop.ts';
import { Tally } from './tally.ts';

/** Requests 0, 1, 2, … and what a right answer to each is. */
export interface Load {
  /** The run ends when so many requests were sent. */
  readonly capacity: number;
  request(n: number): Buffer;
  /** So many first requests change nothing: another client may send them again, over and over. */
  readonly repeatable?: number;
  /** Undefined when the answer is right, else one line that says what is wrong. */
  check(n: number, status: number, body: string): string | undefined;
}

export interface DriveOptions {
  readonly port: number;
  readonly connections: number;
  /** How long to load; undefined: until the load's capacity is used up. */
  readonly seconds: number | undefined;
  /** Number of the first request; a warm-up before has used the ones below. */
  readonly first: number;
}

/** How a load is driven: this file's way, an open loop, or connections that come and go. */
export type Driver = (load: Load, options: DriveOptions) => Promise<Outcome>;

/** A stretch of the run in which something else went on. */
export interface Mark {
  readonly kind: 'checkpoint' | 'snapshot';
  /** As `performance.now()` has it. */
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Outcome {
  readonly sent: number;
  readonly answered: number;
  readonly wrong: number;
  /** The first few wrong answers, one line each. */
  readonly complaints: readonly string[];
  /** When the first request left, as `performance.now()` has it. */
  readonly startedMs: number;
  /** From the first request to the last answer. */
  readonly seconds: number;
  /** Microseconds from request to whole answer. */
  readonly latencyUs: RecordableHistogram;
  /** Answers in each tenth of a second, from the first request on. */
  readonly tenths: readonly number[];
  /** Bytes of all answers on the wire, heads and bodies. */
  readonly wireBytes: number;
  readonly client: ClientLoad;
  /** Only of an open loop. */
  readonly openLoop?: OpenLoopFigures;
  /** What the driver itself set off meanwhile. */
  readonly marks?: readonly Mark[];
  /** Of the server, where a run is about it. */
  readonly memory?: MemoryFigures;
}

export async function drive(load: Load, options: DriveOptions): Promise<Outcome> {
  const tally = new Tally();
  let next = options.first;
  let firstSentMs = 0;

  const setupClient = (client: autocannon.Client): void => {
    const inner = innerClient(client);
    let current = 0;
    inner.getRequestBuffer = () => {
      current = next;
      next += 1;
      if (current === options.first) firstSentMs = performance.now();
      return load.request(current);
    };
    inner.pipelinedRequests.addBody = (data) => {
      const pending = inner.pipelinedRequests.peek();
      if (pending !== undefined) pending.body += data.toString('latin1');
    };
    inner.requestIterator.recordBody = (_request, status, body) => {
      const complaint = load.check(current, status, body);
      if (complaint !== undefined) tally.complain(complaint);
    };
    client.on('response', (_status, bytes, durationMs) => {
      const us = Math.max(1, Math.round(durationMs * 1000));
      tally.answered(us, bytes, performance.now(), firstSentMs);
    });
  };

  const left = load.capacity - options.first;
  const connections = Math.min(options.connections, left);
  const stopWatch = watchClient();
  const result = await autocannon({
    url: `http://127.0.0.1:${options.port}`,
    connections,
    pipelining: 1,
    sampleInt: 100,
    setupClient,
    ...(options.seconds === undefined
      ? { amount: left }
      : { duration: options.seconds, maxOverallRequests: left }),
  });
  const client = stopWatch();
  for (let count = 0; count < result.errors; count += 1) tally.complain('a connection failed');
  return tally.outcome(next - options.first, client);
}

interface InnerClient {
  getRequestBuffer: () => Buffer;
  readonly pipelinedRequests: {
    addBody: (data: Buffer) => void;
    peek(): { body: string } | undefined;
  };
  readonly requestIterator: {
    recordBody: (request: unknown, status: number, body: string) => void;
  };
}

function innerClient(client: unknown): InnerClient {
  if (!isInnerClient(client)) {
    throw new Error('this autocannon has other inner methods than 9.0.0: see bench/drive.ts');
  }
  return client;
}

function isInnerClient(client: unknown): client is InnerClient {
  if (typeof client !== 'object' || client === null) return false;
  if (!('getRequestBuffer' in client) || !('requestIterator' in client)) return false;
  if (!('pipelinedRequests' in client)) return false;
  return (
    typeof client.getRequestBuffer === 'function' &&
    hasMethod(client.requestIterator, 'recordBody') &&
    hasMethod(client.pipelinedRequests, 'addBody') &&
    hasMethod(client.pipelinedRequests, 'peek')
  );
}

function hasMethod(object: unknown, name: string): boolean {
  return (
    typeof object === 'object' &&
    object !== null &&
    name in object &&
    typeof Reflect.get(object, name) === 'function'
  );
}
