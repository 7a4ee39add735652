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
import { createHistogram } from 'node:perf_hooks';

/** Requests 0, 1, 2, … and what a right answer to each is. */
export interface Load {
  /** The run ends when so many requests were sent. */
  readonly capacity: number;
  request(n: number): Buffer;
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

export interface Outcome {
  readonly sent: number;
  readonly answered: number;
  readonly wrong: number;
  /** The first few wrong answers, one line each. */
  readonly complaints: readonly string[];
  /** From the first request to the last answer. */
  readonly seconds: number;
  /** Microseconds from request to whole answer. */
  readonly latencyUs: RecordableHistogram;
  /** Answers in each tenth of a second, from the first request on. */
  readonly tenths: readonly number[];
  /** Bytes of all answers on the wire, heads and bodies. */
  readonly wireBytes: number;
  /** CPU time that this process, the client, spent. */
  readonly clientCpuMs: number;
}

const COMPLAINTS_MAX = 5;

export async function drive(load: Load, options: DriveOptions): Promise<Outcome> {
  const latencyUs = createHistogram();
  const complaints: string[] = [];
  let next = options.first;
  let answered = 0;
  let wrong = 0;
  let wireBytes = 0;
  const tenths: number[] = [];
  let firstSentMs = 0;
  let lastAnsweredMs = 0;
  const complain = (line: string): void => {
    wrong += 1;
    if (complaints.length < COMPLAINTS_MAX) complaints.push(line);
  };

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
      answered += 1;
      lastAnsweredMs = performance.now();
      const tenth = Math.floor((lastAnsweredMs - firstSentMs) / 100);
      while (tenths.length <= tenth) tenths.push(0);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
      const complaint = load.check(current, status, body);
      if (complaint !== undefined) complain(complaint);
    };
    client.on('response', (_status, bytes, durationMs) => {
      wireBytes += bytes;
      latencyUs.record(Math.max(1, Math.round(durationMs * 1000)));
    });
  };

  const left = load.capacity - options.first;
  const connections = Math.min(options.connections, left);
  const cpuBefore = process.cpuUsage();
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
  const cpu = process.cpuUsage(cpuBefore);
  for (let count = 0; count < result.errors; count += 1) complain('a connection failed');
  return {
    sent: next - options.first,
    answered,
    wrong,
    complaints,
    seconds: (lastAnsweredMs - firstSentMs) / 1000,
    latencyUs,
    tenths,
    wireBytes,
    clientCpuMs: (cpu.user + cpu.system) / 1000,
  };
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
