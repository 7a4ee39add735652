/**
 * One keep-alive connection with one request in flight, read by Content-Length: what loads that
 * follow a clock or open many connections use instead of autocannon. A callback for each answer, no
 * promise, and no parsing beyond what a check needs.
 */
import { connect, type Socket } from 'node:net';

export interface Reply {
  readonly status: number;
  /** Latin-1, as in `Load.check`. */
  readonly body: string;
  /** Head and body. */
  readonly wireBytes: number;
}

/** An answer, or why there is none: the connection broke. */
export type Answered = (reply: Reply | Error) => void;

const HEAD_END = Buffer.from('\r\n\r\n');
const LENGTH = /^content-length: *(\d+)/im;
/** Where the status stands in `HTTP/1.1 200 OK`. */
const STATUS_AT = 9;

export class HttpConnection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #waiting: Answered | undefined;
  #broken: Error | undefined;

  constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('data', (chunk) => this.#take(chunk));
    this.#socket.on('error', (error) => this.#break(error));
    this.#socket.on('close', () => this.#break(new Error('the server closed the connection')));
  }

  /** Sends a request, when the connection is open at the latest. Not before the last one is answered. */
  ask(request: Buffer, answered: Answered): void {
    if (this.#broken !== undefined) {
      answered(this.#broken);
      return;
    }
    this.#waiting = answered;
    this.#socket.write(request);
  }

  close(): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #break(error: Error): void {
    this.#broken ??= error;
    const answered = this.#waiting;
    this.#waiting = undefined;
    answered?.(this.#broken);
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd === -1) return;
    const head = this.#received.toString('latin1', 0, headEnd);
    const start = headEnd + HEAD_END.length;
    const end = start + Number(LENGTH.exec(head)?.[1] ?? 0);
    if (this.#received.length < end) return;
    const body = this.#received.toString('latin1', start, end);
    this.#received = this.#received.subarray(end);
    const answered = this.#waiting;
    this.#waiting = undefined;
    answered?.({
      status: Number(head.slice(STATUS_AT, STATUS_AT + 3)),
      body,
      wireBytes: end,
    });
  }
}
