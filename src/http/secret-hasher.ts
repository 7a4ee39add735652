/**
 * Bounds the hashing of secrets: each hash takes memory and a core for a tenth of a second or two, so
 * that a burst of passwords must neither take all memory nor all cores. A few run at once, others
 * wait in line, and who would wait too long is told to come again: nothing was done.
 */
import type { HashSecret } from '../scim/resource/secrets.ts';
import { type HttpError, tryAgain } from './http-error.ts';
import type { HttpLimits } from './options.ts';
import type { Clock } from './ports.ts';

export type SecretLimits = Pick<HttpLimits, 'secretHashes' | 'secretsWaiting' | 'secretWaitMs'>;

interface Waiting {
  readonly since: number;
  readonly start: () => void;
  readonly refuse: (error: HttpError) => void;
}

export class SecretHasher {
  readonly #hash: HashSecret;
  readonly #limits: SecretLimits;
  readonly #clock: Clock;
  readonly #waiting: Waiting[] = [];
  #running = 0;

  constructor(hash: HashSecret, limits: SecretLimits, clock: Clock) {
    this.#hash = hash;
    this.#limits = limits;
    this.#clock = clock;
  }

  /** @throws HttpError 503 when too many wait, or this one has waited too long */
  readonly hash: HashSecret = async (clear) => {
    if (this.#running >= this.#limits.secretHashes) await this.#turn();
    else this.#running += 1;
    try {
      return await this.#hash(clear);
    } finally {
      this.#next();
    }
  };

  /** Resolves when a place among the running has been handed over. */
  #turn(): Promise<void> {
    if (this.#waiting.length >= this.#limits.secretsWaiting) return Promise.reject(overloaded());
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    this.#waiting.push({
      since: this.#clock.now(),
      start: () => resolve(undefined),
      refuse: reject,
    });
    return promise;
  }

  /** Hands the place on. Each wait is judged at its end: one ends at least as often as a hash does. */
  #next(): void {
    const oldest = this.#clock.now() - this.#limits.secretWaitMs;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (next.since >= oldest) {
        next.start();
        return;
      }
      next.refuse(overloaded());
    }
    this.#running -= 1;
  }
}

function overloaded(): HttpError {
  return tryAgain('too many passwords wait to be hashed; nothing was done, try again');
}
