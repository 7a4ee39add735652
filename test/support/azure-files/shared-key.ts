/**
 * Whether a request is signed with the account's key, computed from the received request alone, as
 * the page "Authorize with Shared Key" prescribes for versions from 2015-02-21 on.
 */
import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export interface SignedRequest {
  readonly method: string;
  /** Path and query, as they came. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Account {
  readonly name: string;
  /** Base64. */
  readonly key: string;
}

/** "Specifying the Authorization header": `SharedKey <account>:<signature>`. */
export function isSignedBy(account: Account, request: SignedRequest): boolean {
  const expected = `SharedKey ${account.name}:${signatureOf(account, request)}`;
  return request.headers.authorization === expected;
}

/** "Encoding the signature". */
export function signatureOf(account: Account, request: SignedRequest): string {
  return createHmac('sha256', Buffer.from(account.key, 'base64'))
    .update(stringToSign(account.name, request), 'utf8')
    .digest('base64');
}

/** "Blob, Queue, and File Services (Shared Key authorization)". */
function stringToSign(account: string, { method, url, headers }: SignedRequest): string {
  // "Content-Length header in version 2015-02-21 and later": zero is the empty string.
  const length = headers['content-length'];
  const standard = [
    method.toUpperCase(),
    headers['content-encoding'],
    headers['content-language'],
    length === '0' ? '' : length,
    headers['content-md5'],
    headers['content-type'],
    headers.date,
    headers['if-modified-since'],
    headers['if-match'],
    headers['if-none-match'],
    headers['if-unmodified-since'],
    headers.range,
  ];
  const lines = standard.map((value) => `${String(value ?? '')}\n`).join('');
  return lines + canonicalizedHeaders(headers) + canonicalizedResource(account, url);
}

/** "Constructing the canonicalized headers string". */
function canonicalizedHeaders(headers: IncomingHttpHeaders): string {
  return Object.keys(headers)
    .filter((name) => name.startsWith('x-ms-'))
    .sort()
    .map((name) => `${name}:${String(headers[name]).replace(/\s+/g, ' ').trim()}\n`)
    .join('');
}

/** "Constructing the canonicalized resource string", shared key format for 2009-09-19 and later. */
function canonicalizedResource(account: string, url: string): string {
  const [path = '', query = ''] = url.split('?');
  const parameters = query
    .split('&')
    .filter((parameter) => parameter !== '')
    .map((parameter) => {
      const [name = '', ...value] = parameter.split('=');
      return `\n${name.toLowerCase()}:${decodeURIComponent(value.join('='))}`;
    })
    .sort();
  return `/${account}${path}${parameters.join('')}`;
}
