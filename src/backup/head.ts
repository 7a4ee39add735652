/**
 * The heads of a storage: finds the newest one, creates the next. A head that cannot be trusted is an
 * error: an older one would pass for the newest state, and a restore from it would lose what was
 * acknowledged since.
 */
import { LIMITS } from '../platform/limits.ts';
import { encodeDocument } from './document.ts';
import { parseHead } from './manifest-codec.ts';
import type { Head } from './manifest.ts';
import { HEAD_PREFIX, headName, parseNumberedName } from './object-names.ts';
import { readWhole } from './storage/download.ts';
import { inTime } from './storage/in-time.ts';
import { StorageError, type Storage } from './storage/storage.ts';

/** Each time it had to be replaced between two calls: more often than that, something else is wrong. */
const LOOKS_MAX = 8;

export interface FoundHead {
  /** Undefined when the storage has none: nobody has ever taken it. */
  readonly head: Head | undefined;
  /** Of all that are there, growing. */
  readonly numbers: readonly number[];
}

/**
 * @returns undefined when the storage has none: nobody has ever taken it
 * @throws StorageError, DamagedObject, UnknownFormat
 */
export async function readHead(storage: Storage, signal: AbortSignal): Promise<Head | undefined> {
  return (await findHead(storage, signal)).head;
}

/** @throws StorageError, DamagedObject, UnknownFormat */
export async function findHead(storage: Storage, signal: AbortSignal): Promise<FoundHead> {
  for (let look = 1; ; look += 1) {
    const numbers = await listHeads(storage, signal);
    const newest = numbers.at(-1);
    if (newest === undefined) return { head: undefined, numbers };
    try {
      return { head: await readHeadAt(storage, newest, signal), numbers };
    } catch (error) {
      // Its holder has gone on meanwhile and cleaned up behind itself: look again.
      if (!isAnswer(error, 'missing') || look === LOOKS_MAX) throw error;
    }
  }
}

/** @throws StorageError (`missing` when there is no such head), DamagedObject, UnknownFormat */
export async function readHeadAt(
  storage: Storage,
  number: number,
  signal: AbortSignal,
): Promise<Head> {
  const name = headName(number);
  const bytes = await readWhole(storage, name, { bytesMax: LIMITS.backupHeadBytes, signal });
  return parseHead(name, bytes, storage.label);
}

/** @returns their numbers, growing */
async function listHeads(storage: Storage, signal: AbortSignal): Promise<number[]> {
  const numbers: number[] = [];
  const what = `${storage.label}: ${HEAD_PREFIX}`;
  for await (const { name } of inTime((ends) => storage.list(HEAD_PREFIX, ends), what, signal)) {
    const number = parseNumberedName(name);
    if (number !== undefined) numbers.push(number);
  }
  return numbers;
}

/**
 * Creates a head, whose name is taken once and for all by whoever comes first.
 * @returns the head that has the name: the one given, or the one that was there before; undefined
 *   when that has been deleted meanwhile
 * @throws StorageError, DamagedObject, UnknownFormat
 */
export async function createOrReadHead(
  storage: Storage,
  head: Head,
  signal: AbortSignal,
): Promise<Head | undefined> {
  try {
    await storage.create(headName(head.number), encodeDocument(head), signal);
    return head;
  } catch (error) {
    if (!isAnswer(error, 'exists')) throw error;
  }
  try {
    return await readHeadAt(storage, head.number, signal);
  } catch (error) {
    if (isAnswer(error, 'missing')) return undefined;
    throw error;
  }
}

function isAnswer(error: unknown, code: 'exists' | 'missing'): boolean {
  return error instanceof StorageError && error.code === code;
}
