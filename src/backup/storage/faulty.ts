/**
 * A storage with faults: what disks, networks and other people do to the real ones, at moments that
 * a plan chooses, so that a test can say what happens and a seed can repeat it. It never invents an
 * outcome by itself: without a fault a call is the inner storage's.
 */
import { readFile } from 'node:fs/promises';
import type {
  ObjectContent,
  ReadOptions,
  Storage,
  StorageErrorCode,
  StoredObject,
} from './storage.ts';
import { StorageError } from './storage.ts';

export type Operation = 'create' | 'read' | 'list' | 'delete';

export type Fault =
  /** Fails, and nothing was done. */
  | { readonly kind: 'before'; readonly code: StorageErrorCode }
  /** Was done, but the answer is an error: a lost acknowledgement. */
  | { readonly kind: 'after'; readonly code: StorageErrorCode }
  /** Acts when the promise is fulfilled. */
  | { readonly kind: 'delay'; readonly until: Promise<unknown> }
  /** Never answers; ends when the signal is aborted. */
  | { readonly kind: 'hang' }
  /** Never answers and does not hear the signal: a file system whose server is gone. */
  | { readonly kind: 'deaf' }
  /**
   * A read ends after `at` bytes, a list after `at` objects: with an error, or as if that were all.
   * A create stores only the first `at` bytes and says that all is well, or fails with nothing stored.
   */
  | { readonly kind: 'cut'; readonly at: number; readonly code?: StorageErrorCode }
  /** One bit of the object is wrong: in what a read gives, or in what a create stores for good. */
  | { readonly kind: 'flip'; readonly bit: number };

export interface FaultPlan {
  /** Asked once for each call. @param name the object's, or the prefix of a list */
  readonly next: (operation: Operation, name: string) => Fault | undefined;
}

export class FaultyStorage implements Storage {
  readonly #inner: Storage;
  readonly #plan: FaultPlan;

  constructor(inner: Storage, plan: FaultPlan) {
    this.#inner = inner;
    this.#plan = plan;
  }

  get label(): string {
    return this.#inner.label;
  }

  async create(name: string, content: ObjectContent, signal: AbortSignal): Promise<void> {
    const fault = this.#plan.next('create', name);
    await this.#begin(fault, name, signal);
    if (fault?.kind === 'cut' && fault.code !== undefined) throw this.#error(fault.code, name);
    await this.#inner.create(name, await spoiled(content, fault), signal);
    this.#end(fault, name);
  }

  async *read(name: string, options: ReadOptions): AsyncIterable<Uint8Array> {
    const fault = this.#plan.next('read', name);
    await this.#begin(fault, name, options.signal);
    let at = options.offset ?? 0;
    for await (const piece of this.#inner.read(name, options)) {
      if (fault?.kind === 'cut' && at + piece.length > fault.at) {
        if (fault.at > at) yield piece.subarray(0, fault.at - at);
        if (fault.code === undefined) return;
        throw this.#error(fault.code, name);
      }
      yield fault?.kind === 'flip' ? withBitFlipped(piece, fault.bit - at * 8) : piece;
      at += piece.length;
    }
    this.#end(fault, name);
  }

  async *list(prefix: string, signal: AbortSignal): AsyncIterable<StoredObject> {
    const fault = this.#plan.next('list', prefix);
    await this.#begin(fault, prefix, signal);
    let count = 0;
    for await (const object of this.#inner.list(prefix, signal)) {
      if (fault?.kind === 'cut' && count === fault.at) {
        if (fault.code === undefined) return;
        throw this.#error(fault.code, prefix);
      }
      count += 1;
      yield object;
    }
    this.#end(fault, prefix);
  }

  async delete(name: string, signal: AbortSignal): Promise<void> {
    const fault = this.#plan.next('delete', name);
    await this.#begin(fault, name, signal);
    await this.#inner.delete(name, signal);
    this.#end(fault, name);
  }

  async close(): Promise<void> {
    await this.#inner.close();
  }

  async #begin(fault: Fault | undefined, name: string, signal: AbortSignal): Promise<void> {
    switch (fault?.kind) {
      case 'before':
        throw this.#error(fault.code, name);
      case 'delay':
        await Promise.race([fault.until, abortOf(signal)]);
        break;
      case 'hang':
        await abortOf(signal);
        break;
      case 'deaf':
        await new Promise(() => undefined);
        break;
      default:
    }
  }

  #end(fault: Fault | undefined, name: string): void {
    if (fault?.kind === 'after') throw this.#error(fault.code, name);
  }

  #error(code: StorageErrorCode, name: string): StorageError {
    return new StorageError(code, `${this.label}: ${name}: a fault of the test (${code})`);
  }
}

/** The faults of each operation, one per call, in turn; then none. */
export function scriptedFaults(
  script: Partial<Record<Operation, readonly (Fault | undefined)[]>>,
): FaultPlan {
  const calls: Record<Operation, number> = { create: 0, read: 0, list: 0, delete: 0 };
  return {
    next: (operation) => {
      const fault = script[operation]?.[calls[operation]];
      calls[operation] += 1;
      return fault;
    },
  };
}

/**
 * Faults that pass: an error before or after, or a read that breaks off. With a seeded source they
 * come the same each time, as long as the calls come in the same order.
 * @param random from 0 to 1
 * @param share of the calls that fail
 */
export function randomFaults(random: () => number, share: number): FaultPlan {
  return {
    next: (operation) => {
      if (random() >= share) return undefined;
      const isBefore = random() < 0.5;
      const at = Math.floor(random() * 4096);
      if (isBefore) return { kind: 'before', code: 'unavailable' };
      return operation === 'read'
        ? { kind: 'cut', at, code: 'unavailable' }
        : { kind: 'after', code: 'unavailable' };
    },
  };
}

/** @throws the signal's reason, when it is aborted and not before */
async function abortOf(signal: AbortSignal): Promise<never> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  signal.throwIfAborted();
  throw new Error('aborted');
}

async function spoiled(content: ObjectContent, fault: Fault | undefined): Promise<ObjectContent> {
  if (fault?.kind !== 'cut' && fault?.kind !== 'flip') return content;
  const whole = content instanceof Uint8Array ? content : await readFile(content.path);
  return fault.kind === 'cut' ? whole.subarray(0, fault.at) : withBitFlipped(whole, fault.bit);
}

/** A copy. @param bit from the beginning of the bytes; one that is outside changes nothing */
function withBitFlipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const at = Math.floor(bit / 8);
  const byte = copy[at];
  if (byte !== undefined) copy[at] = byte ^ (1 << (bit % 8));
  return copy;
}
