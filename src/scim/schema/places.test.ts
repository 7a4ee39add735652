/** Which attributes are unique or secret, and which definitions promise what cannot be kept. */
import t from 'tap';
import type { AttributeDefinition, ResourceType } from './attribute.ts';
import { attribute, list, text, type Characteristics } from './define.ts';
import { compileRegistry } from './registry.ts';
import { DEVICE, DEVICE_TYPE, groupType, OWNER, typeNamed, userType } from './test/types.ts';

const UNIQUE: Characteristics = { uniqueness: 'server' };
const NEVER: Characteristics = { returned: 'never' };

function compiled(
  attributes: readonly AttributeDefinition[],
  extended: readonly AttributeDefinition[] = [],
  isExtensionRequired = false,
): ResourceType {
  const registry = compileRegistry({
    schemas: [
      { id: DEVICE, name: 'Device', description: '', attributes },
      { id: OWNER, name: 'Owner', description: '', attributes: extended },
    ],
    resourceTypes: [
      { ...DEVICE_TYPE, schemaExtensions: [{ schema: OWNER, required: isExtensionRequired }] },
    ],
  });
  return typeNamed(registry, 'Device');
}

t.test(
  'the first unique string is the name, further unique attributes are found anywhere',
  async (t) => {
    const type = compiled(
      [
        text('serial', '', UNIQUE),
        text('tag', '', { uniqueness: 'global', multiValued: true }),
        attribute('number', 'integer', '', UNIQUE),
        attribute('place', 'complex', '', { subAttributes: [text('code', '', UNIQUE)] }),
        list('labels', '', [text('value', '', UNIQUE), text('type', '')]),
        text('made', '', { ...UNIQUE, mutability: 'readOnly' }),
        text('plain', ''),
      ],
      [text('badge', '', UNIQUE)],
    );
    t.equal(type.nameAttribute?.path, 'serial');
    t.same(
      type.uniques.map(({ key, urn, leaf }) => [key, urn, leaf.path]),
      [
        ['tag', undefined, 'tag'],
        ['number', undefined, 'number'],
        ['place.code', undefined, 'place.code'],
        ['labels.value', undefined, 'labels.value'],
        [`${OWNER}:badge`.toLowerCase(), OWNER, `${OWNER}:badge`],
      ],
    );
  },
);

t.test('the core types have no further unique attribute', async (t) => {
  t.same([...userType.uniques, ...groupType.uniques, ...groupType.secrets], []);
});

t.test('what is returned never is secret, and so is what is writeOnly', async (t) => {
  const type = compiled(
    [
      text('pin', '', NEVER),
      text('code', '', { mutability: 'writeOnly' }),
      attribute('place', 'complex', '', { subAttributes: [text('key', '', NEVER)] }),
      text('open', ''),
    ],
    [text('token', '', { ...NEVER, mutability: 'writeOnly' })],
  );
  t.same(
    type.secrets.map(({ leaf }) => [leaf.path, leaf.returned]),
    [
      ['pin', 'never'],
      ['code', 'never'],
      ['place.key', 'never'],
      [`${OWNER}:token`, 'never'],
    ],
  );
});

t.test('a type knows whether it can be judged without its secrets', async (t) => {
  const required = { required: true };
  const key = (more: Characteristics) => text('key', '', { ...NEVER, ...more });
  const place = (sub: AttributeDefinition, more: Characteristics = {}) =>
    attribute('place', 'complex', '', { ...more, subAttributes: [sub] });
  t.equal(userType.hasRequiredSecret, false);
  t.equal(compiled([key({})], [key({})]).hasRequiredSecret, false);
  t.equal(compiled([key(required)]).hasRequiredSecret, true);
  t.equal(compiled([place(key(required))]).hasRequiredSecret, true);
  t.equal(compiled([place(key({}), required)]).hasRequiredSecret, true);
  t.equal(compiled([], [key({})], true).hasRequiredSecret, true);
});

t.test('a secret that is no single string is refused', async (t) => {
  for (const type of [
    'boolean',
    'decimal',
    'integer',
    'dateTime',
    'reference',
    'binary',
  ] as const) {
    t.throws(() => compiled([attribute('x', type, '', NEVER)]), {
      message: `x is of type ${type} and never returned: only a string can be, because it is kept as a hash`,
    });
  }
  const complex = { ...NEVER, subAttributes: [text('a', '')] };
  t.throws(() => compiled([attribute('x', 'complex', '', complex)]), /x is of type complex/);
  t.throws(
    () => compiled([attribute('x', 'integer', '', { mutability: 'writeOnly' })]),
    /x is of type integer/,
  );
  t.throws(() => compiled([text('x', '', { ...NEVER, multiValued: true })]), /x is multi-valued/);
  t.throws(() => compiled([list('x', '', [text('y', '', NEVER)])]), /x\.y is multi-valued/);
});

t.test('what cannot be unique is refused when it says it is', async (t) => {
  const complex = { ...UNIQUE, subAttributes: [text('a', '')] };
  t.throws(
    () => compiled([attribute('x', 'complex', '', complex)]),
    /x is complex, which cannot be/,
  );
  t.throws(() => compiled([text('x', '', { ...NEVER, ...UNIQUE })]), /x is never returned and/);
  t.throws(
    () => compiled([list('members', '', [text('value', '', UNIQUE)])]),
    /members\.value cannot be unique/,
  );
});
