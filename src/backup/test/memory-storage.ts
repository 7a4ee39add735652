/** A storage in memory: what the folder does, without a disk. Lists are taken at one moment. */
import { readFile } from 'node:fs/promises';
import {
  StorageError,
  type ObjectContent,
  type ReadOptions,
  type Storage,
  type StoredObject,
} from '../storage/storage.ts';

export class MemoryStorage implements Storage {
  readonly label = 'memory';
  readonly objects = new Map<string, Uint8Array>();

  get names(): string[] {
    return [...this.objects.keys()].sort();
  }

  async create(name: string, content: ObjectContent, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const bytes = content instanceof Uint8Array ? content : await readFile(content.path);
    if (this.objects.has(name)) throw new StorageError('exists', `${this.label}: ${name} exists`);
    this.objects.set(name, Uint8Array.from(bytes));
  }

  async *read(name: string, { offset = 0, signal }: ReadOptions): AsyncIterable<Uint8Array> {
    await Promise.resolve();
    signal.throwIfAborted();
    const bytes = this.objects.get(name);
    if (bytes === undefined) throw new StorageError('missing', `${this.label}: no ${name}`);
    yield bytes.subarray(offset);
  }

  async *list(prefix: string, signal: AbortSignal): AsyncIterable<StoredObject> {
    await Promise.resolve();
    signal.throwIfAborted();
    for (const name of this.names.filter((name) => name.startsWith(prefix))) {
      yield { name, bytes: this.objects.get(name)?.byteLength ?? 0 };
    }
  }

  async delete(name: string): Promise<void> {
    await Promise.resolve();
    this.objects.delete(name);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
