/**
 * Who may ask for tokens: the credentials of kind `client` of each endpoint, and the one client of
 * the whole server. Two secrets of a client may be live at once, so that one can take the other's
 * place. Secrets compare by their hashes, in the same time wherever they differ.
 */
import type { ServerClient } from '../../platform/oauth-config.ts';
import { type Credential, isLive, type Scope, SCOPES } from '../../store/credential.ts';
import type { Store } from '../../store/store.ts';
import { BearerCredentials } from '../auth-credentials.ts';
import { hashOfSecret, type KnownSecret, knownSecrets, opens } from '../auth-token.ts';
import type { Clock } from '../ports.ts';

export interface Client {
  /** Its `client_id`. */
  readonly id: string;
  readonly scopes: readonly Scope[];
  /** Undefined: the client of the whole server. */
  readonly credential: Credential | undefined;
}

export interface ClientsOptions {
  readonly store: Pick<Store, 'credential' | 'write'>;
  readonly clock: Clock;
  /** Undefined: there is none. */
  readonly serverClient: ServerClient | undefined;
  /** From one note of a client's use to the next. */
  readonly noteMs: number;
}

export class Clients {
  readonly #store: Pick<Store, 'credential' | 'write'>;
  readonly #clock: Clock;
  readonly #credentials: BearerCredentials;
  readonly #server:
    { readonly client: Client; readonly secrets: readonly KnownSecret[] } | undefined;

  constructor({ store, clock, serverClient, noteMs }: ClientsOptions) {
    this.#credentials = new BearerCredentials(store, noteMs);
    this.#store = store;
    this.#clock = clock;
    this.#server = serverClient && {
      client: { id: serverClient.id, scopes: SCOPES, credential: undefined },
      secrets: knownSecrets([
        { hash: hashOfSecret(serverClient.secret), createdAt: 0, expiresAt: undefined },
      ]),
    };
  }

  /** Undefined: nobody has the id, or not any more. */
  find(id: string): Client | undefined {
    if (id === this.#server?.client.id) return this.#server.client;
    const credential = this.#store.credential(id);
    if (credential?.kind !== 'client' || !isLive(credential, this.#clock.now())) return undefined;
    return { id, scopes: credential.scopes, credential };
  }

  /** Undefined: `find` finds nobody, or the secret is another's; which of them nobody is told. */
  authenticate(id: string, secret: string): Client | undefined {
    const client = this.find(id);
    return opens(this.#secretsOf(client), secret, this.#clock.now()) ? client : undefined;
  }

  /** That it got a token. Never waits, never fails: a note that is lost is made up for by the next. */
  noteUse({ credential }: Client): void {
    if (credential !== undefined) this.#credentials.noteUseOf(credential, this.#clock.now());
  }

  #secretsOf(client: Client | undefined): readonly KnownSecret[] {
    if (client === undefined) return [];
    return client.credential === undefined
      ? (this.#server?.secrets ?? [])
      : knownSecrets(client.credential.secrets);
  }
}
