/**
 * Loads uWebSockets.js and opens the listen socket. The module reads its limit for request headers
 * from the environment once, when it is loaded; that is why it is imported here, late, and nowhere
 * else. Whoever swaps the package for the official one changes this file and nothing more.
 */
import type { HttpRequest, HttpResponse, TemplatedApp, us_listen_socket } from 'uWebSockets.js';

declare module 'uWebSockets.js' {
  interface TemplatedApp {
    /** Missing in the package's types, not in the package: host and listen options together. */
    listen(
      host: string,
      port: number,
      options: number,
      callback: (listenSocket: us_listen_socket | false) => void,
    ): TemplatedApp;
  }
}

export interface Listener {
  /** The port in use; interesting when 0 was asked for. */
  readonly port: number;
  /** Takes no more connections; those that are open stay open. */
  stopListening(): void;
  /** Closes every connection at once. */
  close(): void;
}

/**
 * `LIBUS_LISTEN_EXCLUSIVE_PORT`. Without it two servers on one port share its connections and
 * neither notices. The types name an enum that the module does not have at run time.
 */
const EXCLUSIVE_PORT = 1;

/**
 * Listens and hands every request, whatever its method and path, to `onRequest`, which must not
 * throw: it is called from native code.
 * @throws Error when the port cannot be had
 */
export async function listen(
  host: string,
  port: number,
  requestHeaderBytes: number,
  onRequest: (response: HttpResponse, request: HttpRequest) => void,
): Promise<Listener> {
  process.env['UWS_HTTP_MAX_HEADERS_SIZE'] ??= String(requestHeaderBytes);
  const uws = await import('uWebSockets.js');
  const app: TemplatedApp = uws.App();
  app.any('/*', onRequest);
  return new Promise((resolve, reject) => {
    app.listen(host, port, EXCLUSIVE_PORT, (socket) => {
      if (socket === false) {
        app.close();
        reject(new Error(`cannot listen on ${host}:${port}: the port is in use or not allowed`));
        return;
      }
      let listening = true;
      const stopListening = (): void => {
        if (listening) uws.us_listen_socket_close(socket);
        listening = false;
      };
      resolve({
        port: uws.us_socket_local_port(socket),
        stopListening,
        close: () => {
          stopListening();
          app.close();
        },
      });
    });
  });
}
