/**
 * The body of a request: bounded while it arrives, strict UTF-8 over the whole of it (a character
 * may be split between chunks), JSON of bounded shape. Nothing here throws into native code.
 */
import { badRequest } from '../scim/errors.ts';
import type { JsonValue } from '../scim/json.ts';
import { bulkTooLarge } from '../scim/messages/bulk-request.ts';
import type { AdmitBytes } from './admission.ts';
import type { Exchange } from './exchange.ts';
import type { RequestHeaders } from './header-guard.ts';
import { HttpError } from './http-error.ts';
import { type ShapeLimits, excessOf } from '../scim/json-shape.ts';
import { type BodyLimits, bulkLimits } from './options.ts';
import type { Route } from './routes.ts';
import { decodeUtf8 } from './utf8.ts';

/** U+FEFF in UTF-8 begins so. */
const BOM_FIRST = 0xef;

export interface ReceivedBody {
  readonly text: string;
  readonly bytes: number;
  /** As it came, where that was to be kept. */
  readonly raw: Uint8Array | undefined;
}

/** Content-Length, or undefined for a chunked body. uWebSockets.js lets only digits through. */
export function declaredBytes(headers: RequestHeaders): number | undefined {
  const length = headers.get('content-length');
  return length === undefined ? undefined : Number(length);
}

/** Whether one comes with the request (RFC 9112 §6.3). */
export function hasBody(headers: RequestHeaders): boolean {
  return headers.get('transfer-encoding') !== undefined || (declaredBytes(headers) ?? 0) > 0;
}

/** How large a body may be, and what is said of one that is larger. */
export interface BodyBound {
  readonly bytesMax: number;
  readonly detail: string;
}

export class BodyBounds {
  readonly #ofOne: BodyBound;
  readonly #ofBulk: BodyBound;
  readonly #ofToken: BodyBound;

  constructor(limits: BodyLimits) {
    const bytesMax = limits.bodyBytes;
    this.#ofOne = { bytesMax, detail: `the body is larger than ${String(bytesMax)} bytes` };
    this.#ofBulk = { bytesMax, detail: bulkTooLarge(bulkLimits(limits)) };
    const { tokenRequestBytes } = limits;
    this.#ofToken = {
      bytesMax: tokenRequestBytes,
      detail: `the body is larger than ${String(tokenRequestBytes)} bytes`,
    };
  }

  of({ kind }: Route): BodyBound {
    if (kind === 'oauthToken') return this.#ofToken;
    return kind === 'bulk' ? this.#ofBulk : this.#ofOne;
  }
}

/** 413 (RFC 7644 §3.12); the connection closes, because the rest of the body is not read. */
export function bodyTooLarge({ detail }: BodyBound): HttpError {
  return new HttpError(413, detail, { closesConnection: true });
}

/**
 * Receives the whole body. To be called before the native handler returns.
 * @param rawBytesMax what is not larger is kept as it came, too
 * @throws ScimError 400 invalidSyntax for broken UTF-8, 413 over the limit, what `admitBytes` says
 * @throws ClientGone
 */
export function receiveBody(
  exchange: Exchange,
  bound: BodyBound,
  admitBytes: AdmitBytes,
  rawBytesMax: number,
): Promise<ReceivedBody> {
  return new Promise((resolve, reject) => {
    const pieces: Uint8Array[] = [];
    let bytes = 0;

    const finish = (whole: Uint8Array): void => {
      const text = decodeUtf8(whole);
      // Copied, because a chunk is gone when its callback returns. A mark of byte order stays no
      // part of the text, which the decoder has taken off.
      const raw = bytes <= rawBytesMax && whole[0] !== BOM_FIRST ? Buffer.from(whole) : undefined;
      if (text === undefined) reject(badRequest('invalidSyntax', 'the body is not valid UTF-8'));
      else resolve({ text, bytes, raw });
    };

    const onChunk = (chunk: ArrayBuffer, isLast: boolean): void => {
      bytes += chunk.byteLength;
      const refusal = bytes > bound.bytesMax ? bodyTooLarge(bound) : admitBytes(bytes);
      if (refusal !== undefined) {
        exchange.interrupt(refusal);
        reject(refusal);
      } else if (isLast && pieces.length === 0) {
        // Nearly always the body comes in one piece: decoded where it lies.
        finish(new Uint8Array(chunk));
      } else {
        pieces.push(new Uint8Array(chunk.slice(0)));
        if (isLast) finish(Buffer.concat(pieces));
      }
    };

    exchange.receive(onChunk, reject);
  });
}

/**
 * Everything behind may recurse over the value without fear for the stack.
 * @throws ScimError 400 invalidSyntax, one line that says where when the parser does
 */
export function parseJsonBody(text: string, limits: ShapeLimits): JsonValue {
  if (text.trim() === '')
    throw badRequest('invalidSyntax', 'the body is empty; send a JSON object');
  const excess = excessOf(text, limits);
  if (excess !== undefined) throw badRequest('invalidSyntax', `the body ${excess}`);
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    // The parser's message quotes the body; only the position is taken from it.
    const position = error instanceof Error ? /at position (\d+)/.exec(error.message)?.[1] : '';
    const where = position === undefined || position === '' ? '' : ` (at character ${position})`;
    throw badRequest('invalidSyntax', `the body is not valid JSON${where}`);
  }
}
