/**
 * How busy each thread of the process is, and its memory, asked of it from outside: nothing runs in
 * the workers for it. To be made before the first worker starts; threads that workers start
 * themselves (a checkpoint's, a snapshot's) are not seen.
 */
import type { Worker } from 'node:worker_threads';
import { performance, type EventLoopUtilization } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { MetricFamily, MetricSample } from './metrics.ts';

interface ThreadState {
  readonly name: string;
  readonly loop: EventLoopUtilization;
  readonly heapBytes: number;
  readonly externalBytes: number;
}

/** Where workers are told of; `process` is one. */
export interface WorkerEvents {
  on(event: 'worker', listener: (worker: Worker) => void): unknown;
}

/** The pool gives its threads no name. */
const NAMELESS = 'filter';

export class ThreadMetrics {
  readonly #workers = new Set<Worker>();

  constructor(events: WorkerEvents) {
    events.on('worker', (worker) => {
      this.#workers.add(worker);
      worker.once('exit', () => this.#workers.delete(worker));
    });
  }

  async families(): Promise<MetricFamily[]> {
    const states = [mainState(), ...(await this.#workerStates())];
    const each = (valueOf: (state: ThreadState) => number): MetricSample[] =>
      states.map((state) => ({ labels: { thread: state.name }, value: valueOf(state) }));
    return [
      {
        name: 'scimlane_thread_active_seconds_total',
        kind: 'counter',
        help: 'How long the event loop of the thread was at work; its rate is how busy it is.',
        samples: each(({ loop }) => loop.active / 1000),
      },
      {
        name: 'scimlane_thread_heap_bytes',
        kind: 'gauge',
        help: 'JavaScript objects of the thread.',
        samples: each(({ heapBytes }) => heapBytes),
      },
      {
        name: 'scimlane_thread_external_bytes',
        kind: 'gauge',
        help: 'Buffers of the thread.',
        samples: each(({ externalBytes }) => externalBytes),
      },
    ];
  }

  /** A thread that is busy answers for its heap late, one that ends not at all: it is left out. */
  async #workerStates(): Promise<ThreadState[]> {
    const counts = new Map<string, number>();
    const workers = [...this.#workers].map(async (worker): Promise<ThreadState | undefined> => {
      const own = worker.threadName;
      const kind = own === null || own === '' ? NAMELESS : own;
      const number = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, number);
      const name = kind === NAMELESS ? `${kind}-${number}` : kind;
      try {
        const heap = await worker.getHeapStatistics();
        const loop = worker.performance.eventLoopUtilization();
        const { used_heap_size: heapBytes, external_memory: externalBytes } = heap;
        return { name, loop, heapBytes, externalBytes };
      } catch {
        return undefined;
      }
    });
    return (await Promise.all(workers)).filter((state) => state !== undefined);
  }
}

function mainState(): ThreadState {
  const { used_heap_size: heapBytes, external_memory: externalBytes } = getHeapStatistics();
  return { name: 'main', loop: performance.eventLoopUtilization(), heapBytes, externalBytes };
}
