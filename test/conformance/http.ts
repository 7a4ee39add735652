/**
 * A small HTTP client for any SCIM base URL, by `fetch`. It sends bodies as rows wrote them and
 * remembers what the server has created, whichever row asked for it, so that all of it can be
 * removed at the end. It follows no redirect and judges nothing.
 */
import { isObject, type JsonObject, type JsonValue } from '../../src/scim/json.ts';
import { valueAt } from '../support/answer.ts';
import { Answer, type SentRequest } from './answer.ts';
import { sendLarge } from './large-body.ts';

export interface RequestOptions {
  /** Null takes a header away that would be sent. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** Null sends no Authorization header. */
  readonly token?: string | null;
}

/** JSON, or text that goes out as it is. */
export type Body = JsonObject | readonly JsonValue[] | { readonly raw: string } | undefined;

const REQUEST_DEADLINE_MS = 30_000;
const REMOVERS = 4;
/** A server may refuse a larger body before it has come, and close: `fetch` would lose the answer. */
const LARGE_BODY_LENGTH = 1024 * 1024;

export class ScimHttp {
  /** Without trailing slash. */
  readonly base: string;
  readonly #token: string | undefined;
  readonly #created = new Set<string>();

  constructor(base: string, token: string | undefined) {
    this.base = base.replace(/\/+$/, '');
    this.#token = token;
  }

  /** @param path from the base URL on, or a whole URL */
  async send(
    method: string,
    path: string,
    body?: Body,
    options: RequestOptions = {},
  ): Promise<Answer> {
    const text = body === undefined ? undefined : textOf(body);
    const headers = this.#headers(text !== undefined, options);
    const url = path.startsWith('/') ? this.base + path : path;
    const response =
      text !== undefined && text.length > LARGE_BODY_LENGTH
        ? await sendLarge(method, url, headers, text)
        : await fetch(url, {
            method,
            headers,
            redirect: 'manual',
            signal: AbortSignal.timeout(REQUEST_DEADLINE_MS),
            ...(text === undefined ? {} : { body: new TextEncoder().encode(text) }),
          });
    const shown = Object.fromEntries(
      Object.entries(headers).filter(([name]) => name !== 'authorization'),
    );
    const request: SentRequest = { method, path, headers: shown, body: text };
    const answer = new Answer(request, response.status, response.headers, await response.text());
    this.#remember(answer);
    return answer;
  }

  /** How many resources were created and not yet removed. */
  get createdCount(): number {
    return this.#created.size;
  }

  /** Deletes what was created. @returns the URLs that would not go */
  async removeCreated(): Promise<readonly string[]> {
    const left: string[] = [];
    const waiting = [...this.#created].reverse();
    const remove = async (): Promise<void> => {
      for (let url = waiting.shift(); url !== undefined; url = waiting.shift()) {
        const status = await this.send('DELETE', url).then(
          (answer) => answer.status,
          () => 0,
        );
        if (status === 404 || (status >= 200 && status < 300)) this.#created.delete(url);
        else left.push(url);
      }
    };
    await Promise.all(Array.from({ length: REMOVERS }, remove));
    return left;
  }

  #headers(hasBody: boolean, options: RequestOptions): Record<string, string> {
    const token = options.token === undefined ? this.#token : options.token;
    const all: Record<string, string | null> = {
      accept: 'application/scim+json',
      'content-type': hasBody ? 'application/scim+json' : null,
      authorization: token === undefined || token === null ? null : `Bearer ${token}`,
      ...options.headers,
    };
    return Object.fromEntries(
      Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
    );
  }

  #remember(answer: Answer): void {
    if (answer.request.method !== 'POST') return;
    const location = answer.headers.get('location');
    if (answer.status === 201 && location !== null) {
      this.#created.add(new URL(location, `${this.base}/`).href);
    }
    if (answer.status === 200 && answer.request.path.endsWith('/Bulk')) {
      for (const url of createdByBulk(answer.text)) {
        this.#created.add(new URL(url, `${this.base}/`).href);
      }
    }
  }
}

function textOf(body: NonNullable<Body>): string {
  return 'raw' in body && typeof body.raw === 'string' ? body.raw : JSON.stringify(body);
}

/** Locations of the operations of a bulk answer that created something. */
function createdByBulk(text: string): readonly string[] {
  let operations: JsonValue | undefined;
  try {
    operations = valueAt(JSON.parse(text) as JsonValue, 'Operations');
  } catch {
    return [];
  }
  if (!Array.isArray(operations)) return [];
  return operations
    .filter(isObject)
    .flatMap(({ method, location }) =>
      method === 'POST' && typeof location === 'string' ? [location] : [],
    );
}
