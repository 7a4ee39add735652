/** For the tests of Azure Blob: storages over Azurite, straight or behind a line that can go bad. */
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { randomUUID } from 'node:crypto';
import type { Test } from 'tap';
import type { Scope } from '../../../../test/support/asserts.ts';
import { Azurite } from '../../../../test/support/azurite.ts';
import { Relay } from '../../../../test/support/relay.ts';
import { openAzureBlob, type AzureBlobLimits } from '../azure-blob.ts';
import type { Storage } from '../storage.ts';

export interface Opening extends Partial<AzureBlobLimits> {
  /** A new one when left out. */
  readonly container?: string;
  readonly connectionString?: string;
}

export class BlobRig {
  readonly azurite: Azurite;
  readonly #service: BlobServiceClient;

  static async start(t: Scope): Promise<BlobRig> {
    return new BlobRig(await Azurite.start(t));
  }

  private constructor(azurite: Azurite) {
    this.azurite = azurite;
    this.#service = BlobServiceClient.fromConnectionString(azurite.connectionString);
  }

  async open(t: Test, opening: Opening = {}): Promise<Storage> {
    const { container = newContainer(), connectionString, ...limits } = opening;
    const storage = await openAzureBlob(
      {
        kind: 'blob',
        container,
        connectionString: connectionString ?? this.azurite.connectionString,
      },
      limits,
    );
    t.teardown(() => storage.close());
    return storage;
  }

  async openBehindRelay(
    t: Test,
    opening: Opening = {},
  ): Promise<{ storage: Storage; relay: Relay }> {
    const relay = await Relay.start(t, this.azurite.port);
    const connectionString = this.azurite.connectionStringWith({ port: relay.port });
    return { storage: await this.open(t, { ...opening, connectionString }), relay };
  }

  /** What lies in a container, seen without our own code. */
  container(name: string): ContainerClient {
    return this.#service.getContainerClient(name);
  }
}

export function newContainer(): string {
  return `c-${randomUUID()}`;
}
