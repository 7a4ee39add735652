/**
 * A keep-alive connection that sends bytes as they are and reads answers strictly: whatever is not
 * one whole HTTP/1.1 answer to one request is an error, a byte too many as well.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Answer } from '../support/answer.ts';

const DEADLINE_MS = 60_000;
const STATUS_LINE = /^HTTP\/1\.1 (\d{3}) [A-Za-z' -]*$/;
const HEADER_LINE = /^([A-Za-z0-9-]+): ([\x20-\x7e]*)$/;

export interface Received {
  readonly answer: Answer;
  /** Whether the server says that it will close. */
  readonly closes: boolean;
}

interface Waiting {
  readonly method: string;
  readonly resolve: (received: Received) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

export class FuzzConnection {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #waiting: Waiting | undefined;
  #ended = false;

  static async open(port: number): Promise<FuzzConnection> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    const connection = new FuzzConnection(socket);
    await once(socket, 'connect');
    return connection;
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
      this.#read();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#ended = true;
      this.#fail(`closed without a whole answer; received ${show(this.#received)}`);
    });
  }

  get ended(): boolean {
    return this.#ended;
  }

  close(): void {
    this.#socket.destroy();
  }

  /**
   * @param pieces of one request, written one after the other
   * @throws Error when what comes back is no whole answer
   */
  async exchange(method: string, pieces: readonly Buffer[]): Promise<Received> {
    if (this.#received.length > 0) throw new Error(`more than an answer: ${show(this.#received)}`);
    const { promise, resolve, reject } = Promise.withResolvers<Received>();
    const timer = setTimeout(() => {
      this.#fail('no answer in time');
    }, DEADLINE_MS);
    this.#waiting = { method, resolve, reject, timer };
    promise.catch(() => undefined);
    for (const piece of pieces) {
      await new Promise<void>((written) => this.#socket.write(piece, () => written()));
    }
    return promise;
  }

  #read(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    try {
      const parsed = parseAnswer(this.#received, waiting.method);
      if (parsed === undefined) return;
      this.#received = this.#received.subarray(parsed.length);
      this.#waiting = undefined;
      clearTimeout(waiting.timer);
      waiting.resolve(parsed.received);
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error));
    }
  }

  #fail(why: string): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    clearTimeout(waiting.timer);
    waiting.reject(new Error(why));
  }
}

/**
 * The first answer of these bytes; undefined when it is not whole yet.
 * @throws Error for what is no HTTP
 */
function parseAnswer(
  bytes: Buffer,
  method: string,
): { received: Received; length: number } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const [statusLine = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const status = Number(STATUS_LINE.exec(statusLine)?.[1] ?? Number.NaN);
  if (!(status >= 200 && status < 600)) throw new Error(`no status line: ${statusLine}`);
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [, name, value] = HEADER_LINE.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`no header: ${line}`);
    const key = name.toLowerCase();
    if (headers[key] !== undefined) throw new Error(`the header ${name} came twice`);
    headers[key] = value;
  }
  const hasBody = method !== 'HEAD' && status !== 204 && status !== 304;
  const declared = headers['content-length'];
  if (hasBody && !/^\d+$/.test(declared ?? '')) throw new Error(`no length: ${lines.join(' | ')}`);
  const start = end + 4;
  const length = start + (hasBody ? Number(declared) : 0);
  if (bytes.length < length) return undefined;
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(start, length));
  const closes = headers['connection'] === 'close';
  return { received: { answer: new Answer(status, headers, text), closes }, length };
}

function show(bytes: Buffer): string {
  return JSON.stringify(bytes.subarray(0, 200).toString('latin1'));
}
