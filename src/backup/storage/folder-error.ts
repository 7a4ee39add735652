/**
 * What an error of the file system means for a backup: whether to try again. What is not known is
 * `unavailable`: to give up on a disk that was only away would be worse than to ask once more.
 */
import { StorageError } from './storage.ts';

/** What an operator must put right: rights, a read-only mount, a path that is not a folder. */
const REFUSED: ReadonlySet<string> = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOTDIR',
  'ENAMETOOLONG',
  'ELOOP',
  'EXDEV',
]);

const MEANINGS: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  ENOENT: 'the folder is gone; is it still mounted?',
  ESTALE: 'the mount is stale',
  EHOSTDOWN: 'the file server is down',
  ETIMEDOUT: 'the file server does not answer',
};

/** The code of an error of the operating system, as `ENOENT`. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/**
 * @param action for the message, as `folder /backup: cannot store head/1.json`
 * @returns a StorageError for an error of the file system; anything else as it is
 */
export function folderError(action: string, error: unknown): unknown {
  const errno = errnoOf(error);
  if (errno === undefined || error instanceof StorageError) return error;
  const reason = MEANINGS[errno] ?? (error instanceof Error ? error.message : errno);
  const code = REFUSED.has(errno) ? 'refused' : 'unavailable';
  return new StorageError(code, `${action}: ${reason} (${errno})`, { cause: error });
}
