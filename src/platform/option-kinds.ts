/**
 * The kinds of values that options take. Each reads a text into a value, or refuses it with
 * undefined; what it takes is told in words that complete "PORT: takes …".
 */

export interface OptionKind<T> {
  readonly takes: string;
  /** Undefined: not of this kind. */
  readonly read: (text: string) => T | undefined;
}

export function wholeNumber(min: number, max: number): OptionKind<number> {
  return {
    takes: `a whole number from ${min} to ${max}`,
    read: (text) => {
      const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
      return value >= min && value <= max ? value : undefined;
    },
  };
}

/** One of some words, in any case; the value is the word as listed. */
export function oneOf<const Word extends string>(...words: Word[]): OptionKind<Word> {
  return {
    takes: words.join(', ').replace(/, ([^,]*)$/, ' or $1'),
    read: (text) => words.find((word) => word.toLowerCase() === text.toLowerCase()),
  };
}

export function trueOrFalse(): OptionKind<boolean> {
  const words = oneOf('true', 'false');
  return {
    takes: words.takes,
    read: (text) => {
      const word = words.read(text);
      return word === undefined ? undefined : word === 'true';
    },
  };
}

export function hostName(): OptionKind<string> {
  return {
    takes: 'an IP address or a host name to listen on',
    read: (text) => (/^[0-9a-zA-Z._:-]+$/.test(text) ? text : undefined),
  };
}

/** A `file:` URL as SCIMServer's users have it; the value is the path, not resolved. */
export function fileUrl(): OptionKind<string> {
  return {
    takes:
      'file: and the path of a database file (file:./data/scimlane.db, file:///data/scimlane.db)',
    read: (text) => {
      const rest = /^file:(?:\/\/(?=\/))?([^?#%\0]+)$/.exec(text)?.[1];
      if (rest === undefined || rest.startsWith('//')) return undefined;
      return /(^|\/)\.{0,2}$/.test(rest) ? undefined : rest;
    },
  };
}

/** The value is without a trailing slash. */
export function webUrl(): OptionKind<string> {
  return {
    takes: 'an http or https URL without user, query and fragment',
    read: (text) => {
      const url = URL.parse(text);
      if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
      if (url.username !== '' || url.password !== '' || /[?#]/.test(text)) return undefined;
      return url.href.replace(/\/+$/, '');
    },
  };
}

/** What can stand after `Bearer ` (RFC 6750 §2.1): other characters could never be sent. */
export function bearerToken(): OptionKind<string> {
  return {
    takes: 'letters, digits and -._~+/= only, as a bearer token',
    read: (text) => (/^[A-Za-z0-9._~+/-]+=*$/.test(text) ? text : undefined),
  };
}
