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

/** A commit, a tag, a build number. */
export function revisionName(): OptionKind<string> {
  return {
    takes: 'up to 64 letters, digits, ".", "_", "+" and "-"',
    read: (text) => (/^[\w.+-]{1,64}$/.test(text) ? text : undefined),
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

/** As `1d`: a whole number of one unit. The value is in milliseconds. */
export function duration(min: string, max: string): OptionKind<number> {
  const minMs = amountOf(min, DURATION_UNITS_MS);
  const maxMs = amountOf(max, DURATION_UNITS_MS);
  return {
    takes: `a duration from ${min} to ${max} (500ms, 30s, 5m, 1h, 1d)`,
    read: (text) => within(minMs, amountOf(text, DURATION_UNITS_MS), maxMs),
  };
}

/** As `512MB`. The value is in bytes; units are powers of 1024. */
export function byteSize(min: string, max: string): OptionKind<number> {
  const minBytes = amountOf(min, SIZE_UNITS_BYTES);
  const maxBytes = amountOf(max, SIZE_UNITS_BYTES);
  return {
    takes: `a size from ${min} to ${max} (512MB, 2GB; 1KB is 1024 bytes)`,
    read: (text) => within(minBytes, amountOf(text, SIZE_UNITS_BYTES), maxBytes),
  };
}

/** What `kind` takes, or the word `off`. */
export function orOff<T>(kind: OptionKind<T>): OptionKind<T | 'off'> {
  return {
    takes: `${kind.takes}, or off`,
    read: (text) => (text.toLowerCase() === 'off' ? 'off' : kind.read(text)),
  };
}

/** A path as it is given, not resolved. */
export function filePath(): OptionKind<string> {
  return {
    takes: 'the path of a file',
    read: (text) => (/^[^\0]+$/.test(text) && !/^[a-z]+:\/\//i.test(text) ? text : undefined),
  };
}

/** A path as it is given, not resolved. */
export function folderPath(): OptionKind<string> {
  return {
    takes: 'the path of a folder (./backup, /mnt/backup)',
    // A URL would become a folder called `smb:`.
    read: (text) => (/^[^\0]+$/.test(text) && !/^[a-z]+:\/\//i.test(text) ? text : undefined),
  };
}

export function storageAccount(): OptionKind<string> {
  return {
    takes: 'the name of an Azure storage account (3 to 24 lower-case letters and digits)',
    read: (text) => (/^[a-z0-9]{3,24}$/.test(text) ? text : undefined),
  };
}

export function azureContainer(): OptionKind<string> {
  return azureName('an Azure Blob container');
}

export function azureShare(): OptionKind<string> {
  return azureName('an Azure Files share');
}

/** As the Azure portal shows it; whether its key is right only Azure can tell. */
export function connectionString(): OptionKind<string> {
  return {
    takes: 'an Azure Storage connection string (AccountName=…;AccountKey=…;EndpointSuffix=…)',
    read: (text) => {
      const parts = text.split(';').filter((part) => part !== '');
      const whole = parts.every((part) => /^[A-Za-z]+=[\x21-\x7e]+$/.test(part));
      const account = /(^|;)(AccountName|(Blob|File)Endpoint|UseDevelopmentStorage)=/i.test(text);
      return whole && account ? text : undefined;
    },
  };
}

const DURATION_UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const SIZE_UNITS_BYTES: Readonly<Record<string, number>> = {
  kb: 2 ** 10,
  mb: 2 ** 20,
  gb: 2 ** 30,
  tb: 2 ** 40,
};

/** NaN when the text is no amount of one of the units. */
function amountOf(text: string, units: Readonly<Record<string, number>>): number {
  const [, amount = '', unit = ''] = /^(\d{1,9})([a-z]+)$/i.exec(text) ?? [];
  return Number(amount) * (units[unit.toLowerCase()] ?? NaN);
}

function within(min: number, value: number, max: number): number | undefined {
  return value >= min && value <= max ? value : undefined;
}

/** Containers and shares have the same rules: 3 to 63 characters, no hyphen at an end, no two in a row. */
function azureName(of: string): OptionKind<string> {
  return {
    takes: `the name of ${of} (3 to 63 lower-case letters, digits and single hyphens)`,
    read: (text) =>
      /^[a-z0-9](-?[a-z0-9])+$/.test(text) && text.length >= 3 && text.length <= 63
        ? text
        : undefined,
  };
}
