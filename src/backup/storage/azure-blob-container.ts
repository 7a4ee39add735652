/**
 * The way to one container: credentials, and requests that each have a deadline and are sent once
 * (trying again is the business of who calls). The container is made with the first request when it
 * is missing; never later, because whoever deletes it while we run shall hear of it.
 */
import type { ContainerClient } from '@azure/storage-blob';
import { BlobServiceClient } from '@azure/storage-blob';
import { azureErrorCode, azureStatus } from './azure-error.ts';
import { sendToAzure, timeoutMsOf, type AzureRequest, type RequestTime } from './azure-request.ts';
import type { BlobSettings } from './settings.ts';
import { StorageError } from './storage.ts';

/** @throws StorageError `refused` when the settings name no storage; the storage is not asked yet */
export async function connectContainer(
  settings: BlobSettings,
  time: RequestTime,
): Promise<AzureBlobContainer> {
  const service = await connect(settings);
  return new AzureBlobContainer(service.getContainerClient(settings.container), time);
}

/** Retrying in the SDK as well would multiply attempts, and hide them. */
const PIPELINE = { retryOptions: { maxTries: 1 } } as const;

async function connect(settings: BlobSettings): Promise<BlobServiceClient> {
  const { account, container, connectionString } = settings;
  if (connectionString !== undefined) {
    try {
      return BlobServiceClient.fromConnectionString(connectionString, { ...PIPELINE });
    } catch {
      // Without its cause: nobody promises that the SDK's words do not quote the key.
      throw unusable(container, 'the connection string is malformed: copy it whole');
    }
  }
  if (account === undefined && settings.endpoint === undefined) {
    throw unusable(container, 'name the storage account, or give a connection string');
  }
  const endpoint = settings.endpoint ?? `https://${account}.blob.core.windows.net`;
  if (!URL.canParse(endpoint)) throw unusable(container, `${endpoint} is not a URL`);
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new BlobServiceClient(endpoint, new DefaultAzureCredential(), { ...PIPELINE });
}

function unusable(container: string, why: string): StorageError {
  return new StorageError('refused', `blob ${container}: ${why}`);
}

export class AzureBlobContainer {
  readonly label: string;
  readonly client: ContainerClient;
  readonly #time: RequestTime;
  readonly #closed = new AbortController();
  #seen = false;

  constructor(client: ContainerClient, time: RequestTime) {
    this.client = client;
    this.#time = time;
    this.label = `blob ${client.accountName}/${client.containerName}`;
  }

  /**
   * @param name the object; empty when the request is about all of them
   * @param bytes how many go up or come down, at most
   * @throws StorageError, or the signal's reason
   */
  async request<T>(
    name: string,
    bytes: number,
    signal: AbortSignal,
    send: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const timeoutMs = timeoutMsOf(this.#time, bytes);
    const signals = [signal, this.#closed.signal];
    const request = { label: this.label, name, signals, timeoutMs };
    // As it was when the request left: beside it another one may make the container.
    const seen = this.#seen;
    try {
      const answer = await sendToAzure(request, send);
      this.#seen = true;
      return answer;
    } catch (error) {
      if (seen || !this.isCausedBy(error, 'ContainerNotFound')) {
        this.#seen ||= isAnswer(error);
        throw error;
      }
    }
    await this.#create(request);
    this.#seen = true;
    return sendToAzure(request, send);
  }

  /** Whether the service gave this reason. */
  isCausedBy(error: unknown, code: string): error is StorageError {
    return error instanceof StorageError && azureErrorCode(error.cause) === code;
  }

  /** Idle connections are the SDK's, for the whole process; none of them keeps it alive. */
  close(): void {
    this.#closed.abort(new Error(`${this.label} is closed`));
  }

  async #create(request: AzureRequest): Promise<void> {
    try {
      await sendToAzure({ ...request, name: '' }, (abortSignal) =>
        this.client.createIfNotExists({ abortSignal }),
      );
    } catch (error) {
      const status = error instanceof StorageError ? azureStatus(error.cause) : undefined;
      if (status !== 401 && status !== 403) throw error;
      throw new StorageError(
        'refused',
        `${this.label} does not exist, and this credential may not create it: create it, or correct its name`,
        { cause: error },
      );
    }
  }
}

/** Then there is a container in which the name is taken, or not. */
function isAnswer(error: unknown): boolean {
  return error instanceof StorageError && (error.code === 'exists' || error.code === 'missing');
}
