/** Filters and paths that parse, and such that nearly do. */
import type { Random } from '../support/random.ts';
import { ENTERPRISE, USER } from '../support/entra.ts';
import { anyNumber, anyText, plainText } from './random-json.ts';

const ATTRIBUTES = [
  ...['userName', 'USERNAME', 'displayName', 'name', 'name.familyName', 'emails', 'emails.value'],
  ...[
    'active',
    'meta.lastModified',
    'meta.resourceType',
    'id',
    'externalId',
    'groups.value',
    'title',
  ],
  ...[
    'members',
    'members.value',
    'addresses',
    'x509Certificates',
    'x509Certificates.value',
    'roles',
  ],
  ...[`${ENTERPRISE}:department`, `${ENTERPRISE}:manager.value`, `${USER}:userName`, ENTERPRISE],
  ...['password', 'schemas', 'nobody', 'name.', '.name', 'a.b.c', 'urn:x:y', '__proto__', '$ref'],
] as const;

const OPERATORS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'EQ', 'xx', '='] as const;

const INNER = ['value', 'type', 'primary', 'display', 'emails.value', '$ref', 'nobody'] as const;

/** What may stand between the words by mistake. */
const DEBRIS = [
  '(',
  ')',
  '[',
  ']',
  '"',
  ' ',
  ' and ',
  ' or ',
  ' not ',
  '.',
  ':',
  '\\',
  '\u0000',
  ' pr',
];

/** A filter as text, not encoded; one of six has lost or gained something. */
export function nearFilter(random: Random): string {
  if (random.below(60) === 0) return '('.repeat(random.below(60)) + comparison(random, 'userName');
  if (random.below(60) === 0) return chain(random);
  const text = node(random, 3);
  return random.below(6) === 0 ? spoiled(random, text) : text;
}

/** A path of a PATCH, of a sort or of a projection. */
export function nearPath(random: Random): string {
  const attribute = random.pick(ATTRIBUTES);
  const text = random.pick([
    attribute,
    attribute,
    `${attribute}[${node(random, 1, INNER)}]`,
    `${attribute}[${comparison(random, random.pick(INNER))}].value`,
    `emails[type eq "work"].value`,
    `members[value eq ${anyText(random)}]`,
    plainText(random),
  ]);
  return random.below(10) === 0 ? spoiled(random, text) : text;
}

function node(random: Random, depth: number, names: readonly string[] = ATTRIBUTES): string {
  const name = names[random.below(names.length)] ?? 'userName';
  if (depth === 0) return comparison(random, name);
  const inner = (): string => node(random, depth - 1, names);
  switch (random.below(8)) {
    case 0:
      return `${inner()} and ${inner()}`;
    case 1:
      return `${inner()} or ${inner()}`;
    case 2:
      return `not (${inner()})`;
    case 3:
      return `(${inner()})`;
    case 4:
      return `${name}[${node(random, depth - 1, INNER)}]`;
    case 5:
      return `${name} pr`;
    default:
      return comparison(random, name);
  }
}

function comparison(random: Random, name: string): string {
  const value = random.pick([
    anyText(random),
    anyText(random),
    anyNumber(random),
    'true',
    'null',
    '"2024-01-01T00:00:00Z"',
  ]);
  return `${name} ${random.pick(OPERATORS)} ${value.slice(0, 2000)}`;
}

/** Wide, at the bounds of nodes and of length. */
function chain(random: Random): string {
  const length = random.pick([50, 499, 500, 1001]);
  return Array.from({ length }, (_, at) => `id eq "${at}"`).join(' or ');
}

function spoiled(random: Random, text: string): string {
  const place = random.below(text.length + 1);
  const debris = DEBRIS[random.below(DEBRIS.length)] ?? '';
  const skipped = random.below(4);
  return text.slice(0, place) + debris + text.slice(place + skipped);
}
