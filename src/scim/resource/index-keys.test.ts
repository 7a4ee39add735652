/** Keys order and compare as the filter's evaluator compares the values they are of. */
import fc from 'fast-check';
import t from 'tap';
import { propertyRuns } from '../../../test/support/property-runs.ts';
import { compileComparison } from '../filter/compare.ts';
import { parseInstant } from '../filter/instant.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { LENIENT } from '../dialect.ts';
import type { Attribute, AttributeType, ResourceType } from '../schema/attribute.ts';
import { CORE_PROFILE } from '../schema/core.ts';
import { attribute, list, text, type Characteristics } from '../schema/define.ts';
import { compileRegistry } from '../schema/registry.ts';
import { DEVICE, DEVICE_TYPE, OWNER, typeNamed } from '../schema/test/types.ts';
import {
  indexKey,
  indexKeysOf,
  isExactKey,
  joinSignatures,
  signatureOf,
  type IndexKey,
} from './index-keys.ts';

const PATHS = ['x', 'ports.value', `${OWNER}:badge`];

/** @param type of `x` */
function typeOf(type: AttributeType, more: Characteristics = {}, paths = PATHS): ResourceType {
  const attributes = [attribute('x', type, '', more), list('ports', '', [text('value', '')])];
  const owner = [attribute('badge', 'integer', '')];
  return typeNamed(
    compileRegistry(
      {
        schemas: [
          { id: DEVICE, name: 'Device', description: '', attributes },
          { id: OWNER, name: 'Owner', description: '', attributes: owner },
        ],
        resourceTypes: [DEVICE_TYPE],
      },
      paths,
    ),
    'Device',
  );
}

function leafOf(type: AttributeType, more: Characteristics = {}): Attribute {
  const leaf = typeOf(type, more).attributes.get('x');
  if (leaf === undefined) throw new Error('there is an x');
  return leaf;
}

const words = fc.constantFrom(
  'a',
  'A',
  'ß',
  'SS',
  'ﬁ',
  'é',
  '\uffee',
  '😀',
  '\ue000',
  'ｱ',
  'ς',
  '',
);
const longText = fc
  .tuple(fc.constantFrom(250, 254, 255, 256, 257, 300), words, words)
  .map(([length, filler, last]) => (filler || 'b').repeat(length).slice(0, length) + last);
const anyText = fc
  .oneof(
    fc.string({ unit: 'grapheme' }),
    fc.array(words, { maxLength: 3 }).map((a) => a.join('')),
    longText,
  )
  .map((each) => each.toWellFormed());
const anyTime = fc
  .record({
    day: fc.integer({ min: 27, max: 31 }),
    offset: fc.constantFrom('Z', '+02:00', '-01:00', ''),
    fraction: fc.constantFrom('', '.5', '.50', '.0001'),
  })
  .map(({ day, offset, fraction }) => `2024-02-${day}T23:30:00${fraction}${offset}`);
const anyNumber = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1, 5e9),
);

interface Sample {
  readonly leaf: Attribute;
  readonly values: fc.Arbitrary<JsonValue>;
  readonly literals: fc.Arbitrary<string | number | boolean>;
}

const anyTimeThereIs = anyTime.filter((each) => !Number.isNaN(parseInstant(each)));
const SAMPLES: readonly Sample[] = [
  { leaf: leafOf('string'), values: anyText, literals: anyText },
  { leaf: leafOf('string', { caseExact: true }), values: anyText, literals: anyText },
  { leaf: leafOf('reference', { caseExact: false }), values: anyText, literals: anyText },
  { leaf: leafOf('binary'), values: anyText, literals: anyText },
  { leaf: leafOf('dateTime'), values: anyTime, literals: anyTimeThereIs },
  { leaf: leafOf('decimal'), values: anyNumber, literals: anyNumber },
  { leaf: leafOf('integer'), values: fc.integer(), literals: fc.integer() },
  { leaf: leafOf('boolean'), values: fc.boolean(), literals: fc.boolean() },
];

/** As SQLite orders a column of keys. */
function compareKeys(a: IndexKey, b: IndexKey): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}

const HOLDS = {
  eq: (key: IndexKey, wanted: IndexKey) => compareKeys(key, wanted) === 0,
  ne: (key: IndexKey, wanted: IndexKey) => compareKeys(key, wanted) !== 0,
  gt: (key: IndexKey, wanted: IndexKey) => compareKeys(key, wanted) > 0,
  ge: (key: IndexKey, wanted: IndexKey) => compareKeys(key, wanted) >= 0,
  lt: (key: IndexKey, wanted: IndexKey) => compareKeys(key, wanted) < 0,
  le: (key: IndexKey, wanted: IndexKey) => compareKeys(key, wanted) <= 0,
  sw: (key: IndexKey, wanted: IndexKey) => String(key).startsWith(String(wanted)),
};

function operatorsOf({ type }: Attribute): (keyof typeof HOLDS)[] {
  if (type === 'boolean') return ['eq', 'ne'];
  if (type === 'binary') return ['eq', 'ne', 'sw'];
  const ordered = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const;
  return type === 'string' || type === 'reference' ? [...ordered, 'sw'] : [...ordered];
}

t.test('what holds of a key holds of its value', (t) => {
  const samples = fc
    .constantFrom(...SAMPLES)
    .chain(({ leaf, values, literals }) =>
      fc.tuple(fc.constant(leaf), fc.array(values, { minLength: 1, maxLength: 6 }), literals),
    );
  let exact = 0;
  fc.assert(
    fc.property(samples, fc.boolean(), ([leaf, values, random], own) => {
      // A literal that no value is near to shows little.
      const [first] = values;
      const near = typeof first === 'object' || first === undefined ? random : first;
      const literal = own && indexKey(leaf, near) !== undefined ? near : random;
      const wanted = indexKey(leaf, literal);
      if (wanted === undefined || !isExactKey(wanted)) return;
      exact += 1;
      for (const operator of operatorsOf(leaf)) {
        const path = { text: 'x', at: 0 };
        const node = { kind: 'compare' as const, path, operator, value: literal, valueAt: 0 };
        const holds = compileComparison(leaf, node, LENIENT);
        for (const value of values) {
          const key = indexKey(leaf, value);
          const found = key !== undefined && HOLDS[operator](key, wanted);
          if (found !== holds(value)) {
            throw new Error(`${leaf.type}: ${JSON.stringify(value)} ${operator} ${literal}`);
          }
        }
      }
    }),
    propertyRuns(t, { seed: 1, numRuns: 3000 }),
  );
  t.ok(exact > 1000, 'most literals can be probed');
  t.end();
});

t.test('long texts are cut between characters', (t) => {
  const leaf = leafOf('string', { caseExact: true });
  t.equal(String(indexKey(leaf, 'a'.repeat(256))).length, 256);
  t.equal(String(indexKey(leaf, 'a'.repeat(257))).length, 256);
  t.equal(indexKey(leaf, 'a'.repeat(255) + '😀'), 'a'.repeat(255));
  t.equal(indexKey(leaf, 'a'.repeat(254) + '😀b'), 'a'.repeat(254) + '😀');
  t.notOk(isExactKey('a'.repeat(255)));
  t.ok(isExactKey('a'.repeat(254)));
  t.end();
});

t.test('what is not of the type has no key, nor has a day that there is not', (t) => {
  t.equal(indexKey(leafOf('string'), 1), undefined);
  t.equal(indexKey(leafOf('string'), true), undefined);
  t.equal(indexKey(leafOf('string'), null), undefined);
  t.equal(indexKey(leafOf('string'), ['a']), undefined);
  t.equal(indexKey(leafOf('boolean'), 'true'), undefined);
  t.equal(indexKey(leafOf('decimal'), '1'), undefined);
  t.equal(indexKey(leafOf('dateTime'), '2024-02-30T00:00:00Z'), undefined);
  t.equal(indexKey(leafOf('dateTime'), 'x'), undefined);
  t.end();
});

t.test('a lone surrogate is what SQLite makes of it', (t) => {
  t.equal(indexKey(leafOf('string'), 'a\ud800'), 'a\ufffd');
  t.end();
});

t.test('a resource has each key once, in each index of its type', (t) => {
  const type = typeOf('string');
  const document = {
    x: 'A',
    ports: [{ value: 'b' }, { value: 'B' }, { type: 'c' }, null, { value: 'd' }],
    [OWNER]: { badge: 7 },
  };
  t.same(indexKeysOf(type, document)?.keys, [['a'], ['b', 'd'], [7]]);
  t.same(indexKeysOf(type, {})?.keys, [[], [], []]);
  t.same(indexKeysOf(typeOf('string', {}, []), document), undefined);
  t.equal(indexKeysOf(type, {})?.signatures, joinSignatures(type.indexed.map(signatureOf)));
  t.end();
});

t.test('what is the name has its key there', (t) => {
  const user = typeNamed(compileRegistry(CORE_PROFILE, ['emails.value', 'title']), 'User');
  t.same(user.indexed.map(signatureOf), [
    'emails.value folded beside userName 1',
    'title folded 1',
  ]);
  const keysOf = (document: JsonObject): unknown => indexKeysOf(user, document)?.keys;
  const emails = [{ value: 'ADA@x' }, { value: 'ada@y' }];
  t.same(keysOf({ userName: 'Ada@X', title: 'ada@x', emails }), [['ada@y'], ['ada@x']]);
  t.same(keysOf({ emails }), [['ada@x', 'ada@y'], []], 'nobody is called so');
  const long = 'x'.repeat(255);
  t.same(keysOf({ userName: long, emails: [{ value: long }] }), [[long], []], 'it may be cut here');
  t.end();
});

t.test('a signature tells of the attribute and of how it compares', (t) => {
  const signatures = (type: AttributeType, more: Characteristics = {}) =>
    typeOf(type, more).indexed.map(signatureOf);
  t.same(signatures('string'), ['x folded 1', 'ports.value folded 1', `${OWNER}:badge number 1`]);
  const all = [
    ...(['string', 'dateTime', 'boolean', 'decimal'] as const).map((type) => signatures(type)[0]),
    signatures('string', { caseExact: true })[0],
  ];
  t.equal(new Set(all).size, all.length);
  // They compare alike.
  t.same(signatures('integer'), signatures('decimal'));
  t.same(signatures('string', { multiValued: true }), signatures('string'));
  t.end();
});
