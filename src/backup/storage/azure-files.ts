/**
 * Objects as files of an Azure Files share, over its REST API. That has no create-if-absent: an
 * object is written below `.tmp/`, then renamed without replacing, which fails when the name is
 * taken. So an object is whole from the moment it shows. Nobody imports this file but dynamically,
 * when Files is configured: the SDK costs 200 ms and 24 MB.
 */
import { randomUUID } from 'node:crypto';
import { LIMITS } from '../../platform/limits.ts';
import type { AzureFilesFolder, Errand, FilesRequestLimits } from './azure-files-share.ts';
import { connectFolder, isMissing, RANGE_BYTES_MAX } from './azure-files-share.ts';
import { USUAL_TIME } from './azure-request.ts';
import type { BlockReader } from './content-blocks.ts';
import { withBlocks } from './content-blocks.ts';
import { checkObjectName, checkObjectPrefix } from './object-name.ts';
import type { FilesSettings } from './settings.ts';
import type { ObjectContent, ReadOptions, Storage, StoredObject } from './storage.ts';
import { StorageError } from './storage.ts';

export interface AzureFilesLimits extends FilesRequestLimits {
  /** An upload that nothing was written to for so long has no process any more. */
  readonly uploadAbandonedMs: number;
}

const USUAL: AzureFilesLimits = {
  ...USUAL_TIME,
  pageSize: 5000,
  uploadAbandonedMs: LIMITS.storageDraftAgeMs,
};

/** Ranges go up one after the other. */
const ONE_LANE = 0;
/** No object can be called so. */
const UPLOADS = '.tmp';

/**
 * Does not ask the storage yet: that the share is missing is heard at the first request.
 * @throws StorageError `refused` when the settings name no storage
 */
export async function openAzureFiles(
  settings: FilesSettings,
  limits: Partial<AzureFilesLimits> = {},
): Promise<Storage> {
  const bounds = { ...USUAL, ...limits };
  return new AzureFiles(await connectFolder(settings, bounds), bounds);
}

/** An object; or a directory, which has no size and a name that ends in `/`. */
interface Entry {
  readonly name: string;
  readonly bytes: number | undefined;
}

class AzureFiles implements Storage {
  readonly #folder: AzureFilesFolder;
  readonly #limits: AzureFilesLimits;
  #isSwept = false;
  /** Tidying that nobody waits for. */
  readonly #chores = new Set<Promise<void>>();

  constructor(folder: AzureFilesFolder, limits: AzureFilesLimits) {
    this.#folder = folder;
    this.#limits = limits;
  }

  get label(): string {
    return this.#folder.label;
  }

  async create(name: string, content: ObjectContent, signal: AbortSignal): Promise<void> {
    checkObjectName(name);
    signal.throwIfAborted();
    const errand = { name, signal };
    const upload = `${UPLOADS}/${randomUUID()}`;
    try {
      await withBlocks(content, (bytes, read) => this.#upload(upload, bytes, read, errand));
      await this.#folder.rename(upload, name, errand);
    } catch (error) {
      this.#tidy((chore) => this.#folder.deleteFile(upload, chore));
      if (!isMissing(error)) throw error;
      const what = `${this.label}: ${name}: the upload went away before it was whole`;
      throw new StorageError('unavailable', what, { cause: error });
    }
    // Once, and only by a process that writes: one that restores leaves everything as it is.
    if (!this.#isSwept) this.#tidy((chore) => this.#sweepUploads(chore));
    this.#isSwept = true;
  }

  async *read(name: string, { offset = 0, signal }: ReadOptions): AsyncGenerator<Uint8Array> {
    checkObjectName(name);
    let at = offset;
    let bytes: number;
    do {
      const piece = await this.#folder.getRange(name, at, { name, signal });
      bytes = piece.length;
      at += bytes;
      if (bytes > 0) yield piece;
    } while (bytes === RANGE_BYTES_MAX);
  }

  async *list(prefix: string, signal: AbortSignal): AsyncGenerator<StoredObject> {
    checkObjectPrefix(prefix);
    const errand = { name: prefix, signal };
    yield* this.#walk(prefix.slice(0, prefix.lastIndexOf('/') + 1), prefix, errand);
  }

  async delete(name: string, signal: AbortSignal): Promise<void> {
    checkObjectName(name);
    const errand = { name, signal };
    await unlessMissing(this.#folder.deleteFile(name, errand));
    await this.#deleteEmptyDirectories(name, errand);
  }

  async close(): Promise<void> {
    this.#folder.close();
    await Promise.all(this.#chores);
  }

  async #upload(upload: string, bytes: number, read: BlockReader, errand: Errand): Promise<void> {
    // An attempt after one that did succeed, unheard, would else send everything for nothing.
    if (bytes > RANGE_BYTES_MAX) await this.#checkNotTaken(errand);
    await this.#folder.createFile(upload, bytes, errand);
    for (let at = 0; at < bytes; at += RANGE_BYTES_MAX) {
      const range = await read(ONE_LANE, at, Math.min(RANGE_BYTES_MAX, bytes - at));
      await this.#folder.putRange(upload, at, range, errand);
    }
  }

  async #checkNotTaken(errand: Errand): Promise<void> {
    const { name } = errand;
    const taken = await unlessMissing(this.#folder.checkFile(name, errand).then(() => true));
    if (taken) throw new StorageError('exists', `${this.label}: ${name}: the name is taken`);
  }

  /** Chains of segments come and go by the hundred a day; the few directories at the top stay. */
  async #deleteEmptyDirectories(name: string, errand: Errand): Promise<void> {
    for (let path = parentOf(name); path.includes('/'); path = parentOf(path)) {
      try {
        await this.#folder.deleteDirectory(path, errand);
      } catch {
        // Most often it holds other objects. Whatever it was: the object is gone.
        return;
      }
    }
  }

  /** Directories sort with their `/`: `a-b` comes before `a/b`, although `a` comes before `a-b`. */
  async *#walk(directory: string, prefix: string, errand: Errand): AsyncGenerator<StoredObject> {
    const entries = await this.#entries(directory, prefix, errand);
    for (const { name, bytes } of entries.sort(byName)) {
      if (bytes === undefined) yield* this.#walk(name, prefix, errand);
      else yield { name, bytes };
    }
  }

  /** @param directory ends in `/`, or is empty */
  async #entries(directory: string, prefix: string, errand: Errand): Promise<Entry[]> {
    const entries: Entry[] = [];
    const options = { prefix: prefix.slice(directory.length), includeExtendedInfo: true };
    const readPages = async (): Promise<void> => {
      for await (const { segment } of this.#folder.list(directory, options, errand)) {
        for (const { name, properties } of segment.fileItems) {
          entries.push({ name: directory + name, bytes: properties.contentLength });
        }
        for (const { name } of segment.directoryItems) {
          if (name !== UPLOADS) entries.push({ name: `${directory}${name}/`, bytes: undefined });
        }
      }
    };
    await unlessMissing(readPages());
    return entries;
  }

  /** Removes what processes left that died before their rename. */
  async #sweepUploads(errand: Errand): Promise<void> {
    const directory = `${UPLOADS}/`;
    const pages = this.#folder.list(directory, { includeTimestamps: true }, errand);
    for await (const { date, segment } of pages) {
      for (const { name, properties } of segment.fileItems) {
        // Both times are Azure's, so that a wrong clock of ours breaks nobody's upload.
        const idleMs = Number(date) - Number(properties.lastModified);
        if (idleMs > this.#limits.uploadAbandonedMs) {
          await unlessMissing(this.#folder.deleteFile(directory + name, errand));
        }
      }
    }
  }

  #tidy(chore: (errand: Errand) => Promise<void>): void {
    const done = chore({ name: '', signal: this.#folder.closed })
      .catch(() => undefined)
      .finally(() => this.#chores.delete(done));
    this.#chores.add(done);
  }
}

async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Empty at the top. */
function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function byName(left: Entry, right: Entry): number {
  return left.name < right.name ? -1 : 1;
}
