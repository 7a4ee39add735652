/**
 * Calls of a storage that may fail for a while: a time limit for each attempt, a pause before the
 * next. Only what may go away by itself is tried again. A storage that hangs never hangs us: an
 * attempt is left behind when its time is over, whether it heard the signal or not.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { LIMITS } from '../../platform/limits.ts';
import { StorageError } from './storage.ts';

export interface RetryOptions {
  /** Of one attempt. */
  readonly timeoutMs: number;
  /** At most, with the first. */
  readonly attempts: number;
  /** Ends it all. */
  readonly signal: AbortSignal;
  /** @param attempt the one that failed, from 1 */
  readonly delayMs: (attempt: number) => number;
  readonly onRetry?: (error: StorageError, attempt: number) => void;
}

/**
 * An attempt without an answer may have been carried out: the next `create` then says `exists`.
 * @throws what the last attempt threw, or the signal's reason
 */
export async function withRetries<T>(
  action: (signal: AbortSignal) => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  const { timeoutMs, attempts, signal, delayMs, onRetry } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await withTimeLimit(action, timeoutMs, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!isUnavailable(error) || attempt >= attempts) throw error;
      onRetry?.(error, attempt);
      await pause(delayMs(attempt), signal);
    }
  }
}

/**
 * @param action gets a signal that is aborted when the time is over
 * @param what for the error: who did not answer
 * @throws StorageError `unavailable` when the time is over; the signal's reason when that is aborted
 */
export async function withTimeLimit<T>(
  action: (signal: AbortSignal) => Promise<T>,
  timeoutMs: number,
  signal: AbortSignal,
  what = 'the storage',
): Promise<T> {
  signal.throwIfAborted();
  const attempt = new AbortController();
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = (reason: unknown): void => {
    attempt.abort(reason);
    reject(attempt.signal.reason);
  };
  const onAbort = (): void => end(signal.reason);
  const onTimeout = (): void =>
    end(new StorageError('unavailable', `${what} did not answer within ${timeoutMs} ms`));
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(onTimeout, timeoutMs);
  try {
    return await Promise.race([action(attempt.signal), ended]);
  } catch (error) {
    // The action may have come first with an error of its own about the abort.
    attempt.signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

/**
 * Doubles up to a bound. Half of it is by chance, so that many do not come back at once.
 * @param attempt the one that failed, from 1
 * @param random from 0 to 1
 */
export function backoffMs(attempt: number, random: () => number): number {
  const { storageBackoffMsMin, storageBackoffMsMax } = LIMITS;
  const longest = Math.min(storageBackoffMsMax, storageBackoffMsMin * 2 ** (attempt - 1));
  return longest * (0.5 + random() / 2);
}

/** Whether to try again may help. */
export function isUnavailable(error: unknown): error is StorageError {
  return error instanceof StorageError && error.code === 'unavailable';
}

/** @throws the signal's reason */
export async function pause(timeMs: number, signal: AbortSignal): Promise<void> {
  await sleep(timeMs, undefined, { signal }).catch(() => undefined);
  signal.throwIfAborted();
}
