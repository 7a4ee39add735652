/**
 * What a storage gives piece by piece, each within its time, whether or not the storage hears the
 * signal: a server that is gone must never hang whoever reads.
 */
import { LIMITS } from '../../platform/limits.ts';
import { withTimeLimit } from './with-retries.ts';

/**
 * @param start begins to read; its signal is aborted when nobody listens any more
 * @param what for the error: the storage's label, and the object
 * @throws StorageError `unavailable` when a piece does not come in time
 */
export async function* inTime<T>(
  start: (signal: AbortSignal) => AsyncIterable<T>,
  what: string,
  signal: AbortSignal,
  idleMs: number = LIMITS.storageIdleMs,
): AsyncIterable<T> {
  const leaving = new AbortController();
  const pieces = start(AbortSignal.any([signal, leaving.signal]))[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await withTimeLimit(() => pieces.next(), idleMs, signal, what);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    leaving.abort();
    // Not awaited: behind a piece that hangs, this would hang too.
    pieces.return?.().catch(() => undefined);
  }
}
