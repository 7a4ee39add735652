/** Whatever an administrator sends is refused with a place, or compiles. */
import fc from 'fast-check';
import t from 'tap';
import { ScimError } from '../errors.ts';
import { CORE_PROFILE } from './core.ts';
import { parseProfile } from './parse-profile.ts';
import { compileRegistry, type Profile } from './registry.ts';
import { BOUNDS } from './test/profiles.ts';

const RUNS = 1500;
const LIMITS = { ...BOUNDS, profileAttributes: 60 };

const URNS = ['urn:example:a', 'urn:example:A', 'urn:example:b', 'urn:example:a:c', 'nope'];
const NAMES = [
  ...[
    'a',
    'b',
    'c',
    'd',
    'e',
    'f',
    'A',
    'userName',
    'displayName',
    'members',
    'groups',
    'password',
  ],
  ...['value', 'primary', 'type', 'display', '$ref', 'id', '__proto__', 'toString', ''],
];
const oneOf = (...values: readonly unknown[]): fc.Arbitrary<unknown> => fc.constantFrom(...values);

/** An attribute whose members contradict each other only now and then. @param sub what it may hold */
function attribute(sub: fc.Arbitrary<object>): fc.Arbitrary<{ name: string }> {
  const common = {
    name: fc.constantFrom(...NAMES),
    multiValued: fc.boolean(),
    required: fc.boolean(),
    caseExact: fc.boolean(),
    mutability: oneOf('readOnly', 'readWrite', 'immutable', 'readWrite', 'writeOnly'),
    returned: oneOf('always', 'default', 'request', 'default', 'default', 'never'),
  };
  const uniqueness = oneOf('none', 'none', 'server', 'global');
  return fc.oneof(
    fc.record({
      ...common,
      type: fc.constant('string'),
      uniqueness,
      canonicalValues: oneOf(['x']),
    }),
    fc.record({ ...common, type: oneOf('boolean', 'integer', 'reference', 'binary') }),
    fc.record({ ...common, type: fc.constant('reference'), uniqueness, referenceTypes: oneOf([]) }),
    fc.record({ ...common, type: fc.constant('complex'), subAttributes: several(sub) }),
  );
}

function several<T extends object>(each: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.uniqueArray(each, { maxLength: 3, selector: (one) => JSON.stringify(one) });
}

const simple = attribute(fc.constant({ name: 'x' })).filter((each) => !('subAttributes' in each));
const schema = fc.record({
  id: fc.constantFrom(...URNS.slice(0, 4)),
  attributes: several(attribute(simple)),
});
const resourceType = fc.record({
  name: fc.constantFrom('A', 'B', 'a'),
  endpoint: fc.constantFrom('/As', 'Bs', '/as'),
  schema: fc.constantFrom(...URNS.slice(0, 3)),
  schemaExtensions: fc.array(fc.record({ schema: fc.constantFrom(...URNS) }), { maxLength: 1 }),
});
const nearlyRight = fc.record({
  schemas: fc.array(schema, { minLength: 1, maxLength: 2 }),
  resourceTypes: fc.array(resourceType, { minLength: 1, maxLength: 2 }),
});

/** Undefined when it was refused as it must be. */
function parsed(config: object): Profile | undefined {
  try {
    return parseProfile({ ...config }, CORE_PROFILE, LIMITS);
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    if (error.status !== 400 || error.scimType !== 'invalidValue') throw error;
    if (!/^config\.(schemas|resourceTypes)[^\n]*: [^\n]+$/.test(error.message)) throw error;
    return undefined;
  }
}

t.test('a profile that is accepted compiles', async (t) => {
  let accepted = 0;
  fc.assert(
    fc.property(nearlyRight, (config) => {
      const profile = parsed(config);
      if (profile === undefined) return;
      const { typesByName } = compileRegistry(profile);
      if (typesByName.size !== config.resourceTypes.length) throw new Error('a type is missing');
      accepted += 1;
    }),
    { numRuns: RUNS },
  );
  t.ok(accepted > RUNS / 50, `${accepted} were accepted`);
});

t.test('what was accepted is accepted again, and means the same', async (t) => {
  fc.assert(
    fc.property(nearlyRight, (config) => {
      const profile = parsed(config);
      if (profile === undefined) return;
      const again = parsed(JSON.parse(JSON.stringify(profile)) as object);
      if (JSON.stringify(again?.resourceTypes) !== JSON.stringify(profile.resourceTypes)) {
        throw new Error(`not the same: ${JSON.stringify(again)}`);
      }
    }),
    { numRuns: RUNS },
  );
  t.end();
});

t.test('any JSON is accepted or refused with its place, and nothing else', async (t) => {
  const anything = fc.record({ schemas: fc.jsonValue(), resourceTypes: fc.jsonValue() });
  fc.assert(
    fc.property(anything, (config) => {
      const profile = parsed(config);
      if (profile !== undefined) compileRegistry(profile);
    }),
    { numRuns: RUNS },
  );
  const within = fc.record({
    schemas: fc.array(
      fc.record({ id: fc.constant('urn:example:a'), attributes: fc.array(fc.jsonValue()) }),
    ),
    resourceTypes: fc.array(fc.oneof(fc.jsonValue(), resourceType)),
  });
  fc.assert(
    fc.property(within, (config) => {
      const profile = parsed(config);
      if (profile !== undefined) compileRegistry(profile);
    }),
    { numRuns: RUNS },
  );
  t.end();
});
