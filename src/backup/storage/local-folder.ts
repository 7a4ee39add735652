/**
 * Objects as files of a folder: a disk that outlives the container, or a mount of a share. A file
 * shows under its name only when it is whole and synced: it is written below `.tmp/`, then linked
 * to its name, and `link` fails when the name is taken.
 *
 * Where there are no hard links (SMB, FAT), the object is a folder of that name with one file,
 * `.object`: a folder renamed onto one that is not empty fails. A lock beside a plain rename would
 * be unsound: one that a dead process left has to be broken some day, and then a process that was
 * only slow replaces an object.
 */
import { randomUUID } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { link, open, rename, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join, parse, resolve } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import { systemClock } from '../../platform/clock.ts';
import { makeFolder, syncFolder } from './durable-folder.ts';
import { piecesOfFile } from './file-pieces.ts';
import { removeDraft, removeStaleDrafts, writeDraft } from './folder-drafts.ts';
import { errnoOf, folderError } from './folder-error.ts';
import { INNER_FILE, isAbsent, objectBytes, walkFolder } from './folder-walk.ts';
import { checkObjectName, checkObjectPrefix } from './object-name.ts';
import type { ObjectContent, ReadOptions, Storage, StoredObject } from './storage.ts';
import { StorageError } from './storage.ts';

export interface LocalFolderOptions {
  readonly clock?: Clock;
  /** Gives a file a second name; a test hands in one that cannot. */
  readonly link?: (from: string, to: string) => Promise<void>;
}

const DRAFTS = '.tmp';
/** How often a folder may vanish under a create because its last object was deleted. */
const PLACE_ATTEMPTS = 5;
const NO_HARD_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

export class LocalFolder implements Storage {
  readonly label: string;
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #link: (from: string, to: string) => Promise<void>;
  /** The folder was there; from now on, that it is not is an error and not an answer. */
  #isPrepared = false;

  /** @param folder made by the first create when it is missing */
  constructor(folder: string, options: LocalFolderOptions = {}) {
    this.#folder = resolve(folder);
    this.#clock = options.clock ?? systemClock;
    this.#link = options.link ?? link;
    this.label = `folder ${this.#folder}`;
  }

  async create(name: string, content: ObjectContent, signal: AbortSignal): Promise<void> {
    checkObjectName(name);
    signal.throwIfAborted();
    const draft = join(this.#folder, DRAFTS, randomUUID());
    try {
      await this.#prepare();
      await writeDraft(draft, content, signal);
      const path = this.#path(name);
      const isOurs = await this.#place(draft, path);
      // Also when the name is taken: by an attempt of ours, perhaps, that broke off before its sync.
      await syncFolder(dirname(path));
      if (!isOurs) throw new StorageError('exists', `${this.label}: ${name} is taken`);
    } catch (error) {
      throw folderError(`${this.label}: cannot store ${name}`, error);
    } finally {
      await removeDraft(draft);
    }
  }

  async *read(name: string, options: ReadOptions): AsyncIterable<Uint8Array> {
    checkObjectName(name);
    const { offset = 0, signal } = options;
    signal.throwIfAborted();
    try {
      const file = await openObject(this.#path(name));
      try {
        for await (const piece of piecesOfFile(file, offset, Infinity)) {
          signal.throwIfAborted();
          yield piece;
        }
      } finally {
        await file.close();
      }
    } catch (error) {
      throw await this.#readError(name, error);
    }
  }

  async *list(prefix: string, signal: AbortSignal): AsyncIterable<StoredObject> {
    checkObjectPrefix(prefix);
    signal.throwIfAborted();
    try {
      await this.#checkFolder();
      yield* walkFolder(this.#folder, prefix, signal);
    } catch (error) {
      throw folderError(`${this.label}: cannot list ${prefix}`, error);
    }
  }

  async delete(name: string, signal: AbortSignal): Promise<void> {
    checkObjectName(name);
    signal.throwIfAborted();
    try {
      await this.#checkFolder();
      await removeObject(this.#path(name));
    } catch (error) {
      throw folderError(`${this.label}: cannot delete ${name}`, error);
    }
    await this.#removeEmptyFolders(name);
  }

  async close(): Promise<void> {
    // Nothing is held between two calls.
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }

  /** Makes what is needed to write; the folder itself only the first time. */
  async #prepare(): Promise<void> {
    const drafts = join(this.#folder, DRAFTS);
    if (this.#isPrepared) {
      await makeFolder(drafts, this.#folder);
      return;
    }
    await makeFolder(drafts, parse(drafts).root);
    await removeStaleDrafts(drafts, this.#clock.now());
    this.#isPrepared = true;
  }

  /** @returns whether the draft has its name now; else the name was taken */
  async #place(draft: string, path: string): Promise<boolean> {
    try {
      await this.#inItsFolder(path, () => this.#link(join(draft, INNER_FILE), path));
      return true;
    } catch (error) {
      const errno = errnoOf(error) ?? '';
      if (errno === 'EEXIST') return false;
      if (!NO_HARD_LINKS.has(errno)) throw error;
      return this.#placeAsFolder(draft, path);
    }
  }

  async #placeAsFolder(draft: string, path: string): Promise<boolean> {
    await syncFolder(draft);
    try {
      await this.#inItsFolder(path, () => rename(draft, path));
      return true;
    } catch (error) {
      // File systems differ in what they say when the name is taken.
      if ((await objectBytes(path)) !== undefined) return false;
      throw error;
    }
  }

  /** Makes the folder when it is missing, also when a delete removes it under our hands. */
  async #inItsFolder(path: string, action: () => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await action();
        return;
      } catch (error) {
        if (errnoOf(error) !== 'ENOENT' || attempt === PLACE_ATTEMPTS) throw error;
        await makeFolder(dirname(path), this.#folder);
      }
    }
  }

  async #removeEmptyFolders(name: string): Promise<void> {
    const folders = name.split('/').slice(0, -1);
    let isGone = true;
    while (isGone && folders.length > 0) {
      isGone = await removeIfEmpty(this.#path(folders.join('/')));
      folders.pop();
    }
  }

  /** @throws an error of the file system when the folder was there and is not any more */
  async #checkFolder(): Promise<void> {
    if (this.#isPrepared) await stat(this.#folder);
  }

  async #readError(name: string, error: unknown): Promise<unknown> {
    const action = `${this.label}: cannot read ${name}`;
    if (!isAbsent(error)) return folderError(action, error);
    try {
      await this.#checkFolder();
    } catch (folderGone) {
      return folderError(action, folderGone);
    }
    return new StorageError('missing', `${this.label}: ${name} is not there`, { cause: error });
  }
}

async function openObject(path: string): Promise<FileHandle> {
  const file = await open(path, 'r');
  if (!(await file.stat()).isDirectory()) return file;
  await file.close();
  return open(join(path, INNER_FILE), 'r');
}

async function removeObject(path: string): Promise<void> {
  try {
    const isFolder = (await stat(path)).isDirectory();
    await unlink(isFolder ? join(path, INNER_FILE) : path);
    if (isFolder) await removeIfEmpty(path);
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}

/** @returns whether it is gone; one that stays does no harm */
async function removeIfEmpty(folder: string): Promise<boolean> {
  return rmdir(folder).then(
    () => true,
    () => false,
  );
}
