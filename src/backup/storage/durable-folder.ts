/** Folders that are still there after a power cut: each change is synced in the folder above. */
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf } from './folder-error.ts';

/** SMB and some FUSE mounts cannot sync a folder: the server has done it, or nobody can. */
const CANNOT_SYNC: ReadonlySet<string> = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/**
 * Makes a folder and those above it, as far as they are missing.
 * @param top is not made: when it is missing, ENOENT. A mount that went away must not be replaced
 *   by a folder on the disk beneath it.
 */
export async function makeFolder(path: string, top: string): Promise<void> {
  if (path === top) {
    await syncFolder(top);
    return;
  }
  try {
    await mkdir(path);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'EEXIST') return;
    const parent = dirname(path);
    if (errno !== 'ENOENT' || parent === top) throw error;
    await makeFolder(parent, top);
    await makeFolder(path, top);
    return;
  }
  await syncFolder(dirname(path));
}

export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if (!CANNOT_SYNC.has(errnoOf(error) ?? '')) throw error;
  } finally {
    await handle.close();
  }
}
