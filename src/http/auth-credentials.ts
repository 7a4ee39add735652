/**
 * Checks bearer tokens against the credentials that are stored: a look-up by the id in the token, one
 * SHA-256, a comparison. What is derived from a credential is kept for as long as the store hands out
 * the same object. That a credential was used, a client's too, is noted once in a while, behind the
 * requests.
 */
import { type Credential, isLive } from '../store/credential.ts';
import type { Store } from '../store/store.ts';
import { type KnownSecret, knownSecrets, opens, parseBearerToken } from './auth-token.ts';
import type { Principal } from './principal.ts';

/** A credential, ready to be compared with tokens. */
export interface Opener {
  readonly credential: Credential;
  readonly principal: Principal;
  readonly secrets: readonly KnownSecret[];
  /** When its use was last noted; -Infinity: never. */
  notedAt: number;
}

export class BearerCredentials {
  readonly #store: Pick<Store, 'credential' | 'write'>;
  readonly #noteMs: number;
  readonly #openers = new WeakMap<Credential, Opener>();

  /** @param noteMs from one note of a use to the next */
  constructor(store: Pick<Store, 'credential' | 'write'>, noteMs: number) {
    this.#store = store;
    this.#noteMs = noteMs;
  }

  /** Undefined: the token is nobody's, or not any more. Which of them nobody is told. */
  find(token: string, nowMs: number): Opener | undefined {
    const parts = parseBearerToken(token);
    const credential = parts && this.#store.credential(parts.id);
    if (credential?.kind !== 'bearer') return undefined;
    const opener = this.#openerOf(credential);
    if (!isLive(credential, nowMs) || !opens(opener.secrets, parts?.secret ?? '', nowMs)) {
      return undefined;
    }
    return opener;
  }

  /** Never waits, never fails: a note that is lost is made up for by the next. */
  noteUse(opener: Opener, nowMs: number): void {
    if (nowMs - opener.notedAt < this.#noteMs) return;
    opener.notedAt = nowMs;
    const { id, endpointId } = opener.credential;
    const now = Math.floor(nowMs);
    this.#store
      .write({ kind: 'noteCredentialUse', endpointId, credentialId: id, now, log: undefined })
      .catch(() => undefined);
  }

  /** For a client, which comes with a token that somebody else has checked. */
  noteUseOf({ id }: { readonly id: string }, nowMs: number): void {
    const credential = this.#store.credential(id);
    if (credential !== undefined) this.noteUse(this.#openerOf(credential), nowMs);
  }

  #openerOf(credential: Credential): Opener {
    const known = this.#openers.get(credential);
    if (known !== undefined) return known;
    const { id, endpointId, scopes, subject, lastUsedAt = -Infinity } = credential;
    const opener: Opener = {
      credential,
      principal: { kind: 'credential', id, endpointId, scopes, subject },
      secrets: knownSecrets(credential.secrets),
      notedAt: lastUsedAt,
    };
    this.#openers.set(credential, opener);
    return opener;
  }
}
