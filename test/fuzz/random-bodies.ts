/**
 * Bodies that nearly fit: what a client would send, with one thing or another replaced by anything,
 * and then perhaps with its bytes broken.
 */
import type { Random } from '../support/random.ts';
import { ENTERPRISE, GROUP, PATCH_OP, USER } from '../support/entra.ts';
import {
  anyJson,
  anyKey,
  anyNumber,
  anyObject,
  anyText,
  extremeJson,
  jsonArray,
  jsonObject,
  plainText,
} from './random-json.ts';
import { nearFilter, nearPath } from './random-filter.ts';

export type BodyKind = 'user' | 'group' | 'patch' | 'search' | 'bulk' | 'endpoint';

type Member = readonly [string, string];

const MESSAGE = 'urn:ietf:params:scim:api:messages:2.0:';

/**
 * @param ids of resources that were there once
 * @param fresh a text that no case before has used, for what must be unique
 */
export function bodyText(
  random: Random,
  kind: BodyKind,
  ids: readonly string[],
  fresh: string,
): string {
  const die = random.below(30);
  if (die === 0) return extremeJson(random);
  if (die === 1) return anyJson(random, 5);
  const maker = { random, ids, fresh };
  switch (kind) {
    case 'user':
      return user(maker);
    case 'group':
      return group(maker);
    case 'patch':
      return patch(maker);
    case 'search':
      return search(maker);
    case 'bulk':
      return bulk(maker);
    case 'endpoint':
      return endpoint(maker);
  }
}

/** Bytes of the text, in one case of eight broken. */
export function bodyBytes(random: Random, text: string): Buffer {
  const bytes = Buffer.from(text);
  if (random.below(8) > 0) return bytes;
  const place = random.below(bytes.length + 1);
  const noise = Buffer.from(Array.from({ length: 1 + random.below(12) }, () => random.below(256)));
  switch (random.below(7)) {
    case 0:
      return bytes.subarray(0, place);
    case 1:
      return Buffer.concat([bytes.subarray(0, place), noise, bytes.subarray(place)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + noise.length)]);
    case 3: {
      const changed = Buffer.from(bytes);
      if (changed.length > 0) changed[place % changed.length] = random.below(256);
      return changed;
    }
    case 4:
      return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]);
    case 5:
      return Buffer.from(text, 'utf16le');
    default:
      return noise;
  }
}

interface Maker {
  readonly random: Random;
  readonly ids: readonly string[];
  readonly fresh: string;
}

/** Mostly the value, sometimes anything instead. */
function or({ random }: Maker, value: string): string {
  return random.below(30) === 0 ? anyJson(random) : value;
}

/** Some of the members, sometimes one more, one twice, in another order. */
function object(maker: Maker, required: readonly Member[], optional: readonly Member[]): string {
  const { random } = maker;
  const members = required.filter(() => random.below(40) > 0);
  for (const member of optional) if (random.below(4) === 0) members.push(member);
  if (random.below(5) === 0) members.push([anyKey(random), anyJson(random)]);
  if (random.below(15) === 0) members.push(...members.slice(0, 1));
  if (random.below(6) === 0) members.reverse();
  return jsonObject(members.map(([key, value]) => [key, or(maker, value)]));
}

function anyId({ random, ids }: Maker): string {
  const known = ids[random.below(ids.length)];
  return random.below(6) === 0 || known === undefined ? plainText(random) : known;
}

function id(maker: Maker): string {
  return JSON.stringify(anyId(maker));
}

function element(maker: Maker): string {
  const { random } = maker;
  const optional: Member[] = [
    ['type', JSON.stringify(random.pick(['work', 'home', 'Work', plainText(random)]))],
    ['primary', random.pick(['true', 'false', '"True"'])],
    ['display', anyText(random)],
    ['$ref', id(maker)],
  ];
  return object(maker, [['value', anyText(random)]], optional);
}

function elements(maker: Maker): string {
  return jsonArray(maker.random.below(4), () => element(maker));
}

function user(maker: Maker): string {
  const { random, fresh } = maker;
  const name = random.below(10) === 0 ? anyText(random) : JSON.stringify(`fuzz-${fresh}`);
  const schemas = random.pick([[USER], [USER, ENTERPRISE], [USER, plainText(random)], [GROUP]]);
  const required: Member[] = [
    ['schemas', JSON.stringify(schemas)],
    ['userName', name],
  ];
  const text = (): string => anyText(random);
  // Few: a password costs a fifth of a second.
  const secret: Member[] = random.below(400) === 0 ? [['password', text()]] : [];
  return object(maker, required, [
    ...secret,
    ['externalId', text()],
    ['id', id(maker)],
    ['displayName', text()],
    ['active', random.pick(['true', 'false', '"True"', '"no"'])],
    ['name', object(maker, [['givenName', text()]], [['familyName', text()]])],
    ['name.givenName', text()],
    ['profileUrl', text()],
    ['emails', elements(maker)],
    ['phoneNumbers', elements(maker)],
    ['addresses', jsonArray(random.below(3), () => object(maker, [], [['locality', text()]]))],
    ['x509Certificates', jsonArray(1, () => object(maker, [['value', '"SGVsbG8="']], []))],
    ['roles', elements(maker)],
    ['groups', elements(maker)],
    ['meta', anyObject(random, 2)],
    [ENTERPRISE, object(maker, [['department', text()]], [['manager', text()]])],
    [`${ENTERPRISE}:department`, text()],
  ]);
}

function group(maker: Maker): string {
  const { random, fresh } = maker;
  const members = jsonArray(random.below(5), () => object(maker, [['value', id(maker)]], []));
  return object(
    maker,
    [
      ['schemas', JSON.stringify([GROUP])],
      ['displayName', random.below(10) === 0 ? anyText(random) : JSON.stringify(`group ${fresh}`)],
    ],
    [
      ['members', members],
      ['members', elements(maker)],
      ['externalId', anyText(random)],
    ],
  );
}

function patch(maker: Maker): string {
  const { random } = maker;
  const operation = (): string => {
    const op = random.pick(['add', 'replace', 'remove', 'Add', 'Replace', 'Remove', 'move']);
    const value = random.pick([
      anyJson(random),
      elements(maker),
      element(maker),
      user(maker),
      jsonArray(2, () => jsonObject([['value', id(maker)]])),
    ]);
    const required: Member[] = [['op', JSON.stringify(op)]];
    return object(maker, random.below(4) === 0 ? required : [...required, ['value', value]], [
      ['path', JSON.stringify(nearPath(random))],
      ['path', JSON.stringify(nearPath(random))],
      ['path', JSON.stringify(nearPath(random))],
    ]);
  };
  return object(
    maker,
    [
      ['schemas', JSON.stringify([PATCH_OP])],
      ['Operations', jsonArray(random.below(4), operation)],
    ],
    [],
  );
}

function search(maker: Maker): string {
  const { random } = maker;
  const names = jsonArray(random.below(3), () => JSON.stringify(nearPath(random)));
  return object(
    maker,
    [['schemas', JSON.stringify([`${MESSAGE}SearchRequest`])]],
    [
      ['filter', JSON.stringify(nearFilter(random))],
      ['filter', JSON.stringify(nearFilter(random))],
      ['sortBy', JSON.stringify(nearPath(random))],
      ['sortOrder', JSON.stringify(random.pick(['ascending', 'descending', 'up']))],
      ['startIndex', anyNumber(random)],
      ['count', random.pick(['3', anyNumber(random)])],
      ['attributes', names],
      ['excludedAttributes', names],
      ['cursor', random.pick(['""', anyText(random)])],
    ],
  );
}

function bulk(maker: Maker): string {
  const { random, fresh } = maker;
  const operations = Array.from({ length: random.below(6) }, (_, at) => {
    const inner = { ...maker, fresh: `${fresh}-${at}` };
    const [method, path, data] = random.pick([
      ['POST', '/Users', user(inner)],
      ['POST', '/Groups', group(inner)],
      ['PUT', `/Users/${anyId(maker)}`, user(inner)],
      ['PATCH', `/Groups/${anyId(maker)}`, patch(inner)],
      ['PATCH', `/Users/bulkId:b${random.below(6)}`, patch(inner)],
      ['DELETE', `/Users/${anyId(maker)}`, 'null'],
      [plainText(random), plainText(random), anyJson(random)],
    ]);
    const required: Member[] = [
      ['method', JSON.stringify(method)],
      ['path', JSON.stringify(path)],
      ['bulkId', JSON.stringify(`b${random.below(12) === 0 ? 0 : at}`)],
      ['data', data],
    ];
    return object(inner, required, [['version', anyText(random)]]);
  });
  return object(
    maker,
    [
      ['schemas', JSON.stringify([`${MESSAGE}BulkRequest`])],
      ['Operations', `[${operations.join()}]`],
    ],
    [['failOnErrors', anyNumber(random)]],
  );
}

function endpoint(maker: Maker): string {
  const { random, fresh } = maker;
  const attribute = (): string =>
    object(
      maker,
      [
        ['name', JSON.stringify(random.pick(['size', 'value', '$ref', plainText(random)]))],
        ['type', JSON.stringify(random.pick(['string', 'complex', 'decimal', 'odd']))],
        ['multiValued', random.pick(['true', 'false'])],
      ],
      [
        ['mutability', JSON.stringify(random.pick(['readWrite', 'immutable', 'never']))],
        ['uniqueness', JSON.stringify(random.pick(['none', 'server', 'global']))],
        ['subAttributes', jsonArray(1, () => anyObject(random, 2))],
      ],
    );
  const schemas = jsonArray(random.below(3), () =>
    object(
      maker,
      [
        ['id', JSON.stringify(random.pick([USER, 'urn:fuzz:one', plainText(random)]))],
        ['name', JSON.stringify('Fuzz')],
        ['attributes', jsonArray(random.below(3), attribute)],
      ],
      [],
    ),
  );
  const config = object(
    maker,
    [],
    [
      ['preset', JSON.stringify(random.pick(['rfc-strict', 'entra', 'x']))],
      ['schemas', schemas],
      ['resourceTypes', jsonArray(random.below(2), () => anyObject(random, 2))],
      ['unknownAttributes', random.pick(['"keep"', '"refuse"', '1'])],
    ],
  );
  return object(
    maker,
    [['name', JSON.stringify(`fuzz-${fresh}`)]],
    [
      ['config', config],
      ['displayName', anyText(random)],
      ['active', random.pick(['true', 'false', 'null'])],
    ],
  );
}
