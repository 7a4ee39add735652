/** Users at random as they are stored, and operations on them that mostly fit the schema. */
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import type { ModelFilter } from './patch-model-filter.ts';
import type { ModelOperation, ModelPath } from './patch-model.ts';
import { ENTERPRISE, USER_URN } from './patch-model-schema.ts';

const word = fc.constantFrom('a', 'b', 'B', 'c d', 'ß');
const label = fc.constantFrom('work', 'home', 'Work');
const flag = fc.boolean();

const OPTIONAL = { requiredKeys: [] };
const valued = fc.record<JsonObject>(
  { value: word, type: label, primary: flag, display: word },
  { requiredKeys: ['value'] },
);
const address = fc.record<JsonObject>(
  { locality: word, country: word, type: label, primary: flag },
  { requiredKeys: ['locality'] },
);

/** No two are the same, and one primary at most: so they are stored. */
function stored(element: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject[]> {
  const identity = ({ value, type, locality, country }: JsonObject) =>
    JSON.stringify([value, type, locality, country ?? null]).toLowerCase();
  return fc
    .uniqueArray(element, { minLength: 1, maxLength: 3, selector: identity })
    .map((elements) => {
      const leader = elements.findIndex(({ primary }) => primary === true);
      return elements.map((each, i) =>
        each['primary'] === true && i !== leader ? { ...each, primary: false } : each,
      );
    });
}

const name = fc
  .record<JsonObject>({ formatted: word, familyName: word, givenName: word }, OPTIONAL)
  .filter((given) => Object.keys(given).length > 0);
const manager = fc.record<JsonObject>({ value: word });
const extension = fc
  .record<JsonObject>({ department: word, employeeNumber: word, manager }, OPTIONAL)
  .filter((given) => Object.keys(given).length > 0);

const singles = { externalId: word, displayName: word, title: word, active: flag, name };
const lists = { emails: stored(valued), roles: stored(valued), addresses: stored(address) };

export const anyStoredUser: fc.Arbitrary<JsonObject> = fc
  .record<JsonObject>(
    { userName: word, ...singles, ...lists, [ENTERPRISE]: extension },
    { requiredKeys: ['userName'] },
  )
  .map((user) => ({ schemas: [USER_URN], id: 'u1', ...user }));

function elementFilter(
  subs: Readonly<Record<string, fc.Arbitrary<string>>>,
): fc.Arbitrary<ModelFilter> {
  const names = fc.constantFrom(...Object.keys(subs));
  const compared = names.chain((sub) =>
    fc.record({
      kind: fc.constantFrom('eq' as const, 'eq' as const, 'sw' as const),
      sub: inAnyCase(sub),
      value: subs[sub] ?? word,
    }),
  );
  const leaf: fc.Arbitrary<ModelFilter> = fc.oneof(
    { weight: 4, arbitrary: compared },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('pr' as const), sub: names }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('eq' as const),
        sub: fc.constant('primary'),
        value: flag,
      }),
    },
  );
  return fc.oneof(
    { weight: 5, arbitrary: leaf },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('not' as const), filter: leaf }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('and' as const), filters: fc.tuple(leaf, leaf) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('or' as const), filters: fc.tuple(leaf, leaf) }),
    },
  );
}

interface Target {
  readonly path: fc.Arbitrary<ModelPath>;
  readonly value: fc.Arbitrary<JsonValue>;
}

const single = (given: string, value: fc.Arbitrary<JsonValue>, more: ModelPath = {}): Target => ({
  path: inAnyCase(given).map((spelt) => ({ ...more, name: spelt })),
  value,
});
const sub = (
  given: string,
  inner: string,
  value: fc.Arbitrary<JsonValue>,
  more: ModelPath = {},
): Target => ({
  path: inAnyCase(inner).map((spelt) => ({ ...more, name: given, sub: spelt })),
  value,
});

function listTargets(
  given: string,
  element: fc.Arbitrary<JsonObject>,
  filter: fc.Arbitrary<ModelFilter>,
  subs: Readonly<Record<string, fc.Arbitrary<JsonValue>>>,
): Target[] {
  const changed = element.map((each) => Object.fromEntries(Object.entries(each).slice(-2)));
  return [
    single(given, fc.array(element, { maxLength: 3 })),
    { path: filter.map((selection) => ({ name: given, filter: selection })), value: changed },
    ...Object.entries(subs).map(([inner, value]) => ({
      path: filter.map((selection) => ({ name: given, filter: selection, sub: inner })),
      value,
    })),
  ];
}

const valuedFilter = elementFilter({ type: label, value: word, display: word });
const subsOfValued = { value: word, display: word, type: label, primary: flag };
const inEnterprise = { urn: ENTERPRISE };
const TARGETS: readonly Target[] = [
  ...['userName', 'displayName', 'title', 'externalId'].map((given) => single(given, word)),
  single('title', word, { urn: USER_URN }),
  single('active', flag),
  single('name', name),
  ...['familyName', 'givenName'].map((inner) => sub('name', inner, word)),
  ...listTargets('emails', valued, valuedFilter, subsOfValued),
  ...listTargets('roles', valued, valuedFilter, subsOfValued),
  ...listTargets(
    'addresses',
    address,
    elementFilter({ type: label, locality: word, country: word }),
    {
      country: word,
      primary: flag,
    },
  ),
  ...['department', 'employeeNumber'].map((given) => single(given, word, inEnterprise)),
  single('manager', manager, inEnterprise),
  sub('manager', 'value', word, inEnterprise),
  { path: fc.constant(inEnterprise), value: extension },
];

/** What must be refused, whatever the resource. */
const FAULTY: readonly Target[] = [
  ...['id', 'meta', 'groups', 'shoeSize'].map((given) => single(given, word)),
  sub('name', 'shoeSize', word),
  sub('manager', 'displayName', word, inEnterprise),
  { path: fc.constant({ name: 'title', filter: { kind: 'pr', sub: 'value' } }), value: word },
];

const wrong: fc.Arbitrary<JsonValue> = fc.constantFrom<JsonValue[]>(7, true, 'x', [7], {
  value: 7,
});

const verb = fc.constantFrom('add' as const, 'replace' as const);

const withPath: fc.Arbitrary<ModelOperation> = mostly(
  30,
  fc.constantFrom(...TARGETS),
  fc.constantFrom(...FAULTY),
).chain(({ path, value }) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ op: verb, path, value: mostly(25, value, wrong) }) },
    { weight: 2, arbitrary: fc.record({ op: fc.constant('remove' as const), path }) },
    {
      weight: 1,
      arbitrary: fc.record({ op: fc.constant('replace' as const), path, value: fc.constant(null) }),
    },
  ),
);

const wholeValue = fc.record<JsonObject>(
  {
    ...{ userName: word, TITLE: word, active: mostly<JsonValue>(20, flag, wrong), name },
    ...{
      Emails: fc.array(valued, { maxLength: 2 }),
      addresses: fc.array(address, { maxLength: 2 }),
    },
    [ENTERPRISE]: extension,
    roles: fc.array(valued, { maxLength: 2 }),
  },
  OPTIONAL,
);

const withoutPath: fc.Arbitrary<ModelOperation> = fc.oneof(
  { weight: 20, arbitrary: fc.record({ op: verb, value: wholeValue }) },
  { weight: 1, arbitrary: fc.constant<ModelOperation>({ op: 'remove' }) },
  {
    weight: 1,
    arbitrary: fc.record({
      op: verb,
      value: fc.constantFrom<JsonValue>('x', [], { id: 'x' }, { shoeSize: 1 }),
    }),
  },
);

export const anyOperation: fc.Arbitrary<ModelOperation> = fc.oneof(
  { weight: 5, arbitrary: withPath },
  { weight: 1, arbitrary: withoutPath },
);

function inAnyCase(given: string): fc.Arbitrary<string> {
  return fc.constantFrom(given, given, given.toUpperCase(), given.toLowerCase());
}

function mostly<T>(
  weight: number,
  usual: fc.Arbitrary<T>,
  other: fc.Arbitrary<T>,
): fc.Arbitrary<T> {
  return fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: other });
}
