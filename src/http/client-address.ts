/**
 * Where a request comes from, as far as that can be believed. Behind a proxy that is trusted it is
 * the last address of `X-Forwarded-For`: the one that this proxy has seen. Those before it are what
 * the client, or somebody on the way, says.
 */
import { isIPv6 } from 'node:net';

/** @param peer the address that the connection comes from */
export function clientAddress(
  forwardedFor: string | undefined,
  peer: string,
  trustProxy: boolean,
): string {
  return forwardedAddress(forwardedFor, trustProxy) ?? peer;
}

/** What a trusted proxy has seen; undefined: the peer's address counts, which costs to ask for. */
export function forwardedAddress(
  forwardedFor: string | undefined,
  trustProxy: boolean,
): string | undefined {
  if (!trustProxy || forwardedFor === undefined) return undefined;
  const last = forwardedFor.slice(forwardedFor.lastIndexOf(',') + 1).trim();
  return withoutPort(last) || undefined;
}

/**
 * What counts as one sender: of an IPv6 address its first 64 bits, because a subscriber has all
 * addresses behind them; an IPv4 address whole, however it is written.
 */
export function senderOf(address: string): string {
  const mapped = /^(?:[0:]*:ffff:)(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address.slice(0, ADDRESS_LENGTH_MAX);
  const [head = '', tail] = address.split('::');
  const groups = groupsOf(head);
  if (tail !== undefined) {
    const missing = 8 - groups.length - groupsOf(tail).length;
    groups.push(...Array<string>(Math.max(0, missing)).fill('0'), ...groupsOf(tail));
  }
  return `${groups
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}

/** What a proxy writes may be no address at all; it is kept short. */
const ADDRESS_LENGTH_MAX = 64;

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

/** `[2001:db8::1]:443` and `192.0.2.1:443`, as some proxies write them. */
function withoutPort(text: string): string {
  return /^\[([^\]]*)\]/.exec(text)?.[1] ?? text.replace(/^([^:]*):\d+$/, '$1');
}
