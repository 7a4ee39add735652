import fc from 'fast-check';
import t from 'tap';
import { CORE_PROFILE } from '../../scim/schema/core.ts';
import type { JsonValue } from '../../scim/json.ts';
import type { Profile } from '../../scim/schema/registry.ts';
import { maskBody, maskQuery, maskRequestHeaders, withoutCredential } from './masks.ts';
import { SecretNames } from './secret-names.ts';

const LIMITS = {
  logBodyChars: 2000,
  logMaskedChars: 4000,
  jsonDepth: 64,
  jsonObjectKeys: 1000,
  jsonNames: 10_000,
};
const SECRET = 'S3CRET-VALUE';

const [user] = CORE_PROFILE.schemas;
const [userName] = user?.attributes ?? [];
if (user === undefined || userName === undefined) throw new Error('User has attributes');
const sub = { ...userName, name: 'value', returned: 'never' as const };
/** A secret that does not look so, and one inside of a complex attribute. */
const PROFILE: Profile = {
  ...CORE_PROFILE,
  schemas: [
    ...CORE_PROFILE.schemas,
    {
      ...user,
      id: 'urn:acme:User',
      attributes: [
        { ...userName, name: 'pin', returned: 'never' },
        { ...userName, name: 'badge', type: 'complex', subAttributes: [sub] },
      ],
    },
  ],
};
const names = new SecretNames(PROFILE);

const inAnyCase = (name: string): fc.Arbitrary<string> =>
  fc.array(fc.boolean(), { minLength: name.length, maxLength: name.length }).map((upper) =>
    name
      .split('')
      .map((char, at) => (upper[at] === true ? char.toUpperCase() : char))
      .join(''),
  );
const secretName = fc
  .constantFrom(
    'password',
    'pin',
    'badge',
    'clientSecret',
    'access_token',
    'api-key',
    'urn:ietf:params:scim:schemas:core:2.0:User:password',
    'urn:acme:User:pin',
    'badge.value',
  )
  .chain(inAnyCase);
const noise = fc.jsonValue({ maxDepth: 2 });
/** Wherever a secret may stand in a body. */
const holder = fc.oneof(
  fc
    .tuple(secretName, fc.constantFrom<unknown>(SECRET, [SECRET], { a: SECRET }, { value: SECRET }))
    .map(([name, value]): unknown => ({ userName: 'ada', [name]: value })),
  fc.tuple(secretName, fc.boolean()).map(([path, first]): unknown => ({
    Operations: [
      first
        ? { value: SECRET, op: 'Replace', path }
        : { op: 'add', path, VALUE: { value: SECRET } },
    ],
  })),
  fc.constantFrom<unknown>(
    { Operations: [{ op: 'remove', path: `badge[value eq "${SECRET}"]` }] },
    { Operations: [{ op: 'replace', value: { badge: { value: SECRET } } }] },
    { filter: `password eq "${SECRET}"` },
    { filter: `password eq ${SECRET}` },
    { filter: `pin eq '${SECRET}'` },
    { filter: `"pin eq ${SECRET}` },
    { Operations: [{ op: 'remove', path: `password[value eq ${SECRET}]` }] },
    { Operations: [{ method: 'GET', path: `/Users?filter=p%61ssword%20eq%20${SECRET}%zz` }] },
    { Operations: [{ method: 'GET', path: `/Users?filter=pin+eq+%22${SECRET}%22` }] },
    { Operations: [{ method: 'GET', path: `/Users?filter=%70in%20eq%20'${SECRET}'` }] },
    { filter: `userName eq "a" and urn:acme:User:pin sw "${SECRET}` },
  ),
);
const body = fc
  .tuple(holder, noise, fc.boolean())
  .map(([held, other, inBulk]): unknown =>
    inBulk
      ? { Operations: [{ method: 'POST', path: '/Users', data: held }, { other }] }
      : [held, other],
  );

t.test('no secret of a body is left, wherever it stands', (t) => {
  fc.assert(
    fc.property(body, fc.boolean(), fc.nat(3), (value, isParsed, cutBy) => {
      const text = escaped(JSON.stringify(value), cutBy);
      const masked = maskBody(
        text,
        isParsed ? (JSON.parse(text) as JsonValue) : undefined,
        names,
        1,
        LIMITS,
      );
      return !masked.includes(SECRET);
    }),
    { numRuns: 500 },
  );
  t.pass('500 bodies');
  t.end();
});

/** The same JSON, with a letter of its names escaped. */
function escaped(text: string, letter: number): string {
  const char = 'pswk'.charAt(letter);
  const code = `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  if (letter === 0) return text;
  return text.replaceAll(/"(?:[^"\\]|\\.)*"/g, (string) => string.replaceAll(char, code));
}

t.test('nor of one that cannot be parsed, or is too long to be', (t) => {
  fc.assert(
    fc.property(body, fc.double({ min: 0.2, max: 1, noNaN: true }), (value, part) => {
      const text = JSON.stringify(value);
      const broken = maskBody(`${text.slice(0, text.length * part)},`, undefined, names, 1, LIMITS);
      const long = maskBody(JSON.stringify([value, 'x'.repeat(4000)]), undefined, names, 1, LIMITS);
      // Where nothing names the secret any more, nobody can know of it.
      const cut = text.slice(0, text.length * part);
      return (!broken.includes(SECRET) || !names.mayOccurIn(cut)) && !long.includes(SECRET);
    }),
    { numRuns: 300 },
  );
  t.pass('300 bodies');
  t.end();
});

t.test('what holds no secret stays as it came', (t) => {
  const plain = '{ "userName":"ada" ,\n "emails":[{"value":"a@b.c"}]}';
  t.equal(maskBody(plain, undefined, names, plain.length, LIMITS), plain);
  t.equal(maskBody('no json at all', undefined, names, 14, LIMITS), 'no json at all');
  const operation =
    '{"Operations":[{"op":"add","path":"members","value":[{"value":"1"}]}],"pinned":1}';
  t.same(JSON.parse(maskBody(operation, undefined, names, 1, LIMITS)), JSON.parse(operation));
  const own = '{"password":"x","__proto__":{"a":1}}';
  t.equal(
    maskBody(own, undefined, names, 1, LIMITS),
    '{"password":"(hidden)","__proto__":{"a":1}}',
  );
  t.end();
});

t.test('what is too deep to be walked is left out', (t) => {
  const deep = `${'['.repeat(1900)}{"password":"${SECRET}"}${']'.repeat(1900)}`;
  const limits = { ...LIMITS, logMaskedChars: 100_000 };
  t.match(maskBody(deep, undefined, names, deep.length, limits), /^\(hidden: may hold a secret/);
  t.end();
});

t.test('what is too long is cut, and its true size told', (t) => {
  const masked = maskBody('y'.repeat(5000), undefined, names, 5000, LIMITS);
  t.equal(masked.length < 2100, true);
  t.match(masked, /y… \(cut; 5000 bytes in all\)$/);
  t.end();
});

t.test('query strings', (t) => {
  const cases: readonly (readonly [string, string])[] = [
    ['count=1&startIndex=2', 'count=1&startIndex=2'],
    ['access_token=abc&count=1', 'access_token=(hidden)&count=1'],
    ['p%61ssword=abc', 'p%61ssword=(hidden)'],
    ['filter=userName+eq+%22ada%22', 'filter=userName+eq+%22ada%22'],
    ['filter=p%61ssword%20eq%20%22x%22', 'filter=(hidden)'],
    ['filter=urn:acme:User:PIN+eq+%22x%22', 'filter=(hidden)'],
    ['filter=userName+eq+%22password%22', 'filter=userName+eq+%22password%22'],
    ['filter=%zz', 'filter=(hidden)'],
    ['attributes=password', 'attributes=password'],
  ];
  for (const [query, expected] of cases) t.equal(maskQuery(query, names), expected, query);
  const ofNobody = new SecretNames(undefined);
  t.equal(maskQuery('filter=pin+eq+%221%22&count=1', ofNobody), 'filter=(hidden)&count=1');
  t.end();
});

t.test('headers: only those that are known to be harmless are shown', async (t) => {
  const name = fc.oneof(
    fc.constantFrom('authorization', 'cookie', 'x-api-key', 'proxy-authorization', 'x-any'),
    fc.stringMatching(/^x-[a-z]{1,12}$/).filter((each) => !each.startsWith('x-f')),
  );
  fc.assert(
    fc.property(fc.array(name), (all) => {
      const shown = maskRequestHeaders(
        all.map((each) => [each, `Bearer ${SECRET}`] as const),
        undefined,
      );
      return !JSON.stringify(shown).includes(SECRET);
    }),
  );
  t.same(maskRequestHeaders([['user-agent', `agent ${SECRET}`]], SECRET), [
    ['user-agent', 'agent (hidden)'],
  ]);
  t.equal(withoutCredential(`a ${SECRET} b ${SECRET}`, SECRET), 'a (hidden) b (hidden)');
  t.equal(withoutCredential('a', undefined), 'a');
});
