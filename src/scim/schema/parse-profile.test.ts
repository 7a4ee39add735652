/** How a config's schemas and resource types become a profile, and what is refused, where and why. */
import t from 'tap';
import { ScimError } from '../errors.ts';
import { ENTERPRISE_USER_SCHEMA as ENTERPRISE } from './core-enterprise.ts';
import { GROUP_SCHEMA as GROUP } from './core-group.ts';
import { USER_SCHEMA as USER } from './core-user.ts';
import { CORE_PROFILE } from './core.ts';
import { parseProfile } from './parse-profile.ts';
import { compileRegistry } from './registry.ts';
import { BOUNDS, GADGET, gadgetSchema, gadgetType, profileOf, WARRANTY } from './test/profiles.ts';

const S = 'config.schemas[0]';
const A = `${S}.attributes[0]`;
const T = 'config.resourceTypes[0]';

function detailOf(config: object): string {
  try {
    profileOf(config);
  } catch (error) {
    if (error instanceof ScimError && error.status === 400 && error.scimType === 'invalidValue') {
      return error.message;
    }
    throw error;
  }
  return 'accepted';
}

/** Of a schema with this one attribute. */
function attributeDetail(attribute: unknown): string {
  return detailOf({ schemas: [{ id: GADGET, attributes: [attribute] }] });
}

function typeDetail(type: object): string {
  return detailOf({
    schemas: [gadgetSchema()],
    resourceTypes: [gadgetType(type)],
  });
}

t.test('without schemas and types a profile is the one it builds on', async (t) => {
  t.equal(profileOf({}), CORE_PROFILE);
  t.equal(profileOf({ requireIfMatch: true }), CORE_PROFILE);
});

t.test('what is left out has the defaults of RFC 7643 §2.2', async (t) => {
  const { schemas } = profileOf({
    schemas: [
      {
        id: GADGET,
        attributes: [
          { name: 'a' },
          { name: 'b', type: 'binary' },
          { name: 'c', mutability: 'writeOnly' },
        ],
      },
    ],
  });
  const own = schemas.at(-1);
  t.match(own, { id: GADGET, name: 'Gadget', description: '' });
  t.strictSame(own?.attributes[0], {
    name: 'a',
    type: 'string',
    multiValued: false,
    description: '',
    required: false,
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
  });
  t.match(own?.attributes[1], { type: 'binary', caseExact: true }, '§2.3.6');
  t.match(own?.attributes[2], { returned: 'never' }, '§7: what is writeOnly is never returned');
});

t.test('a schema is added, or takes the place of one of the same URN in any case', async (t) => {
  const user = { id: USER.toUpperCase().replace('URN', 'urn'), attributes: [{ name: 'login' }] };
  const { schemas, resourceTypes } = profileOf({ schemas: [gadgetSchema(), user] });
  t.same(
    schemas.map(({ id }) => id),
    [user.id, GROUP, ENTERPRISE, GADGET],
  );
  t.equal(resourceTypes, CORE_PROFILE.resourceTypes);
  const registry = compileRegistry({ schemas, resourceTypes });
  const type = registry.typesByName.get('User');
  t.ok(type?.attributes.has('login'));
  t.notOk(type?.attributes.has('username'));
});

t.test('types take the place of all others, and only what they use is shown', async (t) => {
  const { schemas, resourceTypes } = profileOf({
    schemas: [gadgetSchema({ name: 'label' })],
    resourceTypes: [
      gadgetType({ endpoint: 'Gadgets', schemaExtensions: [{ schema: ENTERPRISE }] }),
    ],
  });
  t.same(
    schemas.map(({ id }) => id),
    [ENTERPRISE, GADGET],
  );
  t.same(resourceTypes, [
    {
      id: 'Gadget',
      name: 'Gadget',
      endpoint: '/Gadgets',
      description: '',
      schema: GADGET,
      schemaExtensions: [{ schema: ENTERPRISE, required: false }],
    },
  ]);
});

t.test('what discovery shows can be sent back', async (t) => {
  const shown = {
    schemas: CORE_PROFILE.schemas.map((schema) => ({ ...schema, schemas: ['x'], meta: {} })),
    resourceTypes: CORE_PROFILE.resourceTypes.map((type) => ({ ...type, meta: {} })),
  };
  const limits = {
    ...BOUNDS,
    profileAttributes: 200,
    profileListLength: 20,
    profileNameLength: 100,
  };
  t.strictSame(parseProfile(shown, { schemas: [], resourceTypes: [] }, limits), CORE_PROFILE);
});

t.test('faults of schemas', async (t) => {
  const twice = [gadgetSchema(), { ...gadgetSchema(), id: GADGET.toUpperCase() }];
  for (const [schemas, detail] of [
    ['x', 'config.schemas: takes an array of schemas, not "x"'],
    [null, 'config.schemas: takes an array of schemas, not null'],
    [[7], `${S}: takes a schema as a JSON object, not 7`],
    [[[]], `${S}: takes a schema as a JSON object, not an empty array`],
    [[{}], `${S}.id: takes a URN such as "urn:example:schemas:Device"`],
    [[{ id: 'urn:x' }], `${S}.id: takes a URN`],
    [[{ id: 'urn:example:a"b' }], `${S}.id: takes a URN`],
    [[{ id: 'urn:example:a:' }], `${S}.id: takes a URN`],
    [[{ id: `urn:example:${'a'.repeat(60)}` }], '(at most 60 characters), not "urn:example:aaa'],
    [[{ id: 'urn:ietf:params:scim:api:messages:2.0:Error' }], `${S}.id: urn:ietf`],
    [[{ id: 'urn:ietf:params:scim:schemas:core:2.0:schema' }], `${S}.id: urn:ietf`],
    [[{ id: GADGET }], `${S}.attributes: takes an array of attributes, it is missing`],
    [
      [{ id: GADGET, attributes: {} }],
      `${S}.attributes: takes an array of attributes, not an object`,
    ],
    [
      [{ id: GADGET, attributes: [], name: 1 }],
      `${S}.name: takes a text of at most 100 characters, not 1`,
    ],
    [
      [{ id: GADGET, attributes: [], nmae: 'x' }],
      `${S}: a schema has no member "nmae"; it has id, name`,
    ],
    [twice, `config.schemas[1].id: ${GADGET.toUpperCase()} is there twice`],
    [Array(4).fill(gadgetSchema()), 'config.schemas: takes at most 3 schemas, not 4'],
  ] as const) {
    t.ok(detailOf({ schemas }).includes(detail), `${detailOf({ schemas })} includes ${detail}`);
  }
});

t.test('faults of attributes', async (t) => {
  const sub = { name: 'a' };
  const list = (...subAttributes: object[]): object => ({
    name: 'l',
    type: 'complex',
    multiValued: true,
    subAttributes,
  });
  for (const [attribute, detail] of [
    ['x', `${A}: takes an attribute as a JSON object, not "x"`],
    [{}, `${A}.name: takes a name of letters, digits, "$", "-" and "_" that begins with a letter`],
    [{ name: '1a' }, `${A}.name: takes a name`],
    [{ name: 'a.b' }, `${A}.name: takes a name`],
    [{ name: 'ä' }, `${A}.name: takes a name`],
    [{ name: '$ref' }, `${A}.name: takes a name`],
    [{ name: 'x'.repeat(61) }, `${A}.name: takes a name`],
    [{ name: 'constructor' }, `${A}.name: no attribute may be called constructor`],
    [{ name: 'ToString' }, `${A}.name: no attribute may be called ToString`],
    [{ name: 'prototype' }, `${A}.name: no attribute may be called prototype`],
    [{ name: 'ExternalID' }, `${A}.name: every resource has ExternalID (RFC 7643 §3.1)`],
    [{ name: 'meta' }, `${A}.name: every resource has meta`],
    [{ name: 'a', type: 'text' }, `${A}.type: takes one of "string", "boolean"`],
    [
      { name: 'a', multivalued: true },
      `${A}: an attribute has no member "multivalued"; it has name,`,
    ],
    [{ name: 'a', multiValued: 'true' }, `${A}.multiValued: takes true or false, not "true"`],
    [{ name: 'a', required: 1 }, `${A}.required: takes true or false, not 1`],
    [{ name: 'a', caseExact: null }, `${A}.caseExact: takes true or false, not null`],
    [{ name: 'a', description: 7 }, `${A}.description: takes a text`],
    [
      { name: 'a', mutability: 'readonly' },
      `${A}.mutability: takes one of "readOnly", "readWrite"`,
    ],
    [{ name: 'a', returned: 'no' }, `${A}.returned: takes one of "always", "never"`],
    [
      { name: 'a', uniqueness: 'tenant' },
      `${A}.uniqueness: takes one of "none", "server", "global"`,
    ],
    [{ name: 'a', canonicalValues: 'x' }, `${A}.canonicalValues: takes an array, each a text`],
    [
      { name: 'a', canonicalValues: ['x', 1] },
      `${A}.canonicalValues[1]: takes a text that is not empty`,
    ],
    [{ name: 'a', canonicalValues: Array(5).fill('x') }, 'takes at most 4 values, not 5'],
    [
      { name: 'a', type: 'boolean', canonicalValues: ['x'] },
      `${A}.canonicalValues: is for type "string"`,
    ],
    [
      { name: 'a', referenceTypes: ['User'] },
      `${A}.referenceTypes: is for type "reference", not "string"`,
    ],
    [
      { name: 'a', type: 'reference', referenceTypes: ['a b'] },
      `${A}.referenceTypes[0]: takes "external"`,
    ],
    [
      { name: 'a', subAttributes: [sub] },
      `${A}.subAttributes: is for type "complex", not "string"`,
    ],
    [
      { name: 'a', type: 'complex' },
      `${A}.subAttributes: takes at least one attribute where the type`,
    ],
    [
      list({ name: 'b', type: 'complex' }),
      `${A}.subAttributes[0].type: takes one of "string", "boolean", "decimal", "integer", "dateTime", "reference", "binary", not "complex"`,
    ],
    [list(sub, { name: 'A' }), `${A}.subAttributes[1].name: A is there twice`],
    [
      { ...list(sub), uniqueness: 'server' },
      `${A}.uniqueness: takes "none" where the type is "complex"`,
    ],
    [
      { name: 'a', type: 'dateTime', uniqueness: 'server' },
      `${A}.uniqueness: takes "none" where the type`,
    ],
    [
      { name: 'a', mutability: 'writeOnly', returned: 'default' },
      `${A}.returned: takes "never" where`,
    ],
    [
      { name: 'a', returned: 'never', uniqueness: 'server' },
      `${A}.uniqueness: takes "none" where returned`,
    ],
    [
      { name: 'a', returned: 'never', multiValued: true },
      `${A}.returned: "never" is for single strings`,
    ],
    [
      { name: 'a', returned: 'never', type: 'integer' },
      `${A}.returned: "never" is for single strings`,
    ],
    [list({ name: 'a', returned: 'never' }), `${A}.subAttributes[0].returned: "never" is for`],
    [list({ name: 'Value' }), `${A}.subAttributes[0].name: takes the spelling "value"`],
    [
      list({ name: 'primary' }),
      `${A}.subAttributes[0].type: takes "boolean" where the name is "primary"`,
    ],
    [list({ name: '$ref' }), `${A}.subAttributes[0].type: takes "reference"`],
    [list({ name: 'value', multiValued: true }), `${A}.subAttributes[0].multiValued: takes false`],
    [
      { ...list({ name: 'value' }, sub), name: 'members' },
      `${A}.subAttributes[1].name: of members only`,
    ],
    [
      { ...list({ name: 'value', type: 'integer' }), name: 'members' },
      `${A}.subAttributes[0].type: takes`,
    ],
    [
      { ...list({ name: 'value', uniqueness: 'server' }), name: 'members' },
      `${A}.subAttributes[0].uniqueness`,
    ],
    [
      list(...Array.from({ length: 12 }, () => sub)),
      'takes at most 11 attributes more (a profile has 12), not 12',
    ],
  ] as const) {
    const told = attributeDetail(attribute);
    t.ok(told.includes(detail), `${told} includes ${detail}`);
    t.notMatch(told, /\n/);
  }
  const twice = { schemas: [gadgetSchema(sub, { name: 'A' })] };
  t.match(
    detailOf(twice),
    `${S}.attributes[1].name: A is there twice; case does not tell names apart`,
  );
});

t.test('what looks odd and is right', async (t) => {
  for (const attribute of [
    { name: 'a-b_c$1' },
    { name: 'a', subAttributes: [], canonicalValues: [], referenceTypes: [] },
    { name: 'a', type: 'reference', referenceTypes: ['User', 'external', 'uri', 'NotServed'] },
    { name: 'a', type: 'integer', uniqueness: 'global' },
    { name: 'tags', multiValued: true, uniqueness: 'server' },
    { name: 'members', multiValued: true },
    {
      name: 'a',
      type: 'complex',
      subAttributes: [{ name: 'Value', multiValued: true }, { name: '$ref' }],
    },
    { name: 'a', type: 'complex', subAttributes: [{ name: 'pin', returned: 'never' }] },
  ]) {
    t.equal(attributeDetail(attribute), 'accepted', JSON.stringify(attribute));
  }
});

t.test('faults of resource types', async (t) => {
  for (const [type, detail] of [
    [{ name: 'a b' }, `${T}.name: takes a name of letters, digits, "-" and "_"`],
    [{ name: 'Schema' }, `${T}.name: Schema means something else`],
    [{ name: '1st' }, `${T}.name: takes a name`],
    [{ name: 'toString' }, `${T}.name: toString means something else`],
    [{ id: 'a/b' }, `${T}.id: takes letters, digits, "-" and "_", or nothing`],
    [{ endpoint: '/a/b' }, `${T}.endpoint: takes a path such as "/Devices"`],
    [{ endpoint: '/schemas' }, `${T}.endpoint: something else lives at /schemas`],
    [{ endpoint: '/ResourceTypes' }, 'lives at /ResourceTypes'],
    [{ endpoint: 'ServiceProviderConfig' }, 'lives at /ServiceProviderConfig'],
    [{ endpoint: '/BULK' }, 'lives at /BULK'],
    [{ endpoint: '/Me' }, 'lives at /Me'],
    [{ endpoint: '/.search' }, `${T}.endpoint: takes a path`],
    [{ endpoint: '/admin' }, 'lives at /admin'],
    [{ schema: 'urn:example:Nope' }, `${T}.schema: takes the URN of a schema, one of ${USER}`],
    [{ schema: 'Gadget' }, `${T}.schema: takes the URN of a schema`],
    [
      { schemaExtensions: {} },
      `${T}.schemaExtensions: takes an array of schema extensions, not an object`,
    ],
    [
      { schemaExtensions: ['x'] },
      `${T}.schemaExtensions[0]: takes a schema extension as a JSON object`,
    ],
    [
      { schemaExtensions: [{ schema: WARRANTY }] },
      `${T}.schemaExtensions[0].schema: takes the URN of a`,
    ],
    [
      { schemaExtensions: [{ schema: USER, required: 'no' }] },
      `${T}.schemaExtensions[0].required: takes`,
    ],
    [
      { schemaExtensions: [{ schema: GADGET }] },
      `${GADGET} is the URN of another schema of this type`,
    ],
    [{ Name: 'x' }, `${T}: a resource type has no member "Name"`],
  ] as const) {
    const told = typeDetail(type);
    t.ok(told.includes(detail), `${told} includes ${detail}`);
  }
  for (const resourceTypes of ['x', null, {}, []]) {
    t.match(detailOf({ resourceTypes }), /^config.resourceTypes: takes an array of at least one/);
  }
  const schemas = [gadgetSchema()];
  for (const [other, detail] of [
    [
      { name: 'GADGET', id: 'x', endpoint: '/x' },
      'config.resourceTypes[1].name: GADGET is there twice',
    ],
    [
      { name: 'x', id: 'gadget', endpoint: '/x' },
      'config.resourceTypes[1].id: gadget is there twice',
    ],
    [
      { name: 'x', endpoint: '/gadgets' },
      'config.resourceTypes[1].endpoint: /gadgets is there twice',
    ],
  ] as const) {
    const resourceTypes = [gadgetType(), gadgetType(other)];
    t.match(detailOf({ schemas, resourceTypes }), detail);
  }
  const many = Array.from({ length: 4 }, (_, n) =>
    gadgetType({ name: `T${n}`, endpoint: `/T${n}` }),
  );
  t.match(detailOf({ schemas, resourceTypes: many }), 'takes at most 3 resource types, not 4');
});

t.test('no path may mean an attribute of one schema and another schema', async (t) => {
  const inner = { id: `${GADGET}:Parts`, attributes: [] };
  const resourceTypes = [gadgetType({ schemaExtensions: [{ schema: inner.id }] })];
  t.match(
    detailOf({ schemas: [gadgetSchema(), inner], resourceTypes }),
    `${T}.schemaExtensions[0].schema: ${inner.id} and ${GADGET} cannot both belong to one type`,
  );
});
