/**
 * Holds a job back while cores are scarce. Its thread has a low priority, but zstd compresses in
 * libuv's threads, which serve the whole process and keep the usual one. Linux counts how long a
 * thread stood ready without getting a core: a thread of low priority that waits is the sign that
 * others need them. Elsewhere nothing is known, and nothing is held back.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/** Measured over no less: one turn of the scheduler says nothing. */
const SPAN_MS = 10;
/** Share of a span spent waiting for a core, above which cores are scarce. */
const SCARCE = 0.1;
/** Rest for each span of work: work takes a sixth of the time. */
const RESTS_PER_SPAN = 5;
const REST_MS_MAX = 200;

/**
 * To be called, and its result used, in the thread that works.
 * @param waitedMs how long the thread has waited for a core so far; undefined where it is not known
 * @returns to be awaited between pieces of work: rests when the thread had to wait for a core
 */
export function yieldingCores(
  waitedMs = waitedForCoreMs,
  rest: (ms: number) => Promise<unknown> = setTimeout,
): () => Promise<void> {
  let since = performance.now();
  let waitedBefore = waitedMs();
  return async () => {
    const spanMs = performance.now() - since;
    if (waitedBefore === undefined || spanMs < SPAN_MS) return;
    const waited = (waitedMs() ?? waitedBefore) - waitedBefore;
    if (waited > spanMs * SCARCE) await rest(Math.min(spanMs * RESTS_PER_SPAN, REST_MS_MAX));
    since = performance.now();
    waitedBefore = waitedMs();
  };
}

/** The second figure of the kernel's schedule statistics, in nanoseconds. */
function waitedForCoreMs(): number | undefined {
  let handle: number | undefined;
  try {
    handle = openSync('/proc/thread-self/schedstat', 'r');
    const text = Buffer.alloc(128);
    const bytes = readSync(handle, text, 0, text.length, 0);
    const waited = Number(text.toString('latin1', 0, bytes).split(' ')[1]);
    return Number.isFinite(waited) ? waited / 1e6 : undefined;
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}
