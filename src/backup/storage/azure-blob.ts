/**
 * Objects as blobs of one container. A create says `If-None-Match: *`, so that a name is taken once,
 * whoever else writes; whatever is sent carries its hash. Nobody imports this file but dynamically,
 * when Blob is configured: the SDK costs 200 ms and 36 MB.
 */
import type { BlockBlobClient } from '@azure/storage-blob';
import { createHash, randomUUID } from 'node:crypto';
import { LIMITS } from '../../platform/limits.ts';
import type { AzureBlobContainer } from './azure-blob-container.ts';
import { connectContainer } from './azure-blob-container.ts';
import { azureStatus } from './azure-error.ts';
import { USUAL_TIME, type RequestTime } from './azure-request.ts';
import type { BlockReader } from './content-blocks.ts';
import { withBlocks } from './content-blocks.ts';
import { inLanes } from './in-lanes.ts';
import { checkObjectName, checkObjectPrefix } from './object-name.ts';
import type { BlobSettings } from './settings.ts';
import type { ObjectContent, ReadOptions, Storage, StoredObject } from './storage.ts';
import { StorageError } from './storage.ts';

export interface AzureBlobLimits extends RequestTime {
  /** Bytes of one request, up or down. A larger object goes up in blocks. */
  readonly blockBytes: number;
  /** Names in one answer to a list; Azure gives 5000 at most. */
  readonly pageSize: number;
}

const USUAL: AzureBlobLimits = {
  ...USUAL_TIME,
  blockBytes: LIMITS.azureBlockBytes,
  pageSize: 5000,
};

const RANGE_NOT_SATISFIABLE = 416;

/**
 * Does not ask the storage yet. The container is made with the first request, when it is missing.
 * @throws StorageError `refused` when the settings name no storage
 */
export async function openAzureBlob(
  settings: BlobSettings,
  limits: Partial<AzureBlobLimits> = {},
): Promise<Storage> {
  const bounds = { ...USUAL, ...limits };
  return new AzureBlob(await connectContainer(settings, bounds), bounds);
}

class AzureBlob implements Storage {
  readonly #container: AzureBlobContainer;
  readonly #limits: AzureBlobLimits;

  constructor(container: AzureBlobContainer, limits: AzureBlobLimits) {
    this.#container = container;
    this.#limits = limits;
  }

  get label(): string {
    return this.#container.label;
  }

  async create(name: string, content: ObjectContent, signal: AbortSignal): Promise<void> {
    const blob = this.#blob(name);
    signal.throwIfAborted();
    await withBlocks(content, async (bytes, read) => {
      if (bytes <= this.#limits.blockBytes) await this.#put(blob, bytes, read, signal);
      else await this.#putBlocks(blob, bytes, read, signal);
    });
  }

  async *read(name: string, { offset = 0, signal }: ReadOptions): AsyncGenerator<Uint8Array> {
    const blob = this.#blob(name);
    let at = offset;
    let bytes: number;
    do {
      const piece = await this.#range(blob, at, signal);
      bytes = piece.length;
      at += bytes;
      if (bytes > 0) yield piece;
    } while (bytes === this.#limits.blockBytes);
  }

  async *list(prefix: string, signal: AbortSignal): AsyncGenerator<StoredObject> {
    checkObjectPrefix(prefix);
    let next: string | undefined;
    do {
      const page = await this.#page(prefix, next, signal);
      for (const { name, properties, metadata } of page.segment.blobItems) {
        // An account with hierarchical names lists folders like objects.
        if (metadata?.['hdi_isfolder'] === 'true') continue;
        yield { name, bytes: properties.contentLength ?? 0 };
      }
      next = page.continuationToken;
    } while (next !== undefined && next !== '');
  }

  async delete(name: string, signal: AbortSignal): Promise<void> {
    const blob = this.#blob(name);
    await undefinedWhenMissing(
      this.#container.request(name, 0, signal, (abortSignal) =>
        blob.delete({ abortSignal, deleteSnapshots: 'include' }),
      ),
    );
  }

  close(): Promise<void> {
    this.#container.close();
    return Promise.resolve();
  }

  #blob(name: string): BlockBlobClient {
    checkObjectName(name);
    return this.#container.client.getBlockBlobClient(name);
  }

  async #put(blob: BlockBlobClient, bytes: number, read: BlockReader, signal: AbortSignal) {
    const body = await read(0, 0, bytes);
    const transactionalContentMD5 = md5(body);
    await this.#container.request(blob.name, bytes, signal, (abortSignal) =>
      blob.upload(body, bytes, { abortSignal, transactionalContentMD5, conditions: absent() }),
    );
  }

  /**
   * The blocks of all uploads to one name lie in one list until one upload is committed. A commit
   * names its own blocks only, under ids that nobody else has: two uploads never mix.
   */
  async #putBlocks(blob: BlockBlobClient, bytes: number, read: BlockReader, signal: AbortSignal) {
    // An attempt after one that did succeed, unheard, would else send everything for nothing.
    if (await this.#exists(blob, signal)) throw this.#taken(blob.name);
    const { blockBytes } = this.#limits;
    const ids = newBlockIds(Math.ceil(bytes / blockBytes));
    await inLanes(ids, LIMITS.azureBlocksAtOnce, async (id, at, lane) => {
      const offset = at * blockBytes;
      const body = await read(lane, offset, Math.min(blockBytes, bytes - offset));
      const transactionalContentMD5 = md5(body);
      await this.#container.request(blob.name, body.length, signal, (abortSignal) =>
        blob.stageBlock(id, body, body.length, { abortSignal, transactionalContentMD5 }),
      );
    });
    await this.#commit(blob, ids, signal);
  }

  async #commit(blob: BlockBlobClient, ids: string[], signal: AbortSignal): Promise<void> {
    try {
      await this.#container.request(blob.name, 0, signal, (abortSignal) =>
        blob.commitBlockList(ids, { abortSignal, conditions: absent() }),
      );
    } catch (error) {
      // When one upload of a name is committed, Azure drops the blocks of all others.
      const dropped = this.#container.isCausedBy(error, 'InvalidBlockList');
      if (dropped && (await this.#exists(blob, signal))) throw this.#taken(blob.name);
      throw error;
    }
  }

  async #exists(blob: BlockBlobClient, signal: AbortSignal): Promise<boolean> {
    const properties = await undefinedWhenMissing(
      this.#container.request(blob.name, 0, signal, (abortSignal) =>
        blob.getProperties({ abortSignal }),
      ),
    );
    return properties !== undefined;
  }

  #taken(name: string): StorageError {
    return new StorageError('exists', `${this.label}: ${name}: the name is taken`);
  }

  /** Shorter than a block only at the object's end; empty there and beyond. */
  #range(blob: BlockBlobClient, offset: number, signal: AbortSignal): Promise<Uint8Array> {
    const { blockBytes } = this.#limits;
    return this.#container.request(blob.name, blockBytes, signal, async (abortSignal) => {
      try {
        // Without the 0 the SDK asks again by itself when an answer breaks off.
        const options = { abortSignal, maxRetryRequests: 0 };
        const answer = await blob.download(offset, blockBytes, options);
        return await collect(answer.readableStreamBody, answer.contentLength);
      } catch (error) {
        if (azureStatus(error) === RANGE_NOT_SATISFIABLE) return new Uint8Array(0);
        throw error;
      }
    });
  }

  #page(prefix: string, continuationToken: string | undefined, signal: AbortSignal) {
    return this.#container.request('', 0, signal, async (abortSignal) => {
      const listing = { prefix, abortSignal, includeMetadata: true };
      const { pageSize: maxPageSize } = this.#limits;
      const from = continuationToken === undefined ? {} : { continuationToken };
      const pages = this.#container.client.listBlobsFlat(listing).byPage({ maxPageSize, ...from });
      for await (const page of pages) return page;
      throw new Error(`${this.label}: a list without a page`);
    });
  }
}

/** In one piece of memory. The SDK fails when less comes than was announced, or more. */
async function collect(
  body: NodeJS.ReadableStream | undefined,
  bytes: number | undefined,
): Promise<Uint8Array> {
  const piece = Buffer.allocUnsafeSlow(bytes ?? 0);
  let at = 0;
  for await (const chunk of body ?? []) {
    if (typeof chunk === 'string') throw new Error('an object came as text');
    piece.set(chunk, at);
    at += chunk.length;
  }
  return piece.subarray(0, at);
}

/** As an object of its own each time: the SDK writes into it. */
function absent(): { ifNoneMatch: string } {
  return { ifNoneMatch: '*' };
}

function md5(body: Uint8Array): Uint8Array {
  return createHash('md5').update(body).digest();
}

/** All of one length, as Azure demands of the blocks of a blob. */
function newBlockIds(count: number): string[] {
  const upload = randomUUID();
  return Array.from({ length: count }, (_unused, at) =>
    Buffer.from(`${upload}-${String(at).padStart(5, '0')}`).toString('base64'),
  );
}

async function undefinedWhenMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof StorageError && error.code === 'missing') return undefined;
    throw error;
  }
}
