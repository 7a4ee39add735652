/**
 * What the records of all requests share: where rows go, what is masked, and numbers for contents.
 */
import type { JsonValue } from '../../scim/json.ts';
import type { Profile } from '../../scim/schema/registry.ts';
import type { Store } from '../../store/store.ts';
import { type Answer, type Body, type Header } from '../answer.ts';
import { clientAddress } from '../client-address.ts';
import type { RequestHeaders } from '../header-guard.ts';
import type { HttpLimits } from '../options.ts';
import {
  maskBody,
  maskQuery,
  maskRequestHeaders,
  presentedCredential,
  withoutCredential,
} from './masks.ts';
import { SecretNames } from './secret-names.ts';

/** Of the exchange: what a record says of who asked and how. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: RequestHeaders;
  readonly peerAddress: string;
  /** Of the body that was sent; undefined when nothing was, or not yet. */
  readonly sentBytes: number | undefined;
}

/** What was received of a body. */
export interface ReceivedText {
  readonly text: string;
  readonly bytes: number;
  /** Undefined when nobody could read it. */
  readonly json: JsonValue | undefined;
}

export class RecordKeeper {
  readonly store: Store;
  readonly #limits: HttpLimits;
  readonly #trustProxy: boolean;
  readonly #names = new WeakMap<Profile, SecretNames>();
  readonly #namesOfNone = new SecretNames(undefined);
  #contentKey = 0;

  constructor(store: Store, limits: HttpLimits, trustProxy: boolean) {
    this.store = store;
    this.#limits = limits;
    this.#trustProxy = trustProxy;
  }

  nextContentKey(): number {
    return (this.#contentKey += 1);
  }

  addressOf({ headers, peerAddress }: Asked): string | undefined {
    const address = clientAddress(headers.get('x-forwarded-for'), peerAddress, this.#trustProxy);
    return address === '' ? undefined : this.#short(address);
  }

  userAgentOf({ headers }: Asked): string | undefined {
    const userAgent = headers.get('user-agent');
    return userAgent && this.#short(withoutCredential(userAgent, credentialOf(headers)));
  }

  /** Path with its query, masked. */
  targetOf({ path, query, headers }: Asked, profile: Profile | undefined): string {
    const masked = query === '' ? '' : `?${maskQuery(query, this.#namesOf(profile))}`;
    return withoutCredential(path + masked, credentialOf(headers));
  }

  /** For a column: bounded. */
  short(text: string | undefined): string | undefined {
    return text && this.#short(text);
  }

  requestHeaders({ headers }: Asked): string {
    return JSON.stringify(maskRequestHeaders(headers.entries(), credentialOf(headers)));
  }

  requestBody(
    { headers }: Asked,
    { text, json, bytes }: ReceivedText,
    profile: Profile | undefined,
  ): string {
    const masked = maskBody(text, json, this.#namesOf(profile), bytes, this.#limits);
    return withoutCredential(masked, credentialOf(headers));
  }

  responseHeaders({ headers }: Answer, requestId: string): string {
    const all: readonly Header[] = [...headers, ['X-Request-Id', requestId]];
    return JSON.stringify(all);
  }

  /** @param bytes its true size */
  responseBody(
    { headers }: Asked,
    body: Body,
    bytes: number,
    profile: Profile | undefined,
  ): string | undefined {
    const text = textOf(body, this.#limits.logMaskedChars);
    const masked = maskBody(text, undefined, this.#namesOf(profile), bytes, this.#limits);
    return withoutCredential(masked, credentialOf(headers));
  }

  #namesOf(profile: Profile | undefined): SecretNames {
    if (profile === undefined) return this.#namesOfNone;
    const known = this.#names.get(profile);
    if (known !== undefined) return known;
    const names = new SecretNames(profile);
    this.#names.set(profile, names);
    return names;
  }

  #short(text: string): string {
    return text.length <= this.#limits.logTextChars
      ? text
      : `${text.slice(0, this.#limits.logTextChars)}…`;
  }
}

function credentialOf(headers: RequestHeaders): string | undefined {
  return presentedCredential(headers.get('authorization'));
}

/** Up to the piece that goes beyond `charsMax`. */
function textOf(body: Body, charsMax: number): string {
  if (typeof body === 'string') return body;
  let text = '';
  for (const part of body.all) {
    text += typeof part === 'string' ? part : Buffer.from(part).toString();
    if (text.length > charsMax) break;
  }
  return text;
}
