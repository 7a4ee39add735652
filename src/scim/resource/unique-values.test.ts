/** When two values are the same value, for an attribute of which there may be only one. */
import t from 'tap';
import type { JsonObject, JsonValue } from '../json.ts';
import type { AttributeDefinition, AttributeType } from '../schema/attribute.ts';
import { attribute, list, text, type Characteristics } from '../schema/define.ts';
import { compileRegistry } from '../schema/registry.ts';
import { DEVICE, DEVICE_TYPE, OWNER, typeNamed } from '../schema/test/types.ts';
import { uniqueValues } from './unique-values.ts';

const UNIQUE: Characteristics = { uniqueness: 'server' };

function typeOf(
  attributes: readonly AttributeDefinition[],
  extended: readonly AttributeDefinition[] = [],
) {
  const registry = compileRegistry({
    schemas: [
      { id: DEVICE, name: 'Device', description: '', attributes },
      { id: OWNER, name: 'Owner', description: '', attributes: extended },
    ],
    resourceTypes: [{ ...DEVICE_TYPE, schemaExtensions: [{ schema: OWNER, required: false }] }],
  });
  return typeNamed(registry, 'Device');
}

function keysOf(attributes: readonly AttributeDefinition[], document: JsonObject): string[] {
  return uniqueValues(typeOf(attributes), document).map(({ key }) => key);
}

/** The keys of values of one attribute, in a resource for each. */
function keys(type: AttributeType, more: Characteristics, values: readonly JsonValue[]) {
  // Multi-valued, because the first single-valued unique string is the name and no further one.
  const definition = attribute('x', type, '', { ...UNIQUE, multiValued: true, ...more });
  return new Set(values.flatMap((value) => keysOf([definition], { x: [value] })));
}

t.test('text compares without case unless it is caseExact', async (t) => {
  const spellings = ['Straße', 'STRASSE', 'strasse'];
  t.equal(keys('string', { caseExact: false }, spellings).size, 1);
  t.equal(keys('string', { caseExact: true }, spellings).size, 3);
  t.equal(keys('reference', { caseExact: true }, ['urn:x', 'URN:X']).size, 2);
  t.equal(keys('binary', { caseExact: false }, ['AAEC', 'aaec']).size, 2);
});

t.test('numbers, booleans and times compare by what they mean', async (t) => {
  const numbers = ['1', '1.0', '10e-1', '100e-2'].map((number) => JSON.parse(number) as JsonValue);
  t.same(keys('decimal', {}, numbers), new Set(['1']));
  t.same(keys('integer', {}, [0, -0]), new Set(['0']));
  t.same(keys('boolean', {}, [true, false]), new Set(['true', 'false']));
  const times = ['2026-01-31T08:00:00Z', '2026-01-31T09:00:00.000+01:00', '2026-01-31T08:00:00z'];
  t.equal(keys('dateTime', {}, times).size, 1);
  t.equal(keys('dateTime', {}, ['2026-01-31T08:00:00Z', '2026-01-31T08:00:00.001Z']).size, 2);
  t.equal(keys('dateTime', {}, ['2026-02-30T00:00:00Z', '2026-02-31T00:00:00Z']).size, 2);
});

t.test('each element counts, each value once, and empty is no value', async (t) => {
  const emails = list('emails', '', [text('value', '', UNIQUE), text('type', '')]);
  const elements = [{ value: 'A@x' }, { value: 'a@X', type: 'home' }, { value: '' }, { type: 'x' }];
  t.same(keysOf([emails], { emails: elements }), ['a@x']);
  t.same(keysOf([emails], {}), []);
  const tags = text('tags', '', { ...UNIQUE, multiValued: true });
  t.same(keysOf([tags], { tags: ['b', 'A', ''] }), ['b', 'a']);
});

t.test('values of different attributes never meet', async (t) => {
  const [a, b] = ['a', 'b'].map((name) => attribute(name, 'integer', '', UNIQUE));
  if (a === undefined || b === undefined) throw new Error('there are two');
  const found = uniqueValues(typeOf([a], [b]), { a: 1, [OWNER]: { b: 1 } });
  t.same(
    found.map(({ place, key, value }) => [place, key, value]),
    [
      ['a', '1', 1],
      [`${OWNER}:b`.toLowerCase(), '1', 1],
    ],
  );
});

t.test('a value that is none of the type has no key', async (t) => {
  const place = attribute('place', 'complex', '', {
    subAttributes: [attribute('n', 'integer', '', UNIQUE)],
  });
  for (const odd of [null, {}, [], 'x', { n: {} }, { n: null }]) {
    t.same(keysOf([place], { place: odd }), []);
  }
});
