/**
 * Tokens that were verified and are still good: what makes every request but a token's first one
 * cheap. They are kept by the end of their signature, because hashing the whole of a long token for
 * each request would cost more than all the rest, and compared as a whole; none leaves this map.
 * Invariant: an entry opens nothing that verifying the token anew would not, but for the time of its
 * issuer's keys.
 */
import type { Credential } from '../../store/credential.ts';
import type { Endpoint } from '../../store/endpoint.ts';
import type { Store } from '../../store/store.ts';
import type { Clock } from '../ports.ts';
import type { Principal } from '../principal.ts';

export interface KnownToken {
  readonly principal: Principal;
  /** Milliseconds since 1970 from which on it is no longer good. */
  readonly untilMs: number;
  /** What it was judged by; it changes by becoming another object. Undefined: the configuration. */
  readonly judgedBy: Credential | Endpoint | undefined;
  /** Whether that is the endpoint, for a token of another issuer. */
  readonly isForeign: boolean;
}

interface Entry extends KnownToken {
  readonly token: string;
}

/** Of a signature of 64 bytes or more: enough that no two tokens share it. */
const KEY_CHARACTERS = 40;

export class KnownTokens {
  /** By the end of the token. */
  readonly #entries = new Map<string, Entry>();
  readonly #store: Pick<Store, 'credential'>;
  readonly #clock: Clock;
  readonly #entriesMax: number;

  constructor(store: Pick<Store, 'credential'>, clock: Clock, entriesMax: number) {
    this.#store = store;
    this.#clock = clock;
    this.#entriesMax = entriesMax;
  }

  get size(): number {
    return this.#entries.size;
  }

  find(token: string, endpoint: Endpoint | undefined): Principal | undefined {
    const known = this.#entries.get(token.slice(-KEY_CHARACTERS));
    if (known?.token !== token) return undefined;
    if (this.#clock.now() < known.untilMs && this.#isCurrent(known, endpoint)) {
      return known.principal;
    }
    this.#entries.delete(token.slice(-KEY_CHARACTERS));
    return undefined;
  }

  add(token: string, known: KnownToken): void {
    const key = token.slice(-KEY_CHARACTERS);
    this.#entries.delete(key);
    this.#entries.set(key, { ...known, token });
    if (this.#entries.size <= this.#entriesMax) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }

  /** A credential that was switched off, or an endpoint that trusts nobody else any more, shows here. */
  #isCurrent({ judgedBy, isForeign, principal }: KnownToken, endpoint: Endpoint | undefined) {
    if (isForeign) return judgedBy === endpoint;
    if (judgedBy === undefined) return true;
    return principal.kind === 'credential' && this.#store.credential(principal.id) === judgedBy;
  }
}
