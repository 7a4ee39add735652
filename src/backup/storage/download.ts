/**
 * Objects on their way back. A large one goes to a file, piece by piece, and goes on where it broke
 * off; its hash is taken on the way. Nothing that differs from what was stored is ever handed on:
 * the file is there only when its size and SHA-256 are right.
 */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { open, rm } from 'node:fs/promises';
import { LIMITS } from '../../platform/limits.ts';
import { DamagedObject } from '../damaged-object.ts';
import { inTime } from './in-time.ts';
import type { Storage } from './storage.ts';
import { backoffMs, isUnavailable, pause } from './with-retries.ts';

export interface DownloadOptions {
  /** Of the whole object, hex. */
  readonly sha256: string;
  /** Of the whole object; a longer one is broken off. */
  readonly bytes?: number;
  readonly signal: AbortSignal;
  /** Attempts in a row that bring nothing. */
  readonly attempts?: number;
  /** How long to wait for the next piece. */
  readonly idleMs?: number;
  /** @param attempt the one that failed, from 1 */
  readonly delayMs?: (attempt: number) => number;
  /** @param bytes so far */
  readonly onProgress?: (bytes: number) => void;
}

/**
 * Stores an object in a file, synced; the folder's sync is the caller's.
 * @param into is overwritten, and removed when the download fails
 * @throws DamagedObject, StorageError, or an error of the local disk
 */
export async function downloadObject(
  storage: Storage,
  name: string,
  into: string,
  options: DownloadOptions,
): Promise<void> {
  const file = await open(into, 'w');
  try {
    await download(storage, name, file, options);
    await file.sync();
  } catch (error) {
    await rm(into, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/**
 * A small object in memory.
 * @throws DamagedObject when it has more than `bytesMax`; StorageError
 */
export async function readWhole(
  storage: Storage,
  name: string,
  options: { readonly bytesMax: number; readonly signal: AbortSignal },
): Promise<Uint8Array> {
  const { bytesMax, signal } = options;
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  const what = `${storage.label}: ${name}`;
  for await (const piece of inTime((ends) => storage.read(name, { signal: ends }), what, signal)) {
    bytes += piece.length;
    if (bytes > bytesMax) throw tooLong(storage, name, bytesMax);
    pieces.push(Uint8Array.from(piece));
  }
  return Buffer.concat(pieces);
}

async function download(
  storage: Storage,
  name: string,
  file: FileHandle,
  options: DownloadOptions,
): Promise<void> {
  const { sha256, bytes = Infinity, signal, idleMs } = options;
  const { attempts = LIMITS.storageDownloadAttempts } = options;
  const { delayMs = (attempt: number) => backoffMs(attempt, () => 1), onProgress } = options;
  const hash = createHash('sha256');
  let offset = 0;
  let failures = 0;
  for (let isWhole = false; !isWhole;) {
    const before = offset;
    try {
      const begin = offset;
      const pieces = inTime(
        (signal) => storage.read(name, { offset: begin, signal }),
        `${storage.label}: ${name}`,
        signal,
        idleMs,
      );
      for await (const piece of pieces) {
        if (offset + piece.length > bytes) throw tooLong(storage, name, bytes);
        await file.writeFile(piece);
        hash.update(piece);
        offset += piece.length;
        onProgress?.(offset);
      }
      isWhole = bytes === Infinity || offset === bytes;
      // It may have been cut off on the way; when nothing more comes, it is short.
      if (!isWhole && offset === before) {
        throw damaged(storage, name, `it has ${offset} bytes instead of ${bytes}`);
      }
    } catch (error) {
      failures = offset > before ? 1 : failures + 1;
      if (!isUnavailable(error) || failures >= attempts) throw error;
      await pause(delayMs(failures), signal);
    }
  }
  const found = hash.digest('hex');
  if (found !== sha256) {
    throw damaged(storage, name, `its SHA-256 is ${found} instead of ${sha256}`);
  }
}

function tooLong(storage: Storage, name: string, bytes: number): DamagedObject {
  return damaged(storage, name, `it has more than ${bytes} bytes`);
}

function damaged(storage: Storage, name: string, problem: string): DamagedObject {
  return new DamagedObject(name, problem, storage.label);
}
