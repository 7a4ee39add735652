/**
 * The one door through which a request proves who sends it. The shared secret opens everything; a
 * credential opens its own endpoint, as far as its scopes go; tokens of another form are for whoever
 * can verify them. To anybody else an endpoint that is not theirs looks like one that is not there.
 * Invariant: no promise unless a token has to be verified that was not seen before.
 */
import { timingSafeEqual } from 'node:crypto';
import type { Scope } from '../store/credential.ts';
import type { Endpoint } from '../store/endpoint.ts';
import type { Store } from '../store/store.ts';
import { BearerCredentials } from './auth-credentials.ts';
import { FailedAttempts, type FailureLimits } from './auth-failures.ts';
import { BEARER_PREFIX } from './auth-token.ts';
import { clientAddress, senderOf } from './client-address.ts';
import type { RequestHeaders } from './header-guard.ts';
import { HttpError } from './http-error.ts';
import { invalidToken } from './invalid-token.ts';
import type { Clock } from './ports.ts';
import type { Principal } from './principal.ts';
import type { TokenVerifier } from './token-verifier.ts';

/** What of a request tells who sends it; an Exchange is one. */
export interface Sender {
  readonly headers: RequestHeaders;
  /** Where its connection comes from. Not to be asked once it may have been answered. */
  readonly peerAddress: string;
}

export interface AuthOptions {
  readonly sharedSecret: string;
  /** Whether `X-Forwarded-For` is believed. */
  readonly trustProxy: boolean;
  readonly limits: FailureLimits & {
    /** Longer tokens are refused without a look at them. */
    readonly headerTokenBytes: number;
    readonly credentialNoteMs: number;
    readonly doubtfulTokens: number;
  };
}

export interface AuthServices {
  readonly store: Pick<Store, 'credential' | 'write'>;
  readonly clock: Clock;
  /** Undefined: there are no tokens but ours. */
  readonly tokenVerifier?: TokenVerifier | undefined;
}

/** RFC 6750 §2.1; the scheme compares without case (RFC 9110 §11.1). */
const BEARER = /^Bearer +([^ ]+)$/i;

const OPERATOR: Principal = { kind: 'operator' };

export class Authenticator {
  readonly #options: AuthOptions;
  readonly #secret: Buffer;
  readonly #credentials: BearerCredentials;
  readonly #failures: FailedAttempts;
  readonly #verifier: TokenVerifier | undefined;
  readonly #clock: Clock;
  /** Tokens being verified for senders that are over their bound. */
  #doubtful = 0;

  constructor(options: AuthOptions, { store, clock, tokenVerifier }: AuthServices) {
    this.#options = options;
    this.#secret = Buffer.from(options.sharedSecret, 'utf8');
    this.#credentials = new BearerCredentials(store, options.limits.credentialNoteMs);
    this.#failures = new FailedAttempts(options.limits);
    this.#verifier = tokenVerifier;
    this.#clock = clock;
  }

  /**
   * Who comes to an endpoint, known or not, and may do there what the scope says. A promise only for
   * a token that has to be verified; it rejects with the same.
   * @throws HttpError 401 with WWW-Authenticate (RFC 6750 §3), 403 without the scope, 429 for too
   *   many wrong tokens
   */
  enter(
    sender: Sender,
    endpoint: Endpoint | undefined,
    scope: Scope,
  ): Principal | Promise<Principal> {
    const token = this.#tokenOf(sender);
    if (this.#isSharedSecret(token)) return OPERATOR;
    const now = this.#clock.now();
    if (token.startsWith(BEARER_PREFIX)) {
      const opener = this.#credentials.find(token, now);
      if (opener === undefined) throw this.#refusal(this.#addressOf(sender));
      const principal = this.#admitted(sender, opener.principal, endpoint, scope);
      this.#credentials.noteUse(opener, now);
      return principal;
    }
    if (this.#verifier === undefined) throw this.#refusal(this.#addressOf(sender));
    const known = this.#verifier.known(token, endpoint);
    if (known !== undefined) return this.#admittedClient(sender, known, endpoint, scope);
    return this.#verified(this.#verifier, sender, token, endpoint, scope);
  }

  /**
   * For what is the operator's alone: to everybody else it is behind a token they do not have.
   * @throws HttpError 401, 429
   */
  enterAsOperator(sender: Sender): void {
    if (!this.#isSharedSecret(this.#tokenOf(sender))) throw this.#refusal(this.#addressOf(sender));
  }

  /** @throws HttpError 401 */
  #tokenOf(sender: Sender): string {
    const authorization = sender.headers.get('authorization');
    if (authorization === undefined) {
      throw unauthorized('send Authorization: Bearer and the token', 'Bearer realm="scim"');
    }
    const token = BEARER.exec(authorization)?.[1];
    if (token !== undefined && token.length <= this.#options.limits.headerTokenBytes) return token;
    throw this.#refusal(this.#addressOf(sender));
  }

  /** The comparison takes the same time wherever the two differ; the length is no secret. */
  #isSharedSecret(token: string): boolean {
    const expected = this.#secret;
    // In the shared secret there is ASCII alone: another length is known before anything is copied.
    if (token.length !== expected.byteLength) return false;
    const given = Buffer.from(token, 'utf8');
    return given.byteLength === expected.byteLength && timingSafeEqual(given, expected);
  }

  /** @param sender or its address, where it can no longer be asked */
  #admitted(
    sender: Sender | string,
    principal: Principal,
    endpoint: Endpoint | undefined,
    scope: Scope,
  ): Principal {
    if (principal.kind === 'operator') return principal;
    const { endpointId, scopes } = principal;
    if (endpointId !== undefined && endpointId !== endpoint?.id) {
      throw this.#refusal(typeof sender === 'string' ? sender : this.#addressOf(sender));
    }
    if (!scopes.includes(scope)) throw insufficientScope(scope);
    return principal;
  }

  /**
   * Verifying costs more than a look-up. Who has sent too many wrong tokens shares a few places for
   * it with others of the kind, so that a flood takes no core, and a right token among it passes.
   */
  async #verified(
    verifier: TokenVerifier,
    sender: Sender,
    token: string,
    endpoint: Endpoint | undefined,
    scope: Scope,
  ): Promise<Principal> {
    const address = this.#addressOf(sender);
    const doubtful = this.#failures.waitMs(address, this.#clock.now()) > 0;
    if (doubtful && this.#doubtful >= this.#options.limits.doubtfulTokens) {
      throw this.#refusal(address);
    }
    if (doubtful) this.#doubtful += 1;
    let principal: Principal;
    try {
      principal = await verifier.verify(token, endpoint);
    } catch (error) {
      if (error instanceof HttpError && error.status === 401) throw this.#refusal(address, error);
      throw error;
    } finally {
      if (doubtful) this.#doubtful -= 1;
    }
    return this.#admittedClient(address, principal, endpoint, scope);
  }

  #admittedClient(
    sender: Sender | string,
    principal: Principal,
    endpoint: Endpoint | undefined,
    scope: Scope,
  ): Principal {
    const admitted = this.#admitted(sender, principal, endpoint, scope);
    if (admitted.kind === 'credential') this.#credentials.noteUseOf(admitted, this.#clock.now());
    return admitted;
  }

  /** Counts a wrong token. @param error what is said of it while there are not too many */
  #refusal(address: string, error = invalidToken()): HttpError {
    const now = this.#clock.now();
    const waitMs = this.#failures.waitMs(address, now);
    if (waitMs > 0) return tooManyFailures(waitMs);
    this.#failures.count(address, now);
    return error;
  }

  #addressOf({ headers, peerAddress }: Sender): string {
    const forwardedFor = headers.get('x-forwarded-for');
    return senderOf(clientAddress(forwardedFor, peerAddress, this.#options.trustProxy));
  }
}

function unauthorized(detail: string, challenge: string): HttpError {
  return new HttpError(401, detail, { headers: [['WWW-Authenticate', challenge]] });
}

/** RFC 6750 §3.1. */
function insufficientScope(scope: Scope): HttpError {
  const challenge = `Bearer realm="scim", error="insufficient_scope", scope="${scope}"`;
  return new HttpError(403, `the token lacks the scope ${scope}`, {
    headers: [['WWW-Authenticate', challenge]],
  });
}

function tooManyFailures(waitMs: number): HttpError {
  return new HttpError(
    429,
    'too many wrong tokens came from this address; those that were right before are taken all the same',
    { headers: [['Retry-After', String(Math.ceil(waitMs / 1000))]] },
  );
}
