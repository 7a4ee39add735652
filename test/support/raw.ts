/**
 * A TCP connection on which a test writes any bytes it likes: halves of requests, several of them,
 * headers that no HTTP client would send. It reads answers by their Content-Length.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Scope } from './asserts.ts';
import { Answer } from './answer.ts';
import { SECRET, type Server } from './server.ts';

const READ_DEADLINE_MS = 30_000;

export class RawConnection {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #ended = false;

  static async open(t: Scope, server: Server): Promise<RawConnection> {
    const socket = connect({ host: '127.0.0.1', port: server.port, noDelay: true });
    t.teardown(() => socket.destroy());
    const connection = new RawConnection(socket);
    await once(socket, 'connect');
    return connection;
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => (this.#ended = true));
  }

  /** Resolves when the bytes have left this process. */
  async write(bytes: string | Buffer): Promise<void> {
    if (this.#ended) return;
    await new Promise<void>((resolve) => this.#socket.write(bytes, () => resolve()));
  }

  /** Everything received and not yet read as an answer. */
  get received(): Buffer {
    return this.#received;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Breaks the connection at once (RST), as a client that dies does. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  /** Resolves when the other side has closed. */
  async closed(): Promise<void> {
    const late = AbortSignal.timeout(READ_DEADLINE_MS);
    while (!this.#ended) await once(this.#socket, 'close', { signal: late });
  }

  /** The next answer, or undefined when the connection closed without a whole one. */
  async answer(): Promise<Answer | undefined> {
    const late = AbortSignal.timeout(READ_DEADLINE_MS);
    for (;;) {
      const parsed = parseAnswer(this.#received);
      if (parsed !== undefined) {
        this.#received = this.#received.subarray(parsed.length);
        return parsed.answer;
      }
      if (this.#ended) return undefined;
      const stop = new AbortController();
      const signal = AbortSignal.any([late, stop.signal]);
      const waits = ['data', 'close'].map((event) => once(this.#socket, event, { signal }));
      await Promise.race(waits).finally(() => {
        stop.abort();
        for (const wait of waits) wait.catch(() => undefined);
      });
    }
  }
}

/** A request as text, with Host, a good token and a Content-Length for the body. */
export function requestText(
  method: string,
  target: string,
  body?: string,
  headers: readonly string[] = [],
): string {
  const lines = [
    `${method} ${target} HTTP/1.1`,
    'Host: 127.0.0.1',
    `Authorization: Bearer ${SECRET}`,
    ...(body === undefined
      ? []
      : ['Content-Type: application/scim+json', `Content-Length: ${Buffer.byteLength(body)}`]),
    ...headers,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body ?? ''}`;
}

function parseAnswer(bytes: Buffer): { answer: Answer; length: number } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const [statusLine = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const length = end + 4 + Number(headers['content-length'] ?? 0);
  if (bytes.length < length) return undefined;
  const text = bytes.subarray(end + 4, length).toString('utf8');
  return { answer: new Answer(Number(statusLine.split(' ')[1]), headers, text), length };
}
