/**
 * The lease on a storage: whoever creates the next head owns it, because a name can be created once.
 * No clock of another machine decides, and a process that was only slow finds its next name taken.
 * So the name that a former holder will try next must never become free again: the head it was at
 * and the one that took over from it are not cleaned up with the others.
 */
import { assert } from '../platform/assert.ts';
import type { Clock } from '../platform/clock.ts';
import { LIMITS } from '../platform/limits.ts';
import { encodeDocument } from './document.ts';
import { createOrReadHead, readHead } from './head.ts';
import { claimHead, holderName, type LeaseOptions } from './lease-claim.ts';
import type { Head, Holder } from './manifest.ts';
import { headName } from './object-names.ts';
import type { Storage } from './storage/storage.ts';

export { LeaseHeld, type LeaseOptions } from './lease-claim.ts';

/** Another process owns the storage now. It is final: nothing may be stored there any more. */
export class Fenced extends Error {
  constructor(storage: string, by: Head | undefined) {
    const owner = by === undefined ? 'another process' : holderName(by.holder);
    super(
      `${storage} was taken over by ${owner}: this process must stop writing, ` +
        'because what it commits from now on is stored nowhere',
    );
    this.name = 'Fenced';
  }
}

/** What changes with the next head; what is left out stays. */
export interface HeadUpdate {
  readonly database?: string;
  readonly manifest?: number;
  readonly chain?: number;
  readonly sequence?: number;
  readonly segment?: string | undefined;
  readonly at?: number;
  readonly state?: 'running' | 'stopped';
}

/** A holder renews when this share of its time is over, so that one failed attempt does no harm. */
const RENEWALS_PER_TTL = 3;

export class Lease {
  readonly #storage: Storage;
  readonly #clock: Clock;
  readonly #ttlMs: number;
  /** The head that took the storage. It fences whoever had it before. */
  readonly #first: number;
  #head: Head;
  #confirmedAt: number;
  /** Heads that nobody needs any more. */
  #stale: number[] = [];
  #fenced: Fenced | undefined;
  #released = false;
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(storage: Storage, head: Head, at: number, { clock, ttlMs }: LeaseOptions) {
    this.#storage = storage;
    this.#clock = clock;
    this.#ttlMs = ttlMs;
    this.#first = head.number;
    this.#head = head;
    this.#confirmedAt = at;
  }

  /**
   * Takes the storage: at once when it has no head, its holder gave it back, or was a process of
   * this host that is dead; else after its newest head stood still for `ttlMs` of our own waiting.
   * @throws LeaseHeld, StorageError (then it may be ours all the same: try again with the same holder), DamagedObject
   */
  static async acquire(storage: Storage, holder: Holder, options: LeaseOptions): Promise<Lease> {
    const { head, former } = await claimHead(storage, holder, options);
    const lease = new Lease(storage, head, options.clock.now(), options);
    // Ours is one of those that stay.
    lease.#stale = former.slice(0, 1 - LIMITS.backupHeadsKept);
    return lease;
  }

  /** The newest one that is ours. */
  get head(): Head {
    return this.#head;
  }

  /**
   * Creates the next head. Calls queue up. After a StorageError it may or may not be in force: the
   * next call finds out.
   * @throws Fenced, StorageError
   */
  publish(update: HeadUpdate, signal: AbortSignal): Promise<Head> {
    return this.#inTurn(() => this.#publish(update, signal), signal);
  }

  /**
   * Shows that this process is alive, when the last head is older than a third of the time.
   * @throws Fenced, StorageError
   */
  renew(signal: AbortSignal): Promise<void> {
    return this.#inTurn(async () => {
      const ageMs = this.#clock.now() - this.#confirmedAt;
      // A clock that was set back tells nothing: renew.
      if (ageMs < 0 || ageMs >= this.#ttlMs / RENEWALS_PER_TTL) await this.#publish({}, signal);
    }, signal);
  }

  /**
   * Gives the storage back: the next process may take it at once.
   * @throws Fenced, StorageError
   */
  release(signal: AbortSignal): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#released) return;
      await this.#publish({ state: 'stopped' }, signal);
      this.#released = true;
    }, signal);
  }

  /** A storage that does not even hear the signal is left behind: what comes next must not wait for it. */
  #inTurn<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const result = this.#queue.then(() => unlessAborted(work, signal));
    this.#queue = result.catch(() => undefined);
    return result;
  }

  async #publish(update: HeadUpdate, signal: AbortSignal): Promise<Head> {
    assert(!this.#released, 'a lease that was given back publishes nothing');
    if (this.#fenced !== undefined) throw this.#fenced;
    for (;;) {
      const wanted: Head = {
        ...this.#head,
        state: 'running',
        ...update,
        number: this.#head.number + 1,
      };
      const [stored] = await Promise.all([this.#createOrFind(wanted, signal), this.#clean(signal)]);
      if (isSame(stored, wanted)) return stored;
      // An earlier attempt that had no answer took this number; ours takes the next.
    }
  }

  /** @returns the head of that number, which is ours */
  async #createOrFind(wanted: Head, signal: AbortSignal): Promise<Head> {
    const startedAt = this.#clock.now();
    const stored = await createOrReadHead(this.#storage, wanted, signal);
    // Left behind meanwhile, and what comes now is old: it must not set the newest head back.
    signal.throwIfAborted();
    if (stored?.holder.id !== wanted.holder.id) throw this.#fence(stored);
    if (Math.abs(startedAt - this.#confirmedAt) > this.#ttlMs) await this.#checkNewest(signal);
    this.#head = stored;
    this.#confirmedAt = startedAt;
    const stale = stored.number - 2;
    if (stale > this.#first) this.#stale.push(stale);
    return stored;
  }

  /**
   * Whoever was away for longer than the lease lasts may have been succeeded so often that even the
   * heads which fence it are gone.
   */
  async #checkNewest(signal: AbortSignal): Promise<void> {
    const newest = await readHead(this.#storage, signal);
    if (newest?.holder.id !== this.#head.holder.id) throw this.#fence(newest);
  }

  #fence(by: Head | undefined): Fenced {
    this.#fenced = new Fenced(this.#storage.label, by);
    return this.#fenced;
  }

  /** Never fails; what could not be deleted is tried again at the next publish. */
  async #clean(signal: AbortSignal): Promise<void> {
    const numbers = this.#stale.splice(0, LIMITS.backupHeadDeletes);
    const deletes = numbers.map(async (number) => {
      try {
        await this.#storage.delete(headName(number), signal);
      } catch {
        this.#stale.push(number);
      }
    });
    await Promise.all(deletes);
  }
}

/** @throws the signal's reason */
async function unlessAborted<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function isSame(one: Head, other: Head): boolean {
  return Buffer.compare(encodeDocument(one), encodeDocument(other)) === 0;
}
