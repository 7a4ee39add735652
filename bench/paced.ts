/**
 * A paced load: requests leave by the clock, whatever the server does, so that their times are those
 * a client would see beside other work. A closed loop would ask a slow server less often, and at
 * saturation it would measure its own queue.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { Load } from './drive.ts';

export interface PacedOptions {
  readonly port: number;
  readonly perSecond: number;
  readonly seconds: number;
  /** Number of the first request. */
  readonly first: number;
}

export interface PacedOutcome {
  readonly sent: number;
  readonly wrong: number;
  readonly complaints: readonly string[];
  /** Microseconds from the moment a request was due to its whole answer. */
  readonly latencyUs: RecordableHistogram;
}

const COMPLAINTS_MAX = 5;
const HEAD_END = Buffer.from('\r\n\r\n');

/** Connections are opened when all others wait for an answer. @throws Error when one breaks */
export async function drivePaced(load: Load, options: PacedOptions): Promise<PacedOutcome> {
  const { port, perSecond, seconds, first } = options;
  const latencyUs = createHistogram();
  const complaints: string[] = [];
  const idle: PacedConnection[] = [];
  const all: PacedConnection[] = [];
  const pending: Promise<void>[] = [];
  let wrong = 0;

  const send = async (n: number, dueMs: number): Promise<void> => {
    const connection = idle.pop() ?? new PacedConnection(port);
    if (!connection.isKnown) all.push(connection);
    connection.isKnown = true;
    const { status, body } = await connection.ask(load.request(n));
    latencyUs.record(Math.max(1, Math.round((performance.now() - dueMs) * 1000)));
    idle.push(connection);
    const complaint = load.check(n, status, body);
    if (complaint === undefined) return;
    wrong += 1;
    if (complaints.length < COMPLAINTS_MAX) complaints.push(complaint);
  };

  const start = performance.now();
  const count = Math.round(perSecond * seconds);
  for (let sent = 0; sent < count;) {
    const due = Math.min(count, Math.floor(((performance.now() - start) / 1000) * perSecond) + 1);
    for (; sent < due; sent += 1) {
      pending.push(send(first + sent, start + (sent / perSecond) * 1000));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(pending);
  for (const connection of all) connection.close();
  return { sent: count, wrong, complaints, latencyUs };
}

interface Reply {
  readonly status: number;
  /** Latin-1, as in `Load.check`. */
  readonly body: string;
}

/** One keep-alive connection with one request in flight. */
class PacedConnection {
  isKnown = false;
  readonly #socket: Socket;
  readonly #open: Promise<unknown>;
  #received: Buffer = Buffer.alloc(0);
  #waiting: PromiseWithResolvers<Reply> | undefined;

  constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#open = once(this.#socket, 'connect');
    this.#socket.on('data', (chunk) => this.#take(chunk));
    const broken = (): void => this.#waiting?.reject(new Error('a connection broke'));
    this.#socket.on('close', broken);
    this.#socket.on('error', broken);
  }

  async ask(request: Buffer): Promise<Reply> {
    await this.#open;
    this.#waiting = Promise.withResolvers();
    this.#socket.write(request);
    return this.#waiting.promise;
  }

  close(): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd === -1) return;
    const head = this.#received.toString('latin1', 0, headEnd);
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
    const end = headEnd + HEAD_END.length + length;
    if (this.#received.length < end) return;
    const body = this.#received.toString('latin1', headEnd + HEAD_END.length, end);
    this.#received = this.#received.subarray(end);
    this.#waiting?.resolve({ status: Number(head.split(' ', 2)[1]), body });
  }
}
