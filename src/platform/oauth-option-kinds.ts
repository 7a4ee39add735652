/** Kinds of values that only the options of OAuth take; see option-kinds.ts. */
import type { OptionKind } from './option-kinds.ts';

/** What can stand in a header, a form and a log line without escapes. */
export function clientId(): OptionKind<string> {
  return {
    takes: '1 to 255 letters, digits and -._~',
    read: (text) => (/^[A-Za-z0-9._~-]{1,255}$/.test(text) ? text : undefined),
  };
}

/** RFC 6749 Appendix A.2, without spaces: one at an end would get lost on the way. */
export function clientSecret(): OptionKind<string> {
  return {
    takes: '1 to 1024 visible ASCII characters',
    read: (text) => (/^[\x21-\x7e]{1,1024}$/.test(text) ? text : undefined),
  };
}

/** HS256 wants as many bits as its hash has (RFC 7518 §3.2). */
export function signingSecret(): OptionKind<string> {
  return {
    takes: 'at least 32 visible ASCII characters',
    read: (text) => (/^[\x21-\x7e]{32,1024}$/.test(text) ? text : undefined),
  };
}

/** Each as a URL has it: a name or an address, in lower case, with a port that is not 443. */
export function issuerHosts(): OptionKind<readonly string[]> {
  return {
    takes: 'host names, separated by commas, with a port each if not 443',
    read: (text) => {
      const hosts = text.split(',').map((host) => host.trim().toLowerCase());
      return hosts.every((host) => HOST.test(host)) ? hosts : undefined;
    },
  };
}

const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]{0,253})|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/;
