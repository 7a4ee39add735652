/**
 * The body of a request: bounded while it arrives, strict UTF-8 over the whole of it (a character
 * may be split between chunks), JSON of bounded depth. Nothing here throws into native code.
 */
import { badRequest } from '../scim/errors.ts';
import type { JsonValue } from '../scim/json.ts';
import type { AdmitBytes } from './admission.ts';
import type { Exchange } from './exchange.ts';
import type { RequestHeaders } from './header-guard.ts';
import { HttpError } from './http-error.ts';

export interface ReceivedBody {
  readonly text: string;
  readonly bytes: number;
}

/** Content-Length, or undefined for a chunked body. uWebSockets.js lets only digits through. */
export function declaredBytes(headers: RequestHeaders): number | undefined {
  const length = headers.get('content-length');
  return length === undefined ? undefined : Number(length);
}

/** 413 (RFC 7644 §3.12); the connection closes, because the rest of the body is not read. */
export function bodyTooLarge(bodyBytesMax: number): HttpError {
  return new HttpError(413, `the body is larger than ${String(bodyBytesMax)} bytes`, {
    closesConnection: true,
  });
}

/**
 * Receives the whole body. To be called before the native handler returns.
 * @throws ScimError 400 invalidSyntax for broken UTF-8, 413 over the limit, what `admitBytes` says
 * @throws ClientGone
 */
export function receiveBody(
  exchange: Exchange,
  bodyBytesMax: number,
  admitBytes: AdmitBytes,
): Promise<ReceivedBody> {
  return new Promise((resolve, reject) => {
    const pieces: Uint8Array[] = [];
    let bytes = 0;

    const finish = (whole: ArrayBuffer | Uint8Array): void => {
      const text = decodeUtf8(whole);
      if (text === undefined) reject(badRequest('invalidSyntax', 'the body is not valid UTF-8'));
      else resolve({ text, bytes });
    };

    const onChunk = (chunk: ArrayBuffer, isLast: boolean): void => {
      bytes += chunk.byteLength;
      const refusal = bytes > bodyBytesMax ? bodyTooLarge(bodyBytesMax) : admitBytes(bytes);
      if (refusal !== undefined) {
        exchange.interrupt(refusal);
        reject(refusal);
      } else if (isLast && pieces.length === 0) {
        // Nearly always the body comes in one piece: decoded where it lies.
        finish(chunk);
      } else {
        pieces.push(new Uint8Array(chunk.slice(0)));
        if (isLast) finish(Buffer.concat(pieces));
      }
    };

    exchange.receive(onChunk, reject);
  });
}

/**
 * @throws ScimError 400 invalidSyntax, one line that says where when the parser does
 */
export function parseJsonBody(text: string, depthMax: number): JsonValue {
  if (text.trim() === '')
    throw badRequest('invalidSyntax', 'the body is empty; send a JSON object');
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (error) {
    // The parser's message quotes the body; only the position is taken from it.
    const position = error instanceof Error ? /at position (\d+)/.exec(error.message)?.[1] : '';
    const where = position === undefined || position === '' ? '' : ` (at character ${position})`;
    throw badRequest('invalidSyntax', `the body is not valid JSON${where}`);
  }
  checkDepth(value, depthMax, depthMax);
  return value;
}

function decodeUtf8(bytes: ArrayBuffer | Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Everything behind this line may recurse over the body without fear for the stack. */
function checkDepth(value: JsonValue, levels: number, depthMax: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (levels === 0) {
    throw badRequest('invalidSyntax', `the body is nested deeper than ${String(depthMax)} levels`);
  }
  const children = Array.isArray(value) ? value : Object.values(value);
  for (const child of children) checkDepth(child, levels - 1, depthMax);
}
