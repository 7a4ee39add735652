/** Paths and queries: those there are, those that nearly are, and bytes that are neither. */
import type { Random } from '../support/random.ts';
import { nearFilter, nearPath } from './random-filter.ts';
import { anyNumber, plainText } from './random-json.ts';

/** What a path may hold that the server has told. */
export interface Known {
  /** Whole paths: `/scim/v2/Users/{id}`. */
  readonly resources: readonly string[];
  readonly cursors: readonly string[];
  /** Ids of endpoints that may come to harm. */
  readonly endpoints: readonly string[];
}

/** Endpoints of other settings, for the storm to act on. */
export const STORM_ENDPOINTS = [
  { name: 'fuzz-strict', preset: 'rfc-strict' },
  { name: 'fuzz-keep', config: { unknownAttributes: 'keep', unknownMember: 'keep' } },
];

/** URL forms of one endpoint, other endpoints, and such as lead nowhere. */
const ROOTS = [
  ...['/scim/v2', '/scim/v2', '/scim/v2', '/scim', '/scim/endpoints/default'],
  ...[
    '/scim/v2/endpoints/default',
    '/scim/endpoints/nobody',
    '/scim/endpoints/fuzz-strict',
    '/scim/endpoints/fuzz-strict',
    '/scim/endpoints/fuzz-keep',
    '/scim/v2/endpoints/fuzz-keep',
    '/scim/v3',
    '',
  ],
] as const;

const TYPES = ['Users', 'Users', 'Groups', 'users', 'Nothing', 'Schemas', 'ResourceTypes'] as const;

const OPERATIONS = [
  ...['/health/live', '/health/ready', '/metrics', '/scim/admin/backup/stats'],
  ...['/scim/admin/backup/snapshots', '/scim/admin/backup/restore-points', '/api/backup/status'],
  ...['/scim/admin/database/statistics', '/scim/admin/presets', '/scim/admin/presets/entra'],
  ...['/scim/admin/endpoints', '/scim/admin/endpoints/by-name/default', '/scim/admin', '/', '/api'],
] as const;

const QUERY_NAMES = [
  ...['filter', 'filter', 'filter', 'sortBy', 'sortOrder', 'startIndex', 'count', 'count'],
  ...['attributes', 'excludedAttributes', 'cursor', 'FILTER', 'x', '', '__proto__'],
] as const;

/** The root of the default endpoint, in any of its forms. */
export function anyRoot(random: Random): string {
  return random.below(3) === 0 ? random.pick(ROOTS) : '/scim/v2';
}

/** The path of a resource that was there once, or of none. */
export function anyResource(random: Random, { resources }: Known): string {
  const known = resources[random.below(resources.length)];
  if (random.below(8) > 0 && known !== undefined) return known;
  return `${anyRoot(random)}/${random.pick(TYPES)}/${encoded(random, plainText(random))}`;
}

/** A path of any kind. */
export function anyPath(random: Random, known: Known): string {
  switch (random.below(8)) {
    case 0:
      return random.pick(OPERATIONS);
    case 1:
      return anyRoot(random) + random.pick(['/Me', '/Bulk', '/.search', '/Users/.search', '']);
    case 2:
      return (
        anyRoot(random) + random.pick(['/ServiceProviderConfig', '/Schemas', '/ResourceTypes'])
      );
    case 3:
      return `${anyRoot(random)}/Schemas/${encoded(random, plainText(random))}`;
    case 4:
      return spoiledPath(random, anyResource(random, known));
    case 5:
      return anyEndpoint(random, known);
    default:
      return `${anyRoot(random)}/${random.pick(TYPES)}`;
  }
}

export function anyEndpoint(random: Random, { endpoints }: Known): string {
  const id = endpoints[random.below(endpoints.length)] ?? 'nobody';
  return `/scim/admin/endpoints/${id}${random.pick(['', '', '/stats', '/x'])}`;
}

/** With its question mark; '' in some cases. */
export function anyQuery(random: Random, known: Known): string {
  const parts: string[] = [];
  for (let left = random.below(4); left > 0; left -= 1) {
    const name = random.pick(QUERY_NAMES);
    const text = queryValue(random, name, known);
    const value = random.below(20) === 0 ? rawValue(random) : encoded(random, text);
    parts.push(random.below(30) === 0 ? name : `${name}=${value}`);
  }
  if (parts.length === 0) return random.pick(['', '?', '?&&=']);
  return `?${parts.join('&')}`;
}

function queryValue(random: Random, name: string, known: Known): string {
  if (random.below(25) === 0) return plainText(random);
  switch (name) {
    case 'filter':
      return nearFilter(random);
    case 'sortBy':
      return nearPath(random);
    case 'sortOrder':
      return random.pick(['ascending', 'descending', 'DESCENDING', 'up', '']);
    case 'startIndex':
    case 'count':
      return random.pick(['0', '1', '2', '-3', 'abc', '', '1e3', anyNumber(random)]);
    case 'cursor':
      return anyCursor(random, known);
    default:
      return [nearPath(random), nearPath(random)].slice(random.below(2)).join();
  }
}

/** The first page, a cursor of some query, or one with a letter changed. */
function anyCursor(random: Random, { cursors }: Known): string {
  const cursor = cursors[random.below(cursors.length)];
  if (cursor === undefined || random.below(3) === 0) return '';
  if (random.below(2) === 0) return cursor;
  const place = random.below(cursor.length);
  const letter = random.pick(['A', 'b', '7', '-', '_', '~', '.', '']);
  return cursor.slice(0, place) + letter + cursor.slice(place + 1);
}

/** Percent-encoded in one of the ways there are; lone surrogates, which have none, are left out. */
function encoded(random: Random, text: string): string {
  const sound = encodeURIComponent(text.toWellFormed());
  return random.below(2) === 0 ? sound : sound.replaceAll('%20', '+').replaceAll('%22', '"');
}

/** Broken escapes, and letters that HTTP allows in a target but URLs do not. */
function rawValue(random: Random): string {
  return random.pick(['%', '%zz', '%ff%fe', '%00', '%ed%a0%80', '%c0%af', '{"a":[1]}', '|^`', "'"]);
}

/** It still begins with a slash, as HTTP has it (RFC 9112 §3.2.1). */
function spoiledPath(random: Random, path: string): string {
  const place = random.below(path.length) + 1;
  const debris = random.pick([
    '/',
    '//',
    '.',
    '..',
    '%2f',
    '%00',
    '%',
    ';a=b',
    '\\',
    ':',
    '%e2%82',
    '*',
  ]);
  return `${path.slice(0, place)}${debris}${path.slice(place + random.below(2))}`;
}
