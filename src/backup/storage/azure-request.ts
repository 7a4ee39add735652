/**
 * One request to Azure: sent once, ended by its deadline or by whoever gives it up, its error judged.
 * The SDK by itself waits for ever for a storage that is silent, and some of its parts (tokens) do
 * not hear an abort: so here the wait ends, whatever becomes of the request.
 */
import { LIMITS } from '../../platform/limits.ts';
import { toStorageError } from './azure-error.ts';
import { StorageError } from './storage.ts';

export interface RequestTime {
  /** How long an answer may take, beside the transfer. */
  readonly answerTimeoutMs: number;
  /** A slower transfer is given up as hung. */
  readonly bytesPerSecondMin: number;
}

export const USUAL_TIME: RequestTime = {
  answerTimeoutMs: LIMITS.azureAnswerMs,
  bytesPerSecondMin: LIMITS.azureBytesPerSecondMin,
};

/** @param bytes how many go up or come down, at most */
export function timeoutMsOf(
  { answerTimeoutMs, bytesPerSecondMin }: RequestTime,
  bytes: number,
): number {
  return answerTimeoutMs + Math.ceil((bytes * 1000) / bytesPerSecondMin);
}

export interface AzureRequest {
  /** The storage's label. */
  readonly label: string;
  /** The object; empty when the request is about all of them. */
  readonly name: string;
  /** The request ends when one of them aborts, with its reason. */
  readonly signals: readonly AbortSignal[];
  readonly timeoutMs: number;
}

/**
 * @param send hands the signal on to the SDK
 * @throws StorageError, or the reason of a signal
 */
export async function sendToAzure<T>(
  { label, name, signals, timeoutMs }: AzureRequest,
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  for (const signal of signals) signal.throwIfAborted();
  const end = new AbortController();
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const stop = (reason: unknown): void => {
    end.abort(reason);
    reject(reason);
  };
  const timer = setTimeout(() => stop(late(label, name, timeoutMs)), timeoutMs);
  // Not AbortSignal.any: in Node 22 it leaves 300 bytes with a signal that lives as long as we do.
  const listeners = signals.map((signal) => ({ signal, hear: () => stop(signal.reason) }));
  for (const { signal, hear } of listeners) signal.addEventListener('abort', hear);
  try {
    return await Promise.race([send(end.signal), ended]);
  } catch (error) {
    end.signal.throwIfAborted();
    throw toStorageError(error, label, name);
  } finally {
    clearTimeout(timer);
    for (const { signal, hear } of listeners) signal.removeEventListener('abort', hear);
  }
}

function late(label: string, name: string, timeoutMs: number): StorageError {
  const where = name === '' ? label : `${label}: ${name}`;
  return new StorageError('unavailable', `${where}: no answer within ${timeoutMs} ms`);
}
