/**
 * One request and its response. It owns the native response object: no other file touches it. The
 * native request dies when its handler returns, so everything needed is copied here; the native
 * response dies when it is ended or aborted, so each use of it is guarded by the state.
 * Invariant: open → (closing →) answered, or from either to aborted; never back, never twice.
 */
import { STATUS_CODES } from 'node:http';
import type { HttpRequest, HttpResponse } from 'uWebSockets.js';
import type { Caller } from '../store/queries.ts';
import type { Answer, Body, Header } from './answer.ts';
import { bodyBytes } from './body-bytes.ts';
import { RequestHeaders, checkResponseHeaders } from './header-guard.ts';

/** The client closed the connection before its request was complete: there is nobody to answer. */
export class ClientGone extends Error {
  constructor() {
    super('the client closed the connection');
    this.name = 'ClientGone';
  }
}

export class Exchange implements Caller {
  /** As sent: methods compare with case (RFC 9110 §9.1). */
  readonly method: string;
  /** Still percent-encoded, without query. */
  readonly path: string;
  /** Still percent-encoded, without the question mark; '' when there is none. */
  readonly query: string;
  readonly headers = new RequestHeaders();

  readonly #response: HttpResponse;
  #state: 'open' | 'closing' | 'answered' | 'aborted' = 'open';
  #sentStatus: number | undefined;
  #sentBytes: number | undefined;
  #interruptReceiving: ((reason: Error) => void) | undefined;
  #whenGone: (() => void) | undefined;

  /** To be called in the native handler. */
  constructor(response: HttpResponse, request: HttpRequest) {
    this.#response = response;
    // First of all: an unanswered response without this handler ends the process.
    response.onAborted(() => {
      this.#abort();
    });
    this.method = request.getCaseSensitiveMethod();
    this.path = request.getUrl();
    this.query = orEmpty(request.getQuery());
    request.forEach((name, value) => {
      this.headers.add(name, value);
    });
  }

  /** Path with its query, as the request log shows it. */
  get target(): string {
    return this.query === '' ? this.path : `${this.path}?${this.query}`;
  }

  /** Where the connection comes from, as text; '' once the native response may be gone. */
  get peerAddress(): string {
    if (this.#state !== 'open') return '';
    return Buffer.from(this.#response.getRemoteAddressAsText()).toString('latin1');
  }

  /** The status of the answer; undefined while open, and when the client went first. */
  get sentStatus(): number | undefined {
    return this.#sentStatus;
  }

  /** Of the answer's body; undefined while there is none, or none was sent. */
  get sentBytes(): number | undefined {
    return this.#sentBytes;
  }

  /**
   * Receives the body. Must be called before the native handler returns, or the body is lost.
   * Neither callback may throw: both are called from native code.
   * @param onChunk the chunk is detached when this returns: copy or decode it at once
   * @param onInterrupt no further chunk will come
   */
  receive(
    onChunk: (chunk: ArrayBuffer, isLast: boolean) => void,
    onInterrupt: (reason: Error) => void,
  ): void {
    if (this.#state !== 'open') {
      onInterrupt(new ClientGone());
      return;
    }
    this.#interruptReceiving = onInterrupt;
    this.#response.onData((chunk, isLast) => {
      if (this.#interruptReceiving === undefined) return;
      if (isLast) this.#interruptReceiving = undefined;
      onChunk(chunk, isLast);
    });
  }

  /** Gives up receiving the body. False when none is being received. */
  interrupt(reason: Error): boolean {
    const interruptReceiving = this.#interruptReceiving;
    this.#interruptReceiving = undefined;
    interruptReceiving?.(reason);
    return interruptReceiving !== undefined;
  }

  /** As `Caller` has it: at most one waits to be told. `callback` must not throw. */
  onGone(callback: () => void): void {
    if (this.#state === 'aborted') callback();
    else this.#whenGone = callback;
  }

  /**
   * Sends the answer in one write. False when there was already one, or the client has gone.
   * @throws Error for a header that must not leave; the exchange is still open then
   */
  answer(answer: Answer, requestId: string, closeConnection: boolean): boolean {
    if (this.#state !== 'open') return false;
    const headers: readonly Header[] = [...answer.headers, ['X-Request-Id', requestId]];
    checkResponseHeaders(headers);
    const { body } = answer;
    this.#sentStatus = answer.status;
    this.#interruptReceiving = undefined;
    this.#whenGone = undefined;
    if (!answer.closesConnection) {
      this.#send(answer.status, headers, body, closeConnection);
      return true;
    }
    // Where this request ends is in doubt, and uWebSockets.js goes on to what it takes for the next
    // one in the same segment before it closes. While this one is pending it does not: it closes.
    this.#state = 'closing';
    setImmediate(() => {
      if (this.#state === 'closing') this.#send(answer.status, headers, body, true);
    });
    return true;
  }

  /** Closes the connection without an answer: the last resort when none can be built. */
  abandon(): void {
    if (this.#state !== 'open') return;
    this.#state = 'aborted';
    this.#response.close();
  }

  #send(
    status: number,
    headers: readonly Header[],
    body: Body | undefined,
    closeConnection: boolean,
  ): void {
    this.#state = 'answered';
    this.#response.cork(() => {
      this.#write(status, headers, body, closeConnection);
    });
  }

  #write(
    status: number,
    headers: readonly Header[],
    body: Body | undefined,
    closeConnection: boolean,
  ): void {
    const response = this.#response;
    // 200 is what uWebSockets.js writes by itself.
    if (status !== 200) response.writeStatus(`${String(status)} ${STATUS_CODES[status] ?? ''}`);
    for (const [name, value] of headers) response.writeHeader(name, value);
    const bytes = body === undefined ? undefined : bodyBytes(body);
    this.#sentBytes = this.method === 'HEAD' ? 0 : bytes?.byteLength;
    if (bytes !== undefined && this.method !== 'HEAD') {
      response.end(bytes, closeConnection);
      return;
    }
    // Arguments of endWithoutBody are broken: with a length the response stays pending and the next
    // request on the connection kills it; with undefined the length is 2^63. So both are headers,
    // and after `Connection: close` it is the client that closes.
    if (bytes !== undefined) response.writeHeader('Content-Length', String(bytes.byteLength));
    if (closeConnection) response.writeHeader('Connection', 'close');
    response.endWithoutBody();
  }

  #abort(): void {
    if (this.#state === 'answered') return;
    this.#state = 'aborted';
    this.interrupt(new ClientGone());
    this.#whenGone?.();
  }
}

/** The types promise a string; for a URL without a question mark it is undefined. */
function orEmpty(query: string | undefined): string {
  return query ?? '';
}
