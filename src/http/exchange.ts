/**
 * One request and its response. It owns the native response object: no other file touches it. The
 * native request dies when its handler returns, so everything needed is copied here; the native
 * response dies when it is ended or aborted, so each use of it is guarded by the state.
 * Invariant: open → (closing | streaming →) answered, or from any of these to aborted; never back,
 * never twice.
 */
import type { HttpRequest, HttpResponse } from 'uWebSockets.js';
import type { Caller } from '../store/queries.ts';
import type { Answer, Body, Header, Outlet } from './answer.ts';
import { bodyBytes } from './body-bytes.ts';
import { RequestHeaders, checkResponseHeaders } from './header-guard.ts';
import { presentedCredential } from './logs/masks.ts';
import { PieceSender, STREAM_SLICE_BYTES } from './piece-sender.ts';
import { STATUS_CODES } from './status-codes.ts';

/** The client closed the connection before its request was complete: there is nobody to answer. */
export class ClientGone extends Error {
  constructor() {
    super('the client closed the connection');
    this.name = 'ClientGone';
  }
}

export class Exchange implements Caller, Outlet {
  /** As sent: methods compare with case (RFC 9110 §9.1). */
  readonly method: string;
  /** Still percent-encoded, without query. */
  readonly path: string;
  /** Still percent-encoded, without the question mark; '' when there is none. */
  readonly query: string;
  readonly headers = new RequestHeaders();

  readonly #response: HttpResponse;
  #state: 'open' | 'closing' | 'streaming' | 'answered' | 'aborted' = 'open';
  #credential: { readonly shown: string | undefined } | undefined;
  #sentStatus: number | undefined;
  #sentBody: Uint8Array | undefined;
  #sentBytes: number | undefined;
  #interruptReceiving: ((reason: Error) => void) | undefined;
  #whenGone: (() => void) | undefined;
  #closesConnection = false;
  #sender: PieceSender | undefined;

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

  /** What was shown to prove who sends this. */
  get credential(): string | undefined {
    this.#credential ??= { shown: presentedCredential(this.headers.get('authorization')) };
    return this.#credential.shown;
  }

  /** The body that was sent; to be read or copied before another exchange answers. */
  get sentBody(): Uint8Array | undefined {
    return this.#sentBody;
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
    if (answer.stream !== undefined && this.method !== 'HEAD') {
      this.#closesConnection = closeConnection;
      this.#state = 'streaming';
      this.#response.cork(() => {
        this.#writeHead(answer.status, headers);
      });
      answer.stream(this);
      return true;
    }
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

  /**
   * Of an answer that is a stream. What does not fit into the socket waits in uWebSockets.js, which
   * has no bound of its own: whoever writes on after a false makes it grow.
   */
  write(text: string): boolean {
    if (this.#state !== 'streaming') return true;
    return this.#writePiece(text);
  }

  end(): void {
    if (this.#state !== 'streaming') return;
    this.#state = 'answered';
    this.#response.cork(() => {
      this.#response.end(undefined, true);
    });
  }

  finish(): void {
    if (this.#state !== 'streaming') return;
    this.#state = 'answered';
    this.#response.cork(() => {
      this.#response.end(undefined, this.#closesConnection);
    });
  }

  send(piece: Uint8Array, whenTaken: () => void): void {
    if (this.#state !== 'streaming') return;
    this.#sender ??= new PieceSender(
      (slice) => this.#writeSlice(slice),
      (callback) => this.#response.onWritable(callback),
    );
    this.#sender.send(piece, whenTaken);
  }

  cut(): void {
    if (this.#state !== 'streaming') return;
    this.#state = 'aborted';
    this.#whenGone = undefined;
    this.#response.close();
  }

  /** With a handler of its own, uWebSockets.js leaves what waits to the next write. */
  onRoom(nudge: string, callback: () => void): void {
    if (this.#state !== 'streaming') return;
    this.#response.onWritable(() => {
      if (this.#state !== 'streaming') return true;
      const isEmpty = this.#writePiece(nudge);
      if (isEmpty) callback();
      return isEmpty;
    });
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
    this.#writeHead(status, headers);
    const bytes = body === undefined ? undefined : bodyBytes(body);
    this.#sentBytes = this.method === 'HEAD' ? 0 : bytes?.byteLength;
    if (bytes !== undefined && this.method !== 'HEAD') {
      this.#sentBody = bytes;
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

  #writeHead(status: number, headers: readonly Header[]): void {
    // 200 is what uWebSockets.js writes by itself.
    if (status !== 200) {
      this.#response.writeStatus(`${String(status)} ${STATUS_CODES[status] ?? ''}`);
    }
    for (const [name, value] of headers) this.#response.writeHeader(name, value);
  }

  /** Corked, a slice counts as sent; that it was not is told by the next one. */
  #writePiece(text: string): boolean {
    const bytes = Buffer.from(text);
    let isSent = true;
    for (let from = 0; from < bytes.byteLength; from += STREAM_SLICE_BYTES) {
      isSent = this.#writeSlice(bytes.subarray(from, from + STREAM_SLICE_BYTES));
    }
    return isSent;
  }

  /** True also when nobody is there any more. */
  #writeSlice(slice: Uint8Array): boolean {
    let isSent = true;
    if (this.#state !== 'streaming') return isSent;
    this.#response.cork(() => {
      isSent = this.#response.write(slice);
    });
    return isSent;
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
