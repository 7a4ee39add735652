/**
 * Node's own debugger as the fault injector: it runs an expression inside a worker thread of the
 * server, so that a thread can be made to die without a hook in the product. The server must have
 * been started with `--inspect=127.0.0.1:0`.
 */
import { once } from 'node:events';
import type { Scope } from './asserts.ts';
import type { Server } from './server.ts';

interface Worker {
  readonly sessionId: string;
  readonly url: string;
}

const ATTACH_DEADLINE_MS = 10_000;

export class Inspector {
  readonly #socket: WebSocket;
  readonly #workers: Worker[] = [];
  #id = 0;
  #done = false;

  static async attach(t: Scope, server: Server): Promise<Inspector> {
    const url = /Debugger listening on (ws:\S+)/.exec(server.stderr)?.[1];
    if (url === undefined) throw new Error('the server was not started with --inspect');
    const socket = new WebSocket(url);
    t.teardown(() => socket.close());
    await once(socket, 'open');
    return new Inspector(socket);
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', (event) => {
      const text = String(event.data);
      // The worker answered, or it is gone.
      if (/NodeWorker\.(receivedMessage|detached)FromWorker/.test(text)) this.#done = true;
      const worker = attachedWorker(text);
      if (worker !== undefined) this.#workers.push(worker);
    });
    this.#send('NodeWorker.enable', { waitForDebuggerOnStart: false });
  }

  /** Runs an expression in the worker whose script lies in a folder of this name; once. */
  async evaluateInWorker(folder: string, expression: string): Promise<void> {
    const late = AbortSignal.timeout(ATTACH_DEADLINE_MS);
    let worker = this.#find(folder);
    while (worker === undefined) {
      await once(this.#socket, 'message', { signal: late });
      worker = this.#find(folder);
    }
    const message = JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } });
    this.#send('NodeWorker.sendMessageToWorker', { sessionId: worker.sessionId, message });
    while (!this.#done) await once(this.#socket, 'message', { signal: late });
    // Node does not exit while a debugger is connected.
    this.#socket.close();
  }

  #find(folder: string): Worker | undefined {
    return this.#workers.find((worker) => worker.url.includes(`/${folder}/`));
  }

  #send(method: string, params: object): void {
    this.#socket.send(JSON.stringify({ id: ++this.#id, method, params }));
  }
}

function attachedWorker(text: string): Worker | undefined {
  const message = JSON.parse(text) as {
    method?: string;
    params?: { sessionId: string; workerInfo: { url: string } };
  };
  if (message.method !== 'NodeWorker.attachedToWorker' || message.params === undefined) return;
  return { sessionId: message.params.sessionId, url: message.params.workerInfo.url };
}
