/**
 * Fetches the keys of another issuer: from a host that the operator allows and from nowhere else, in
 * bounded time and of bounded size. What an administrator of an endpoint writes must not make the
 * server reach into the network that it stands in.
 */
import type { OauthConfig } from '../../platform/oauth-config.ts';
import type { HttpLimits } from '../options.ts';

export type IssuerHosts = Pick<OauthConfig, 'issuerHosts' | 'loopbackIssuers'>;

export type IssuerFetchOptions = IssuerHosts &
  Pick<HttpLimits, 'issuerAnswerMs' | 'issuerAnswerBytes'>;

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** Undefined: may be fetched; else why not. */
export function issuerRefusal(
  uri: string,
  { issuerHosts, loopbackIssuers }: IssuerHosts,
): string | undefined {
  const url = URL.parse(uri);
  if (url === null) return `${JSON.stringify(uri)} is no URL`;
  if (!issuerHosts.includes(url.host)) return `OAUTH_ISSUER_HOSTS does not name ${url.host}`;
  if (url.protocol === 'https:') return undefined;
  if (url.protocol === 'http:' && loopbackIssuers && LOOPBACK.has(url.hostname)) return undefined;
  return `${url.host} must be asked by https`;
}

/**
 * The JSON that lies there.
 * @throws Error whose message says why there is none
 */
export async function fetchIssuerKeys(uri: string, options: IssuerFetchOptions): Promise<unknown> {
  const refusal = issuerRefusal(uri, options);
  if (refusal !== undefined) throw new Error(refusal);
  const response = await fetch(uri, {
    // Where it led to, nobody has allowed.
    redirect: 'error',
    headers: { Accept: 'application/json' },
    signal: AbortSignal.timeout(options.issuerAnswerMs),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`it answered ${String(response.status)}`);
  }
  return JSON.parse(await textOf(response, options.issuerAnswerBytes));
}

async function textOf(response: Response, bytesMax: number): Promise<string> {
  if (response.body === null) return '';
  const body: AsyncIterable<Uint8Array> = response.body;
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop cancels the rest.
  for await (const piece of body) {
    bytes += piece.byteLength;
    if (bytes > bytesMax) throw new Error(`its keys have more than ${String(bytesMax)} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}
