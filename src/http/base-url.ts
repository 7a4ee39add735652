/**
 * The origin that locations begin with, as the client sees it: what the operator says, else what a
 * trusted proxy says, else the Host header. It ends up in headers and stored nowhere, so it is
 * checked here, once: a host and a port, no other characters.
 */
import { badRequest } from '../scim/errors.ts';
import type { RequestHeaders } from './header-guard.ts';

export interface BaseUrlOptions {
  /** Without trailing slash; wins over anything a request says. */
  readonly publicUrl: string | undefined;
  /** Believe `X-Forwarded-Proto` and `X-Forwarded-Host`. */
  readonly trustProxy: boolean;
  /** Given: this server speaks TLS itself. */
  readonly tls?: object | undefined;
}

/** A name, an IPv4 address or an IPv6 address in brackets, with an optional port. */
const AUTHORITY = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,253})|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;

/**
 * `https://scim.example.com`, without trailing slash.
 * @throws ScimError 400 for a host that is none
 */
export function baseUrl(headers: RequestHeaders, options: BaseUrlOptions): string {
  if (options.publicUrl !== undefined) return options.publicUrl;
  const own = options.tls === undefined ? 'http' : 'https';
  if (!options.trustProxy) return `${own}://${authority('Host', headers.get('host'))}`;
  const host = first(headers.get('x-forwarded-host'));
  return `${scheme(headers, own)}://${
    host === undefined
      ? authority('Host', headers.get('host'))
      : authority('X-Forwarded-Host', host)
  }`;
}

function scheme(headers: RequestHeaders, own: 'http' | 'https'): 'http' | 'https' {
  const forwarded = first(headers.get('x-forwarded-proto'))?.toLowerCase() ?? own;
  if (forwarded === 'http' || forwarded === 'https') return forwarded;
  throw badRequest('invalidValue', 'the header X-Forwarded-Proto takes http or https');
}

function authority(name: string, value: string | undefined): string {
  if (value !== undefined && AUTHORITY.test(value)) return value;
  throw badRequest('invalidValue', `the header ${name} takes a host name with an optional port`);
}

/** Each proxy of a chain appends; the first value is what the client asked for. */
function first(list: string | undefined): string | undefined {
  return list?.split(',')[0]?.trim();
}
