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
import type { HttpLimits } from '../options.ts';
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

export type KnownTokenLimits = Pick<HttpLimits, 'knownTokens' | 'knownTokenBytes'>;

/** Of a signature of 64 bytes or more: enough that no two tokens share it. */
const KEY_CHARACTERS = 40;

export class KnownTokens {
  /** By the end of the token; of another issuer's, by the endpoint too, each of which judges for itself. */
  readonly #entries = new Map<string, Entry>();
  readonly #store: Pick<Store, 'credential'>;
  readonly #clock: Clock;
  readonly #limits: KnownTokenLimits;
  /** Of all tokens held: a JWT is ASCII, one byte each. */
  #bytes = 0;

  constructor(store: Pick<Store, 'credential'>, clock: Clock, limits: KnownTokenLimits) {
    this.#store = store;
    this.#clock = clock;
    this.#limits = limits;
  }

  get size(): number {
    return this.#entries.size;
  }

  find(token: string, endpoint: Endpoint | undefined): Principal | undefined {
    const end = token.slice(-KEY_CHARACTERS);
    let key = end;
    let known = this.#entries.get(key);
    if (known === undefined && endpoint !== undefined) {
      key = foreignKey(end, endpoint);
      known = this.#entries.get(key);
    }
    if (known?.token !== token) return undefined;
    if (this.#clock.now() < known.untilMs && this.#isCurrent(known, endpoint)) {
      return known.principal;
    }
    this.#forget(key);
    return undefined;
  }

  add(token: string, known: KnownToken): void {
    const end = token.slice(-KEY_CHARACTERS);
    const { isForeign, judgedBy } = known;
    const key = isForeign && judgedBy !== undefined ? foreignKey(end, judgedBy) : end;
    this.#forget(key);
    this.#entries.set(key, { ...known, token });
    this.#bytes += token.length;
    for (const oldest of this.#entries.keys()) {
      if (!this.#isOver()) return;
      this.#forget(oldest);
    }
  }

  #isOver(): boolean {
    const { knownTokens, knownTokenBytes } = this.#limits;
    return this.#entries.size > knownTokens || this.#bytes > knownTokenBytes;
  }

  #forget(key: string): void {
    this.#bytes -= this.#entries.get(key)?.token.length ?? 0;
    this.#entries.delete(key);
  }

  /** A credential that was switched off, or an endpoint that trusts nobody else any more, shows here. */
  #isCurrent({ judgedBy, isForeign, principal }: KnownToken, endpoint: Endpoint | undefined) {
    if (isForeign) return judgedBy === endpoint;
    if (judgedBy === undefined) return true;
    return principal.kind === 'credential' && this.#store.credential(principal.id) === judgedBy;
  }
}

function foreignKey(end: string, { id }: { readonly id: string }): string {
  return `${end} ${id}`;
}
