/**
 * The HTTP server: listens, hands requests to the dispatcher, keeps their deadlines, and stops
 * without breaking a promise. It knows nothing of SCIM.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { HistogramFamily } from '../platform/histogram.ts';
import type { MetricFamily } from '../platform/metrics.ts';
import { Dispatcher } from './dispatcher.ts';
import { type Listener, listen } from './native.ts';
import type { HttpOptions, HttpServices } from './options.ts';
import { TlsWatch } from './tls-watch.ts';

export interface HttpServer {
  /** @throws Error when the port cannot be had */
  listen(): Promise<{ readonly port: number }>;
  /**
   * Takes no more connections and lets what is in flight finish; each answer closes its connection.
   * True when all that was received whole was answered, false when the deadline came first.
   */
  drain(deadlineMs: number): Promise<boolean>;
  /** Closes every connection, idle or not. */
  close(): void;
  /** What requests there were and are, for a scrape. */
  metrics(): readonly (MetricFamily | HistogramFamily)[];
}

/** The deadline is looked at this often in its span: a request is cut at most 5 % late. */
const LOOKS_PER_DEADLINE = 20;

export function createServer(options: HttpOptions, services: HttpServices): HttpServer {
  const { clock } = services;
  const dispatcher = new Dispatcher(options, services);
  const { admission } = dispatcher;
  const { requestDeadlineMs, headerBlockBytes, tlsLookMs } = options.limits;
  let listener: Listener | undefined;
  let deadlineTimer: NodeJS.Timeout | undefined;
  let tlsTimer: NodeJS.Timeout | undefined;

  return {
    listen: async () => {
      const { host, port, tls } = options;
      const accept = dispatcher.accept.bind(dispatcher);
      const open = await listen(host, port, headerBlockBytes, accept, tls);
      listener = open;
      if (tls !== undefined) {
        const watch = new TlsWatch(tls, () => open.reload(), services.log);
        tlsTimer = setInterval(() => watch.look(), tlsLookMs);
      }
      // One timer for all requests: a timer for each would cost more than most requests do.
      deadlineTimer = setInterval(() => {
        admission.expire(clock.now());
      }, requestDeadlineMs / LOOKS_PER_DEADLINE);
      return { port: open.port };
    },
    drain: async (deadlineMs) => {
      dispatcher.startDraining();
      clearInterval(tlsTimer);
      listener?.stopListening();
      if (await settlesWithin(admission.whenIdle(), deadlineMs)) return true;
      // Who is left is told. A body that never came leaves at once: nothing was promised for it.
      admission.expire(Infinity);
      await nextTurn();
      return admission.requests === 0;
    },
    close: () => {
      clearInterval(deadlineTimer);
      clearInterval(tlsTimer);
      listener?.close();
      listener = undefined;
    },
    metrics: () => dispatcher.metrics.families(admission, dispatcher.followers),
  };
}

/** @param work never rejects */
async function settlesWithin(work: Promise<void>, deadlineMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<false>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, deadlineMs);
  });
  try {
    return await Promise.race([work.then(() => true), deadline]);
  } finally {
    clearTimeout(timer);
  }
}
