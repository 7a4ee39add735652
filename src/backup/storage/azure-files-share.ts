/**
 * The way to one folder of an Azure Files share: credentials, and the requests of the REST API that
 * a storage is made of, each with a deadline and sent once (trying again is the business of who
 * calls). It knows paths, not objects. The share is never made here: its size and its price are the
 * operator's to choose.
 */
import type {
  DirectoryListFilesAndDirectoriesOptions as ListOptions,
  DirectoryListFilesAndDirectoriesSegmentResponse as ListPage,
  ShareFileClient,
} from '@azure/storage-file-share';
import { ShareClient } from '@azure/storage-file-share';
import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { azureErrorCode, azureStatus } from './azure-error.ts';
import { sendToAzure, timeoutMsOf, type RequestTime } from './azure-request.ts';
import type { FilesSettings } from './settings.ts';
import { StorageError } from './storage.ts';

export interface FilesRequestLimits extends RequestTime {
  /** Names in one answer to a list; Azure gives 5000 at most. */
  readonly pageSize: number;
}

/** On whose behalf a request is made. */
export interface Errand {
  /** The object that an error names; empty when the request is about all of them. */
  readonly name: string;
  readonly signal: AbortSignal;
}

/** "Put Range", Remarks: a larger range is answered with 413. */
export const RANGE_BYTES_MAX = 4 * 1024 * 1024;
const RANGE_NOT_SATISFIABLE = 416;

/** @throws StorageError `refused` when the settings name no storage; the storage is not asked yet */
export async function connectFolder(
  settings: FilesSettings,
  limits: FilesRequestLimits,
): Promise<AzureFilesFolder> {
  const { share, folder = '' } = settings;
  // As parts of a URL they would lead out of the share.
  if (/(^|\/)\.\.?(\/|$)/.test(folder)) throw unusable(share, `not a folder: ${folder}`);
  return new AzureFilesFolder(await connect(settings), folder, limits);
}

/** A rename that took effect, unheard, and that the SDK sends again, would look like a failure. */
const PIPELINE = { retryOptions: { maxTries: 1 } } as const;

async function connect(settings: FilesSettings): Promise<ShareClient> {
  const { account, share, connectionString } = settings;
  if (connectionString !== undefined) {
    try {
      return new ShareClient(connectionString, share, { ...PIPELINE });
    } catch {
      // Without its cause: nobody promises that the SDK's words do not quote the key.
      throw unusable(share, 'the connection string is malformed: copy it whole');
    }
  }
  if (account === undefined) {
    throw unusable(share, 'name the storage account, or give a connection string');
  }
  const url = `https://${account}.file.core.windows.net/${share}`;
  if (!URL.canParse(url)) throw unusable(share, `${url} is not a URL`);
  const { DefaultAzureCredential } = await import('@azure/identity');
  // Azure Files denies a request with a token that does not declare this intent.
  const options = { ...PIPELINE, fileRequestIntent: 'backup' };
  return new ShareClient(url, new DefaultAzureCredential(), options);
}

function unusable(share: string, why: string): StorageError {
  return new StorageError('refused', `files ${share}: ${why}`);
}

/** All paths are within the folder, with `/` between their parts and at neither end. */
export class AzureFilesFolder {
  readonly label: string;
  readonly #share: ShareClient;
  /** Empty, or ends in `/`. */
  readonly #root: string;
  readonly #limits: FilesRequestLimits;
  readonly #closed = new AbortController();
  /** Seen or made, from the share's root on. A hint: one that is gone is found out, and made again. */
  readonly #directories = new Set<string>();

  constructor(share: ShareClient, folder: string, limits: FilesRequestLimits) {
    const parts = folder.split('/').filter((part) => part !== '');
    this.#share = share;
    this.#root = parts.map((part) => `${part}/`).join('');
    this.#limits = limits;
    this.label = `files ${[share.accountName, share.name, ...parts].join('/')}`;
  }

  /** Aborts when the folder is closed. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** Ends all requests. Idle connections are the SDK's; none of them keeps the process alive. */
  close(): void {
    this.#closed.abort(new Error(`${this.label} is closed`));
  }

  /** A file of that many zeros, in place of one that may be there. Its directory is made. */
  async createFile(path: string, bytes: number, errand: Errand): Promise<void> {
    await this.#inItsDirectory(path, errand, (abortSignal) =>
      this.#file(path).create(bytes, { abortSignal }),
    );
  }

  async putRange(path: string, at: number, range: Uint8Array, errand: Errand): Promise<void> {
    const contentMD5 = createHash('md5').update(range).digest();
    await this.#request(errand, range.length, (abortSignal) =>
      this.#file(path).uploadRange(range, at, range.length, { abortSignal, contentMD5 }),
    );
  }

  /**
   * The directory of the new name is made.
   * @throws StorageError `exists` when the new name is taken: replacing it is not asked for
   */
  async rename(from: string, to: string, errand: Errand): Promise<void> {
    await this.#inItsDirectory(to, errand, (abortSignal) =>
      this.#file(from).rename(this.#root + to, { abortSignal }),
    );
  }

  /** Shorter than `RANGE_BYTES_MAX` only at the end of the file; empty there and beyond. */
  getRange(path: string, at: number, errand: Errand): Promise<Uint8Array> {
    return this.#request(errand, RANGE_BYTES_MAX, async (abortSignal) => {
      try {
        // Without the 0 the SDK asks again by itself when an answer breaks off.
        const options = { abortSignal, maxRetryRequests: 0 };
        const answer = await this.#file(path).download(at, RANGE_BYTES_MAX, options);
        const body = answer.readableStreamBody;
        return body === undefined ? new Uint8Array(0) : await buffer(body);
      } catch (error) {
        if (azureStatus(error) === RANGE_NOT_SATISFIABLE) return new Uint8Array(0);
        throw error;
      }
    });
  }

  /** @throws StorageError `missing` */
  async checkFile(path: string, errand: Errand): Promise<void> {
    await this.#request(errand, 0, (abortSignal) =>
      this.#file(path).getProperties({ abortSignal }),
    );
  }

  /** @throws StorageError `missing` */
  async deleteFile(path: string, errand: Errand): Promise<void> {
    await this.#request(errand, 0, (abortSignal) => this.#file(path).delete({ abortSignal }));
  }

  /** @throws StorageError also when the directory is not empty */
  async deleteDirectory(path: string, errand: Errand): Promise<void> {
    await this.#request(errand, 0, (abortSignal) =>
      this.#share.getDirectoryClient(this.#root + path).delete({ abortSignal }),
    );
    this.#directories.delete(this.#root + path);
  }

  /**
   * What lies directly in a directory, in no order to rely on.
   * @param path ends in `/`, or is empty for the folder itself
   * @throws StorageError `missing`
   */
  async *list(path: string, options: ListOptions, errand: Errand): AsyncGenerator<ListPage> {
    let next: string | undefined;
    do {
      const page: ListPage = await this.#page(path, options, next, errand);
      yield page;
      next = page.continuationToken;
    } while (next);
  }

  #page(path: string, options: ListOptions, continuationToken: string | undefined, errand: Errand) {
    const directory = this.#share.getDirectoryClient((this.#root + path).replace(/\/$/, ''));
    const { pageSize: maxPageSize } = this.#limits;
    const from = continuationToken === undefined ? {} : { continuationToken };
    return this.#request(errand, 0, async (abortSignal) => {
      const entries = directory.listFilesAndDirectories({ ...options, abortSignal });
      for await (const page of entries.byPage({ maxPageSize, ...from })) return page;
      throw new Error(`${this.label}: a list without a page`);
    });
  }

  #file(path: string): ShareFileClient {
    return this.#share.rootDirectoryClient.getFileClient(this.#root + path);
  }

  /** A directory may go under our hands when the last object in it is deleted. */
  async #inItsDirectory(
    path: string,
    errand: Errand,
    send: (signal: AbortSignal) => Promise<unknown>,
  ): Promise<void> {
    const attempt = async (): Promise<void> => {
      await this.#createDirectories(this.#root + path, errand);
      await this.#request(errand, 0, send);
    };
    try {
      await attempt();
    } catch (error) {
      if (!isMissing(error)) throw error;
      this.#directories.clear();
      await attempt();
    }
  }

  async #createDirectories(path: string, errand: Errand): Promise<void> {
    for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
      const directory = path.slice(0, end);
      if (this.#directories.has(directory)) continue;
      await this.#request(errand, 0, async (abortSignal) => {
        try {
          await this.#share.getDirectoryClient(directory).create({ abortSignal });
        } catch (error) {
          if (azureErrorCode(error) !== 'ResourceAlreadyExists') throw error;
        }
      });
      this.#directories.add(directory);
    }
  }

  /** @param bytes how many go up or come down, at most */
  #request<T>(
    { name, signal }: Errand,
    bytes: number,
    send: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const timeoutMs = timeoutMsOf(this.#limits, bytes);
    const signals = [signal, this.#closed.signal];
    return sendToAzure({ label: this.label, name, signals, timeoutMs }, send);
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof StorageError && error.code === 'missing';
}
