/**
 * How busy each thread of the process is, and its memory, asked of it from outside: nothing runs in
 * the workers for it. To be made before the first worker starts; threads that workers start
 * themselves (a checkpoint's, a snapshot's) are not seen.
 */
import type { Worker } from 'node:worker_threads';
import { performance, type EventLoopUtilization } from 'node:perf_hooks';
import { setTimeout as timeout } from 'node:timers/promises';
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

/** A thread in the middle of a long native call answers when that ends: not in this scrape. */
const ANSWER_MS = 1000;

export class ThreadMetrics {
  /** With the name that a thread keeps for its life: its counter must never become another's. */
  readonly #workers = new Map<Worker, string>();

  constructor(events: WorkerEvents) {
    events.on('worker', (worker) => {
      this.#workers.set(worker, this.#nameOf(worker));
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
    const workers = [...this.#workers].map(async ([worker, name]) => {
      try {
        const late = timeout(ANSWER_MS, undefined, { ref: false });
        const heap = await Promise.race([worker.getHeapStatistics(), late]);
        if (heap === undefined) return undefined;
        const loop = worker.performance.eventLoopUtilization();
        const { used_heap_size: heapBytes, external_memory: externalBytes } = heap;
        return { name, loop, heapBytes, externalBytes };
      } catch {
        return undefined;
      }
    });
    return (await Promise.all(workers)).filter((state) => state !== undefined);
  }

  #nameOf({ threadName }: Worker): string {
    if (threadName !== null && threadName !== '') return threadName;
    const taken = new Set(this.#workers.values());
    let number = 1;
    while (taken.has(`${NAMELESS}-${number}`)) number += 1;
    return `${NAMELESS}-${number}`;
  }
}

function mainState(): ThreadState {
  const { used_heap_size: heapBytes, external_memory: externalBytes } = getHeapStatistics();
  return { name: 'main', loop: performance.eventLoopUtilization(), heapBytes, externalBytes };
}
