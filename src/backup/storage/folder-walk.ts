/**
 * The objects of a folder in the order of their full names, which is not the order of the folders:
 * `a-b` comes before `a/b`. What could not be an object's name is passed over.
 */
import type { Dirent, Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LIMITS } from '../../platform/limits.ts';
import { errnoOf } from './folder-error.ts';
import { isSegmentOfObjectName } from './object-name.ts';
import type { StoredObject } from './storage.ts';

/** The file of an object that is a folder; no object can be called so. */
export const INNER_FILE = '.object';

interface Entry {
  /** The object's name, or that of a folder with its `/`: sorted by it, objects are in order. */
  readonly key: string;
  /** Holds the object's bytes; undefined: a folder to walk. */
  readonly file: string | undefined;
}

/** @param prefix may end inside a name; only the folders that it leads to are read */
export async function* walkFolder(
  root: string,
  prefix: string,
  signal: AbortSignal,
): AsyncIterable<StoredObject> {
  yield* walk(root, prefix.slice(0, prefix.lastIndexOf('/') + 1), prefix, signal);
}

/** The size of the object at a path; undefined: there is none. */
export async function objectBytes(path: string): Promise<number | undefined> {
  const found = await statOf(path);
  if (found?.isFile() === true) return found.size;
  return (await statOf(join(path, INNER_FILE)))?.size;
}

async function* walk(
  root: string,
  folder: string,
  prefix: string,
  signal: AbortSignal,
): AsyncIterable<StoredObject> {
  signal.throwIfAborted();
  const entries = await entriesOf(root, folder, prefix);
  for (let at = 0; at < entries.length; at += LIMITS.storageStatsAtOnce) {
    const batch = entries.slice(at, at + LIMITS.storageStatsAtOnce);
    const found = await Promise.all(
      batch.map(async ({ file }) => (file === undefined ? undefined : statOf(file))),
    );
    for (const [index, { key, file }] of batch.entries()) {
      signal.throwIfAborted();
      const bytes = found[index]?.size;
      if (file === undefined) yield* walk(root, key, prefix, signal);
      // Else it was deleted in the meantime.
      else if (bytes !== undefined) yield { name: key, bytes };
    }
  }
}

async function entriesOf(root: string, folder: string, prefix: string): Promise<Entry[]> {
  const children = await childrenOf(join(root, folder));
  const shown = children.filter(({ name }) => isSegmentOfObjectName(name));
  const entries: Entry[] = [];
  for (let at = 0; at < shown.length; at += LIMITS.storageStatsAtOnce) {
    const batch = shown.slice(at, at + LIMITS.storageStatsAtOnce);
    entries.push(...(await Promise.all(batch.map((child) => entryOf(root, folder, child)))));
  }
  return entries.filter(({ key }) => key.startsWith(prefix)).sort(byKey);
}

async function entryOf(root: string, folder: string, child: Dirent): Promise<Entry> {
  const key = folder + child.name;
  const path = join(root, key);
  if (!child.isDirectory()) return { key, file: path };
  const inner = join(path, INNER_FILE);
  return (await statOf(inner)) === undefined
    ? { key: `${key}/`, file: undefined }
    : { key, file: inner };
}

async function childrenOf(path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** ENOTDIR: a part of the path is a file, so nothing is below it. */
export function isAbsent(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === 'ENOENT' || errno === 'ENOTDIR';
}

function byKey(left: Entry, right: Entry): number {
  return left.key < right.key ? -1 : 1;
}
