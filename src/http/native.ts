/**
 * Loads uWebSockets.js and opens the listen socket. The module reads its limit for request headers
 * from the environment once, when it is loaded; that is why it is imported here, late, and nowhere
 * else. Whoever swaps the package for the official one changes this file and nothing more.
 */
import type { HttpRequest, HttpResponse, TemplatedApp, us_listen_socket } from 'uWebSockets.js';
import type { TlsFiles } from '../platform/tls-config.ts';

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
  /**
   * Reads the TLS files anew, for connections that come from now on; those that are open go on.
   * @throws Error when they are of no use; then nothing has changed
   */
  reload(): void;
  /** Closes every connection at once. */
  close(): void;
}

/**
 * `LIBUS_LISTEN_EXCLUSIVE_PORT`. Without it two servers on one port share its connections and
 * neither notices. The types name an enum that the module does not have at run time.
 */
const EXCLUSIVE_PORT = 1;

/**
 * Apps of certificates that were replaced, whose connections go on. A certificate lives for weeks,
 * an idle connection for seconds: the oldest has none.
 */
const FORMER_APPS_MAX = 8;

/**
 * Listens and hands every request, whatever its method and path, to `onRequest`, which must not
 * throw: it is called from native code.
 * @param tls undefined: HTTP; else files that were found to fit together
 * @throws Error when the port cannot be had
 */
export async function listen(
  host: string,
  port: number,
  requestHeaderBytes: number,
  onRequest: (response: HttpResponse, request: HttpRequest) => void,
  tls?: TlsFiles,
): Promise<Listener> {
  process.env['UWS_HTTP_MAX_HEADERS_SIZE'] ??= String(requestHeaderBytes);
  const uws = await import('uWebSockets.js');
  const makeApp = (): TemplatedApp => {
    const files = tls && { cert_file_name: tls.certFile, key_file_name: tls.keyFile };
    return (files === undefined ? uws.App() : uws.SSLApp(files)).any('/*', onRequest);
  };
  const apps: TemplatedApp[] = [makeApp()];
  let opened = open(apps[0], host, port);
  if (opened !== undefined && port === 0 && tls !== undefined) {
    // A port that was not named cannot be had again while it has connections, as `reload` needs it:
    // the module sets SO_REUSEADDR only on named ones.
    const free = uws.us_socket_local_port(opened);
    uws.us_listen_socket_close(opened);
    opened = open(apps[0], host, free);
  }
  if (opened === undefined) {
    for (const app of apps) app.close();
    throw new Error(`cannot listen on ${host}:${port}: the port is in use or not allowed`);
  }
  const boundPort = uws.us_socket_local_port(opened);
  let socket: us_listen_socket | undefined = opened;
  const stopListening = (): void => {
    if (socket !== undefined) uws.us_listen_socket_close(socket);
    socket = undefined;
  };
  return {
    port: boundPort,
    stopListening,
    reload: () => {
      const next = makeApp();
      // Behind the poll of this turn, which has taken all connections that waited: hardly one is lost.
      setImmediate(() => {
        if (socket === undefined) return;
        stopListening();
        socket = open(next, host, boundPort);
        // Nobody can have come in between; deaf it must not stay.
        if (socket === undefined) throw new Error(`${host}:${boundPort} cannot be had any more`);
        apps.push(next);
        if (apps.length > FORMER_APPS_MAX) apps.shift()?.close();
      });
    },
    close: () => {
      stopListening();
      for (const app of apps) app.close();
      apps.length = 0;
    },
  };
}

/** The callback is called at once. */
function open(
  app: TemplatedApp | undefined,
  host: string,
  port: number,
): us_listen_socket | undefined {
  let opened: us_listen_socket | undefined;
  app?.listen(host, port, EXCLUSIVE_PORT, (socket) => {
    if (socket !== false) opened = socket;
  });
  return opened;
}
