/** What tests ask of a storage, with all of an answer at once and nobody who gives up. */
import { StorageError, type Storage, type StoredObject } from '../storage.ts';

export function unaborted(): AbortSignal {
  return new AbortController().signal;
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

export async function readAll(storage: Storage, name: string, offset = 0): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of storage.read(name, { offset, signal: unaborted() })) {
    pieces.push(Uint8Array.from(piece));
  }
  return Buffer.concat(pieces);
}

export async function readText(storage: Storage, name: string, offset = 0): Promise<string> {
  return (await readAll(storage, name, offset)).toString('latin1');
}

export function listAll(storage: Storage, prefix = ''): Promise<StoredObject[]> {
  return collect(storage.list(prefix, unaborted()));
}

export async function names(storage: Storage, prefix = ''): Promise<string[]> {
  return (await listAll(storage, prefix)).map(({ name }) => name);
}

/** @returns the StorageError that it fails with */
export async function failure(promise: Promise<unknown>): Promise<StorageError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof StorageError) return error;
    throw error;
  }
  throw new Error('it succeeded');
}
