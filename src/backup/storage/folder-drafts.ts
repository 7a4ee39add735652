/**
 * Objects on their way into a folder. Each draft is a folder with one file, so that either can be
 * put in place: the file by a link, or the folder by a rename. Nobody reads a draft.
 */
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LIMITS } from '../../platform/limits.ts';
import { piecesOf } from './file-pieces.ts';
import { INNER_FILE, isAbsent } from './folder-walk.ts';
import type { ObjectContent } from './storage.ts';

/** Writes a draft at a path that is free, and syncs it. */
export async function writeDraft(
  path: string,
  content: ObjectContent,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(path);
  const file = await open(join(path, INNER_FILE), 'wx');
  try {
    for await (const piece of piecesOf(content)) {
      signal.throwIfAborted();
      await file.writeFile(piece);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  signal.throwIfAborted();
}

/** @param now milliseconds since 1970 */
export async function removeStaleDrafts(folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const isAbandoned = now - (await modifiedAt(path)) > LIMITS.storageDraftAgeMs;
    if (isAbandoned) await removeDraft(path);
  }
}

/** What cannot be removed now is removed when it is stale. */
export async function removeDraft(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch(() => undefined);
}

/** Infinity: it is gone, and so not old. */
async function modifiedAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isAbsent(error)) return Infinity;
    throw error;
  }
}
