/**
 * The public keys of other issuers: fetched when a token first needs them, again each hour while the
 * old ones go on, and again when a token names a key that is not among them. However many tokens
 * come, an issuer is asked once at a time and not again for a while; while it is down its last keys
 * are believed for a day.
 */
import type { CryptoKey, JSONWebKeySet, JWSHeaderParameters } from 'jose';
import type { HttpLimits } from '../options.ts';
import type { Clock, Log } from '../ports.ts';

export interface IssuerKeysOptions {
  /** @throws Error when the issuer cannot be asked, or answers with something else */
  readonly fetchKeys: (uri: string) => Promise<unknown>;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: Pick<
    HttpLimits,
    | 'issuerKeySets'
    | 'issuerKeyWaiters'
    | 'issuerKeysFreshMs'
    | 'issuerKeysStaleMs'
    | 'issuerRetryMs'
  >;
}

/**
 * The issuer has not answered for so long that nobody knows which keys are its own, or too many wait
 * for it already.
 */
export class IssuerDown extends Error {
  constructor() {
    super('the keys of the issuer cannot be had');
    this.name = 'IssuerDown';
  }
}

/** @throws jose's errors when it finds none, or several */
type FindKey = (header: JWSHeaderParameters) => Promise<CryptoKey>;

interface KeySet {
  /** Undefined: never had. */
  find: FindKey | undefined;
  fetchedMs: number;
  triedMs: number;
  /** While it is being fetched; never rejects. */
  pending: Promise<void> | undefined;
  /** Who waits for that. */
  waiting: number;
}

export class IssuerKeys {
  readonly #options: IssuerKeysOptions;
  readonly #sets = new Map<string, KeySet>();

  constructor(options: IssuerKeysOptions) {
    this.#options = options;
  }

  /**
   * The key that a token's header names.
   * @param uri of the issuer's JWK set
   * @returns undefined when the issuer has no such key
   * @throws IssuerDown
   */
  async find(uri: string, header: JWSHeaderParameters): Promise<CryptoKey | undefined> {
    const set = this.#setOf(uri);
    const key = await this.#lookUp(set, header);
    const ageMs = this.#options.clock.now() - set.fetchedMs;
    if (key !== undefined) {
      if (ageMs >= this.#options.limits.issuerKeysFreshMs) void this.#refresh(uri, set);
      return key;
    }
    await this.#waitFor(uri, set);
    const found = await this.#lookUp(set, header);
    if (found === undefined && !this.#isBelieved(set)) throw new IssuerDown();
    return found;
  }

  #setOf(uri: string): KeySet {
    const known = this.#sets.get(uri);
    if (known !== undefined) return known;
    const set: KeySet = {
      find: undefined,
      fetchedMs: NaN,
      triedMs: -Infinity,
      pending: undefined,
      waiting: 0,
    };
    this.#sets.set(uri, set);
    if (this.#sets.size > this.#options.limits.issuerKeySets) {
      const [oldest] = this.#sets.keys();
      if (oldest !== undefined) this.#sets.delete(oldest);
    }
    return set;
  }

  async #lookUp(set: KeySet, header: JWSHeaderParameters): Promise<CryptoKey | undefined> {
    if (set.find === undefined || !this.#isBelieved(set)) return undefined;
    try {
      return await set.find(header);
    } catch {
      // No such key, or one that cannot be used with the algorithm.
      return undefined;
    }
  }

  #isBelieved({ fetchedMs }: KeySet): boolean {
    return this.#options.clock.now() - fetchedMs < this.#options.limits.issuerKeysStaleMs;
  }

  /** @throws IssuerDown when too many wait: they hold places that tokens of others need */
  async #waitFor(uri: string, set: KeySet): Promise<void> {
    if (set.pending !== undefined && set.waiting >= this.#options.limits.issuerKeyWaiters) {
      throw new IssuerDown();
    }
    set.waiting += 1;
    await this.#refresh(uri, set);
    set.waiting -= 1;
  }

  /** Resolves when the keys are as new as they can be had now. */
  #refresh(uri: string, set: KeySet): Promise<void> {
    if (set.pending !== undefined) return set.pending;
    const now = this.#options.clock.now();
    if (now - set.triedMs < this.#options.limits.issuerRetryMs) return Promise.resolve();
    set.triedMs = now;
    set.pending = this.#fetch(uri, set).finally(() => {
      set.pending = undefined;
    });
    return set.pending;
  }

  async #fetch(uri: string, set: KeySet): Promise<void> {
    const { fetchKeys, clock, log } = this.#options;
    try {
      const [keys, { createLocalJWKSet }] = await Promise.all([
        fetchKeys(uri),
        import('jose/jwks/local'),
      ]);
      set.find = createLocalJWKSet(asKeySet(keys));
      set.fetchedMs = clock.now();
    } catch (error) {
      log.warn({ uri, reason: reasonOf(error) }, "an issuer's keys cannot be fetched");
    }
  }
}

/** @throws Error; jose looks at each key when it is used */
function asKeySet(value: unknown): JSONWebKeySet {
  if (isKeySet(value)) return value;
  throw new Error('it answered with no JWK set');
}

function isKeySet(value: unknown): value is JSONWebKeySet {
  return (
    typeof value === 'object' && value !== null && 'keys' in value && Array.isArray(value.keys)
  );
}

/** `fetch` says no more than that it failed; why stands in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
