/**
 * Random JSON as text, not as values: only text can hold a key twice, `__proto__` as a key, a number
 * that no double holds, half of a surrogate pair.
 */
import type { Random } from '../support/random.ts';
import { ENTERPRISE, GROUP, USER } from '../support/entra.ts';

/** What is like a value that some rule looks for, or like nothing that any expects. */
const TEXTS = [
  ...['', ' ', 'x', 'ada', 'Ada@x.example', 'work', 'True', 'FALSE', 'null', '0', '-1', '1e999'],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'bulkId:a',
    'bulkId:',
    '*',
    '%',
    '/',
  ],
  ...[USER, GROUP, ENTERPRISE, 'urn:', 'urn:ietf:params:scim:schemas:core:2.0:'],
  ...['2024-02-30T00:00:00Z', '2024-01-01T00:00:00', '9999-12-31T23:59:59.999999+14:00', 'Z'],
  ...[
    'ß',
    'İ',
    'ﬁ',
    'e\u0301',
    '\u{1f600}',
    '\u200b',
    '\ufeff',
    '\u202e',
    '\u2028',
    '\ud7ff\uffff',
  ],
  ...[
    'a"b',
    'a\\b',
    "a'b",
    'a\u0000b',
    'a\r\nb',
    '<b>',
    "' OR 1=1 --",
    '../..',
    '[type eq "work"]',
  ],
  ...[
    'emails[type eq "work"].value',
    'name.givenName',
    'password',
    'members',
    'SGVsbG8=',
    'SGVsbG8',
  ],
] as const;

/** Escapes that JSON.stringify never writes. */
const ESCAPES = ['\\ud800', '\\udc00\\ud800', '\\u0000', '\\u005f\\u005fproto__', '\\/', '\\uFFFF'];

const NUMBERS = [
  ...['0', '-0', '1', '-1', '1.5', '1e999', '-1e999', '1e-999', '9007199254740993', '1E+2'],
  ...[
    '123456789012345678901234567890',
    '0.1e1',
    '2147483648',
    '-2147483649',
    '18446744073709551616',
  ],
];

const KEYS = [
  ...[
    'id',
    'ID',
    'schemas',
    'Schemas',
    'meta',
    'externalId',
    'userName',
    'USERNAME',
    'displayName',
  ],
  ...['name', 'name.givenName', 'active', 'emails', 'emails.value', 'emails[type eq "work"].value'],
  ...['members', 'groups', 'value', '$ref', 'type', 'primary', 'display', 'roles', 'addresses'],
  ...['x509Certificates', 'profileUrl', 'password', 'title', ENTERPRISE, `${ENTERPRISE}:manager`],
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    '',
    ' ',
    'null',
    '0',
    'urn:x',
    'a.b.c.d',
  ],
  ...[
    'op',
    'path',
    'Operations',
    'method',
    'bulkId',
    'data',
    'version',
    'filter',
    'count',
    'cursor',
  ],
] as const;

/** Any JSON, seldom deep or wide. */
export function anyJson(random: Random, depth = 3): string {
  switch (random.below(depth > 0 ? 12 : 8)) {
    case 0:
      return 'null';
    case 1:
      return random.pick(['true', 'false']);
    case 2:
      return anyNumber(random);
    case 3:
    case 4:
    case 5:
    case 6:
    case 7:
      return anyText(random);
    case 8:
    case 9:
      return jsonArray(random.below(4), () => anyJson(random, depth - 1));
    default:
      return anyObject(random, depth - 1);
  }
}

export function anyObject(random: Random, depth: number): string {
  const members: [string, string][] = [];
  for (let left = random.below(5); left > 0; left -= 1) {
    members.push([anyKey(random), anyJson(random, depth)]);
  }
  return jsonObject(members);
}

export function anyNumber(random: Random): string {
  const [first = '0', ...others] = NUMBERS;
  return random.pick([first, ...others]);
}

/** A JSON string. */
export function anyText(random: Random): string {
  const die = random.below(40);
  if (die === 0) return `"${'x'.repeat(random.below(20_000))}"`;
  if (die < 4) return `"a${ESCAPES[random.below(ESCAPES.length)] ?? ''}"`;
  return JSON.stringify(plainText(random));
}

/** A text that is not yet JSON, nor an escape of anything. */
export function plainText(random: Random): string {
  return random.pick(TEXTS);
}

/** Without quotes. */
export function anyKey(random: Random): string {
  return random.pick(KEYS);
}

export function jsonArray(length: number, element: () => string): string {
  return `[${Array.from({ length }, element).join()}]`;
}

/** @param members keys as they are, values as JSON; a key may come twice */
export function jsonObject(members: readonly (readonly [string, string])[]): string {
  return `{${members.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join()}}`;
}

/** JSON at or over the bounds of nesting, of keys, of a text, of a list. */
export function extremeJson(random: Random): string {
  const size = random.pick([10, 60, 64, 65, 100, 900, 1001, 5000]);
  switch (random.below(6)) {
    case 0:
      return `${'['.repeat(size)}${']'.repeat(size)}`;
    case 1:
      return `${'{"name":'.repeat(size)}1${'}'.repeat(size)}`;
    case 2:
      return jsonObject(Array.from({ length: size }, (_, at) => [`key${at}`, '1']));
    case 3:
      return jsonObject([
        ['schemas', JSON.stringify([USER])],
        ['userName', JSON.stringify('y'.repeat(size * 40))],
        ['emails', jsonArray(size, () => `{"value":${anyText(random)}}`)],
      ]);
    case 4:
      return '['.repeat(size);
    default:
      return `{"userName":${'9'.repeat(size)}}`;
  }
}
