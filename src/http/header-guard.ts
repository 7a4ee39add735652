/**
 * Both directions of headers. Nothing leaves that could end a header early (uWebSockets.js checks
 * no value it writes), and no request is served whose length, sender or host is told twice: a
 * proxy before us may have believed the other one (request smuggling, RFC 9112 §11.2).
 */
import type { Header } from './answer.ts';
import { HttpError } from './http-error.ts';

/** Headers that mean something else when they come twice, so that neither value can be believed. */
const SINGLE = new Set([
  'authorization',
  'content-length',
  'content-type',
  'host',
  'transfer-encoding',
  'x-request-id',
]);

const RESPONSE_NAME = /^[A-Za-z0-9-]+$/;
const RESPONSE_VALUE = /^[\x20-\x7e]*$/;

/** The headers of one request, copied out of it. */
export class RequestHeaders {
  readonly #values = new Map<string, string>();
  #repeated: string | undefined;

  /** Called from native code for each header: it must not throw. Names come in lower case. */
  add(name: string, value: string): void {
    const earlier = this.#values.get(name);
    if (earlier === undefined) {
      this.#values.set(name, value);
      return;
    }
    if (SINGLE.has(name)) this.#repeated = name;
    this.#values.set(name, `${earlier}, ${value}`);
  }

  /** @param name in lower case */
  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** In the order they came. */
  entries(): Iterable<readonly [name: string, value: string]> {
    return this.#values;
  }

  /** @throws HttpError 400 when a header that may come once came twice, or the body's end is in doubt */
  check(): void {
    if (this.#repeated !== undefined) {
      throw ambiguous(`the header ${this.#repeated} may be sent once`);
    }
    const encoding = this.#values.get('transfer-encoding');
    // uWebSockets.js takes any other value for "no body" and would read the body as a request.
    if (encoding !== undefined && encoding.toLowerCase() !== 'chunked') {
      throw ambiguous('the header transfer-encoding takes chunked and nothing else');
    }
  }
}

/**
 * Response headers are visible ASCII and spaces: more is never needed, CR, LF and NUL would let a
 * value write headers of its own, and other letters may leave as Latin-1.
 * @throws Error: whoever built the answer has let foreign text into a header
 */
export function checkResponseHeaders(headers: readonly Header[]): void {
  for (const [name, value] of headers) {
    if (!RESPONSE_NAME.test(name) || !RESPONSE_VALUE.test(value)) {
      throw new Error(`the response header ${JSON.stringify(name)} cannot carry its value`);
    }
  }
}

function ambiguous(detail: string): HttpError {
  return new HttpError(400, detail, { scimType: 'invalidSyntax', closesConnection: true });
}
