/**
 * What the records of all requests share: where rows go, what is masked, and numbers for contents.
 */
import type { JsonValue } from '../../scim/json.ts';
import type { Profile } from '../../scim/schema/registry.ts';
import type { ContentText } from '../../store/request-content.ts';
import type { Endpoint, RequestLogLevel } from '../../store/endpoint.ts';
import type { Store } from '../../store/store.ts';
import { type Answer, type Body, type Header } from '../answer.ts';
import { forwardedAddress } from '../client-address.ts';
import type { RequestHeaders } from '../header-guard.ts';
import type { HttpLimits } from '../options.ts';
import type { OpenRuns } from '../runs/open-runs.ts';
import {
  maskBody,
  maskQuery,
  maskRequestHeaders,
  withoutCredential,
  withoutDetails,
} from './masks.ts';
import { SecretNames } from './secret-names.ts';

/** Of the exchange: what a record says of who asked and how. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: RequestHeaders;
  /** What it shows to prove who it is: nothing of it may be logged. */
  readonly credential: string | undefined;
  readonly peerAddress: string;
  /** Of the body that was sent; undefined when nothing was, or not yet. */
  readonly sentBytes: number | undefined;
  /** That body, until another is sent. */
  readonly sentBody: Uint8Array | undefined;
}

/** What was received of a body. */
export interface ReceivedText {
  readonly text: string;
  /** The same as it came, where that was kept. */
  readonly raw: Uint8Array | undefined;
  readonly bytes: number;
  /** Undefined when nobody could read it. */
  readonly json: JsonValue | undefined;
  /** As `namesSecret` answered. */
  readonly namesSecret: boolean;
  /** As `showsCredential` answered. */
  readonly showsCredential: boolean;
}

/** What was answered. */
export interface SentBody {
  readonly body: Body;
  /** Its bytes, while they are there. */
  readonly sent: Uint8Array | undefined;
  /** Its true size. */
  readonly bytes: number;
  /** Whether what the errors in it quote must not be seen. */
  readonly hidesDetails: boolean;
}

const ESCAPED_SLASH = '\\/';

export class RecordKeeper {
  readonly store: Store;
  readonly #limits: HttpLimits;
  readonly #trustProxy: boolean;
  readonly #openRuns: Pick<OpenRuns, 'has'>;
  readonly #names = new WeakMap<Profile, SecretNames>();
  readonly #namesOfNone = new SecretNames(undefined);
  #contentKey = 0;

  constructor(
    store: Store,
    openRuns: Pick<OpenRuns, 'has'>,
    { limits, trustProxy }: { readonly limits: HttpLimits; readonly trustProxy: boolean },
  ) {
    this.store = store;
    this.#openRuns = openRuns;
    this.#limits = limits;
    this.#trustProxy = trustProxy;
  }

  nextContentKey(): number {
    return (this.#contentKey += 1);
  }

  /** What is to be logged of an endpoint's requests now: during a run everything. */
  levelOf({ id, settings }: Endpoint): RequestLogLevel {
    return this.#openRuns.has(id) ? 'full' : settings.requestLog;
  }

  addressOf(asked: Asked): string | undefined {
    const forwarded = forwardedAddress(asked.headers.get('x-forwarded-for'), this.#trustProxy);
    const address = forwarded ?? asked.peerAddress;
    return address === '' ? undefined : this.#short(address);
  }

  userAgentOf({ headers, credential }: Asked): string | undefined {
    const userAgent = headers.get('user-agent');
    return userAgent && this.#short(withoutCredential(userAgent, credential));
  }

  /** Path with its query, masked. */
  targetOf({ path, query, credential }: Asked, profile: Profile | undefined): string {
    const masked = query === '' ? '' : `?${maskQuery(query, this.#namesOf(profile))}`;
    return withoutCredential(path + masked, credential);
  }

  /** Whether a body may name a secret. */
  namesSecret(text: string, profile: Profile | undefined): boolean {
    return this.#namesOf(profile).mayOccurIn(text);
  }

  isQueryMasked({ query }: Asked, profile: Profile | undefined): boolean {
    if (query === '') return false;
    const names = this.#namesOf(profile);
    return names.mayOccurIn(query) || maskQuery(query, names) !== query;
  }

  withoutCredential({ credential }: Asked, text: string): string {
    return withoutCredential(text, credential);
  }

  /** Also with its slashes escaped, as some write JSON. */
  showsCredential({ credential }: Asked, text: string): boolean {
    if (credential === undefined) return false;
    if (text.includes(credential)) return true;
    if (!credential.includes('/') || !text.includes(ESCAPED_SLASH)) return false;
    return text.replaceAll(ESCAPED_SLASH, '/').includes(credential);
  }

  /** A text for a column: without the credential, bounded. */
  column(asked: Asked, text: string | undefined): string | undefined {
    return text && this.#short(this.withoutCredential(asked, text));
  }

  /** Of a filter. */
  get filterLength(): number {
    return this.#limits.filterLength;
  }

  /** Longer bodies are cut. */
  get bodyBytesMax(): number {
    return this.#limits.logBodyChars;
  }

  requestHeaders({ headers, credential }: Asked): string {
    return JSON.stringify(maskRequestHeaders(headers.entries(), credential));
  }

  requestBody(
    { credential }: Asked,
    { text, raw, json, bytes, namesSecret, showsCredential }: ReceivedText,
    profile: Profile | undefined,
  ): ContentText {
    if (raw !== undefined && !namesSecret && !showsCredential) return raw;
    const names = this.#namesOf(profile);
    // Before it is cut: of a credential across the cut all but its end would be left.
    const shown = showsCredential
      ? withoutCredential(text.replaceAll(ESCAPED_SLASH, '/'), credential)
      : text;
    const parsed = showsCredential ? undefined : json;
    const masked = maskBody(shown, parsed, names, bytes, this.#limits, namesSecret);
    // An escape may have hidden it, which only a parsed body shows.
    return withoutCredential(masked, credential);
  }

  responseHeaders(asked: Asked, { headers }: Answer, requestId: string): string {
    const all: readonly Header[] = [...headers, ['X-Request-Id', requestId]];
    return this.withoutCredential(asked, JSON.stringify(all));
  }

  responseBody(
    { credential }: Asked,
    { body, sent, bytes, hidesDetails }: SentBody,
    profile: Profile | undefined,
  ): ContentText {
    const names = this.#namesOf(profile);
    if (sent !== undefined && !hidesDetails && sent.length <= this.#limits.logBodyChars) {
      // Names and credentials are ASCII, which is found in UTF-8 as if it were Latin-1.
      const ascii = Buffer.from(sent.buffer, sent.byteOffset, sent.length).toString('latin1');
      if (!mayShow(ascii, credential) && !names.mayOccurIn(ascii)) return sent;
    }
    const text = withoutCredential(textOf(body, this.#limits.logMaskedChars), credential);
    const masked = maskBody(
      hidesDetails ? withoutDetails(text) : text,
      undefined,
      names,
      bytes,
      this.#limits,
    );
    return withoutCredential(masked, credential);
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

/** A credential of other letters is found in text only. */
function mayShow(ascii: string, credential: string | undefined): boolean {
  return credential !== undefined && (ascii.includes(credential) || !/^[!-~]*$/.test(credential));
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
