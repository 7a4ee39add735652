/** Who sends a request, once its token has been checked, and what it may do here. */
import type { Scope } from '../store/credential.ts';

export type Principal =
  /** The shared secret: everything, everywhere. */
  | { readonly kind: 'operator' }
  /** A bearer credential or an OAuth client. */
  | {
      readonly kind: 'credential';
      readonly id: string;
      /** Undefined: a client of the whole server (OAUTH_CLIENT_ID). */
      readonly endpointId: string | undefined;
      readonly scopes: readonly Scope[];
      /** Of whom `/Me` speaks; see `Credential.subject`. */
      readonly subject: string | undefined;
    };
