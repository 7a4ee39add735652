/**
 * The client's end of a conversation with a worker. A `Worker` is one as it is; `loopback` makes
 * one inside a thread, so that the same client and server run without a second thread.
 */
import { MessageChannel, type MessagePort } from 'node:worker_threads';

export interface Channel {
  postMessage(message: unknown): void;
  /** `exit` comes with the exit code, when the other side is gone; nothing comes after it. */
  on(
    event: 'message' | 'messageerror' | 'error' | 'exit',
    listener: (value: unknown) => void,
  ): unknown;
  /** Ends the other side wherever it is; resolves to its exit code. */
  terminate(): Promise<number>;
}

export interface Loopback {
  readonly channel: Channel;
  /** For the RpcServer. */
  readonly port: MessagePort;
}

/** A channel whose other side is a port of this thread; closing the port counts as exit 0. */
export function loopback(): Loopback {
  const { port1, port2 } = new MessageChannel();
  const gone = new Promise<number>((resolve) => {
    port1.on('close', () => resolve(0));
  });
  const channel: Channel = {
    postMessage: (message) => port1.postMessage(message),
    on: (event, listener) => {
      if (event === 'exit') port1.on('close', () => listener(0));
      else port1.on(event, listener);
    },
    terminate: () => {
      port2.close();
      return gone;
    },
  };
  return { channel, port: port2 };
}
