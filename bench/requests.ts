/**
 * HTTP requests as bytes, written once before a run: while the clock runs, the client only copies
 * them and fills in a serial number. Whatever time the client saves is time the server can use,
 * for both share this machine.
 */
import { SERIAL_DIGITS, SERIAL_MARK, serialText } from './users.ts';

export interface RequestParts {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly token?: string;
  readonly body?: string;
}

/** The whole request. Content-Length counts bytes, not characters. */
export function requestBytes(parts: RequestParts): Buffer {
  const body = Buffer.from(parts.body ?? '');
  const head = [
    `${parts.method} ${parts.path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'User-Agent: scimlane-bench',
    'Accept: application/scim+json',
    ...(parts.token === undefined ? [] : [`Authorization: Bearer ${parts.token}`]),
    ...(parts.body === undefined
      ? []
      : ['Content-Type: application/scim+json', `Content-Length: ${body.length}`]),
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}

/** A request whose bytes hold SERIAL_MARK where a serial number of the same width goes. */
export interface RequestTemplate {
  readonly bytes: Buffer;
  readonly offsets: readonly number[];
}

export function requestTemplate(parts: RequestParts): RequestTemplate {
  const bytes = requestBytes(parts);
  const offsets: number[] = [];
  for (let at = bytes.indexOf(SERIAL_MARK); at !== -1; at = bytes.indexOf(SERIAL_MARK, at + 1)) {
    offsets.push(at);
    at += SERIAL_DIGITS - 1;
  }
  return { bytes, offsets };
}

/** A fresh copy with `serial` at each mark. */
export function fillTemplate(template: RequestTemplate, serial: number): Buffer {
  const filled = Buffer.from(template.bytes);
  const digits = serialText(serial);
  for (const offset of template.offsets) filled.write(digits, offset, 'latin1');
  return filled;
}
