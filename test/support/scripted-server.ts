/** An HTTP server on loopback that answers what a test says. It is gone when the test ends. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Scope } from './asserts.ts';

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** @returns its port */
export async function startScriptedServer(
  t: Scope,
  script: (request: IncomingMessage) => Answer | Promise<Answer>,
): Promise<number> {
  const server = createServer((request, response) => {
    // Answered when the request is whole: else the client would see a broken connection.
    request.resume().on('end', () => {
      void Promise.resolve(script(request)).then(({ status, headers, body }) => {
        response.writeHead(status, headers).end(body);
      });
    });
  });
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
