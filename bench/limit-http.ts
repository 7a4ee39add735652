/**
 * The limit of HTTP on this machine: uWebSockets.js and nothing behind it. `POST` answers the
 * bytes it was sent, `GET /bytes/<n>` answers n bytes. Run as a process of its own; prints the
 * port it listens on.
 */
import type { HttpResponse } from 'uWebSockets.js';
import { App, us_socket_local_port } from 'uWebSockets.js';

const bodies = new Map<string, Buffer>();

App()
  .get('/bytes/:count', (response, request) => {
    const count = request.getParameter(0) ?? '0';
    let body = bodies.get(count);
    if (body === undefined) {
      body = Buffer.alloc(Number(count), 'x');
      bodies.set(count, body);
    }
    respond(response, '200 OK', body);
  })
  .post('/*', (response) => {
    let aborted = false;
    let received: Buffer | undefined;
    response.onAborted(() => {
      aborted = true;
    });
    response.onData((chunk, isLast) => {
      const copy = Buffer.from(Buffer.from(chunk));
      received = received === undefined ? copy : Buffer.concat([received, copy]);
      if (!isLast || aborted) return;
      const body = received;
      response.cork(() => respond(response, '201 Created', body));
    });
  })
  .listen('127.0.0.1', 0, (socket) => {
    if (socket === false) throw new Error('cannot listen on 127.0.0.1');
    process.stdout.write(`${us_socket_local_port(socket)}\n`);
  });

function respond(response: HttpResponse, status: string, body: Buffer): void {
  response.writeStatus(status).writeHeader('Content-Type', 'application/scim+json').end(body);
}
