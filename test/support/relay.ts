/**
 * A bad line between a client and a server on loopback: it passes bytes on, or does to them what a
 * test says. Whatever a test does, it is closed when the test ends.
 */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Scope } from './asserts.ts';

/** What becomes of bytes on their way: other bytes, or nothing more from this connection. */
export type Line = (bytes: Buffer) => Buffer | 'cut' | 'silence';

const pass: Line = (bytes) => bytes;

export class Relay {
  /** Towards the server; may be changed at any time, also for connections that are open. */
  requests: Line = pass;
  /** Towards the client. */
  answers: Line = pass;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  static async start(t: Scope, port: number): Promise<Relay> {
    const relay = new Relay(port);
    t.teardown(() => relay.close());
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  private constructor(port: number) {
    this.#server = createServer((client) => this.#join(client, connect(port, '127.0.0.1')));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(client: Socket, server: Socket): void {
    const cut = (): void => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', cut).on('close', () => this.#sockets.delete(socket));
      socket.on('close', cut);
    }
    const carry = (from: Socket, to: Socket, line: () => Line): void => {
      from.on('data', (bytes) => {
        const outcome = line()(bytes);
        if (outcome === 'cut') cut();
        else if (outcome !== 'silence') to.write(outcome);
      });
    };
    carry(client, server, () => this.requests);
    carry(server, client, () => this.answers);
  }
}
