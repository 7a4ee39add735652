/**
 * `scim-patch` as second oracle of PATCH: one operation after the other on random users, with the same
 * document or the same refusal. It knows no schema; where that, or a fault of it, departs from the
 * RFCs, `DEPARTURES` names the shape, and no operation of that shape is compared.
 */
import fc from 'fast-check';
import { ScimError as TheirError, scimPatch, type ScimPatchOperation } from 'scim-patch';
import t from 'tap';
import { STRICT } from '../../src/scim/dialect.ts';
import { ScimError } from '../../src/scim/errors.ts';
import { isObject, type JsonObject, type JsonValue } from '../../src/scim/json.ts';
import { applyPatch } from '../../src/scim/patch/apply.ts';
import type { PatchOptions } from '../../src/scim/patch/operation.ts';
import {
  body,
  ENTERPRISE,
  fromText,
  OPTIONS,
  parse,
  USER,
} from '../../src/scim/patch/test/patch.ts';
import { matches, type ModelFilter } from './patch-model-filter.ts';
import { operationAsJson, textOfPath, type ModelOperation } from './patch-model.ts';
import { agree, oracleRuns } from './runs.ts';

const SETTINGS: PatchOptions = {
  ...OPTIONS,
  ...STRICT,
  patchReplaceCreatesValuePathTarget: false,
  unknownAttributes: 'refuse',
};

const word = fc.constantFrom('a', 'b', 'c', 'd e');
const label = fc.constantFrom('work', 'home', 'other');
const element = fc.record<JsonObject>(
  { value: word, type: label, display: word },
  { requiredKeys: ['value', 'type'] },
);
const elements = fc.uniqueArray(element, {
  minLength: 1,
  maxLength: 3,
  selector: ({ value, type }) => JSON.stringify([value, type]),
});
const name = fc.record<JsonObject>(
  { givenName: word, familyName: word },
  { requiredKeys: ['givenName'] },
);
const manager = fc.record<JsonObject>({ value: word });
const user = fc.record<JsonObject>(
  {
    userName: word,
    title: word,
    active: fc.boolean(),
    name,
    emails: elements,
    roles: elements,
    [ENTERPRISE]: fc.record<JsonObject>(
      { department: word, manager },
      { requiredKeys: ['department'] },
    ),
  },
  { requiredKeys: ['userName'] },
);

const condition: fc.Arbitrary<ModelFilter> = fc.oneof(
  fc.record({ kind: fc.constant('eq' as const), sub: fc.constant('type'), value: label }),
  fc.record({
    kind: fc.constantFrom('eq' as const, 'sw' as const),
    sub: fc.constant('value'),
    value: word,
  }),
  fc.record({ kind: fc.constant('pr' as const), sub: fc.constant('display') }),
);
const filter: fc.Arbitrary<ModelFilter> = fc.oneof(
  { weight: 3, arbitrary: condition },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('not' as const), filter: condition }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      filters: fc.tuple(condition, condition),
    }),
  },
);

const list = fc.constantFrom('emails', 'roles');
const inEnterprise = fc.constant(ENTERPRISE);
const target = fc.oneof(
  fc.record({ path: fc.record({ name: fc.constantFrom('userName', 'title') }), value: word }),
  fc.record({ path: fc.record({ name: fc.constant('active') }), value: fc.boolean() }),
  fc.record({ path: fc.record({ name: fc.constant('name') }), value: name }),
  fc.record({
    path: fc.record({ name: fc.constant('name'), sub: fc.constantFrom('givenName', 'familyName') }),
    value: word,
  }),
  fc.record({
    path: fc.record({ urn: inEnterprise, name: fc.constant('department') }),
    value: word,
  }),
  fc.record({
    path: fc.record({ urn: inEnterprise, name: fc.constant('manager') }),
    value: manager,
  }),
  fc.record({ path: fc.record({ urn: inEnterprise }), value: fc.record({ department: word }) }),
  fc.record({ path: fc.record({ name: list }), value: elements }),
  fc.record({ path: fc.record({ name: list, filter }), value: fc.record({ display: word }) }),
  fc.record({
    path: fc.record({ name: list, filter, sub: fc.constantFrom('value', 'display', 'type') }),
    value: word,
  }),
);
const verb = fc.constantFrom('add' as const, 'replace' as const);
const operation: fc.Arbitrary<ModelOperation> = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(verb, target).map(([op, given]) => ({ op, ...given })) },
  { weight: 3, arbitrary: target.map(({ path }) => ({ op: 'remove' as const, path })) },
  {
    weight: 2,
    arbitrary: fc.record({
      op: verb,
      value: fc.record<JsonObject>(
        { title: word, name, emails: elements, [ENTERPRISE]: fc.record({ department: word }) },
        { requiredKeys: [] },
      ),
    }),
  },
  { weight: 1, arbitrary: fc.constant<ModelOperation>({ op: 'remove' }) },
);

interface Departure {
  readonly what: string;
  readonly is: (state: JsonObject, operation: ModelOperation) => boolean;
  readonly example: readonly [JsonObject, ModelOperation];
}

const work: ModelFilter = { kind: 'eq', sub: 'type', value: 'work' };
const A = { value: 'a', type: 'work' };
const DEPARTURES: readonly Departure[] = [
  {
    what: 'a required attribute may be removed, against RFC 7644 §3.5.2.2',
    is: (_, { op, path }) => op === 'remove' && path?.name === 'userName',
    example: [{ userName: 'a' }, { op: 'remove', path: { name: 'userName' } }],
  },
  {
    what: 'a path of a URN alone is taken for an attribute of another URN, against §3.10',
    is: (_, { path }) => path !== undefined && path.name === undefined,
    example: [
      { userName: 'a' },
      { op: 'add', path: { urn: ENTERPRISE }, value: { department: 'a' } },
    ],
  },
  {
    what: 'so is the URN as a key of a value without path, against §3.5.2.1',
    is: (_, { path, value }) => path === undefined && isObject(value) && ENTERPRISE in value,
    example: [{ userName: 'a' }, { op: 'add', value: { [ENTERPRISE]: { department: 'a' } } }],
  },
  {
    what: 'a complex attribute in a value without path loses what is not given, against §3.5.2.3',
    is: ({ name: before }, { path, value }) =>
      path === undefined && isObject(value) && 'name' in value && before !== undefined,
    example: [
      { userName: 'a', name: { givenName: 'a', familyName: 'b' } },
      { op: 'replace', value: { name: { givenName: 'c' } } },
    ],
  },
  {
    what: 'elements of one type and value are kept side by side, against RFC 7643 §2.4',
    is: (state, { op, path, value }) => {
      const given = path === undefined && isObject(value) ? value['emails'] : value;
      const before = listIn(state, path?.name ?? 'emails');
      const after =
        path?.filter === undefined
          ? [...before, ...elementsOf(given)]
          : changedBy(before, path, value);
      return (op === 'add' || path?.filter !== undefined) && hasTwins(after);
    },
    example: [
      { userName: 'a', emails: [A] },
      { op: 'add', path: { name: 'emails' }, value: [{ ...A, display: 'b' }] },
    ],
  },
  {
    what: 'a remove through a filter that selects nothing fails, against the example of §3.5.2.2',
    is: (state, { op, path }) =>
      op === 'remove' &&
      path?.filter !== undefined &&
      !selectsAny(state, path.name, path.filter) &&
      (path.sub !== undefined || listIn(state, path.name).length === 0),
    example: [{ userName: 'a' }, { op: 'remove', path: { name: 'emails', filter: work } }],
  },
  {
    what: 'an add through a filter that selects nothing is done in part or not at all; table 9 has noTarget',
    is: (state, { op, path }) =>
      op === 'add' && path?.filter !== undefined && !selectsAny(state, path.name, path.filter),
    example: [
      { userName: 'a', emails: [{ ...A, type: 'home' }] },
      { op: 'add', path: { name: 'emails', filter: work }, value: { display: 'a' } },
    ],
  },
  {
    what: 'a replace through a filter of an absent list is invalidSyntax, against §3.5.2.3',
    is: (state, { op, path }) =>
      op === 'replace' && path?.filter !== undefined && listIn(state, path.name).length === 0,
    example: [
      { userName: 'a' },
      { op: 'replace', path: { name: 'emails', filter: work }, value: { display: 'a' } },
    ],
  },
];

t.test('each departure of the library is one', (t) => {
  for (const { what, is, example } of DEPARTURES) {
    t.ok(is(...example), `the example is of the shape: ${what}`);
    t.not(ours(...example), theirs(...example), what);
  }
  t.end();
});

t.test('the library makes the same document of every other operation', (t) => {
  let compared = 0;
  let refused = 0;
  const runs = oracleRuns(t, 3000);
  const operations = fc.array(operation, { minLength: 1, maxLength: 4 });
  const property = fc.property(user, operations, (before, given) => {
    let state = before;
    for (const each of given) {
      if (DEPARTURES.some(({ is }) => is(state, each))) continue;
      const found = ours(state, each);
      agree(found, theirs(state, each), [state, operationAsJson(each)]);
      compared += 1;
      if (found.startsWith('400')) refused += 1;
      else state = objectFrom(found);
    }
  });
  fc.assert(property, runs);
  t.ok(compared > runs.numRuns, `${compared} operations of ${runs.numRuns} messages were compared`);
  t.ok(refused > runs.numRuns / 20, `${refused} were refused by both`);
  t.end();
});

function ours(state: JsonObject, given: ModelOperation): string {
  try {
    const parsed = parse(USER, body(operationAsJson(given)), SETTINGS);
    return shown(
      applyPatch(USER, { schemas: [], id: 'u', ...state }, parsed, SETTINGS, undefined).document,
    );
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    return `400 ${error.scimType ?? ''}`;
  }
}

function theirs(state: JsonObject, given: ModelOperation): string {
  const meta = { created: new Date(0), lastModified: new Date(0) };
  try {
    const options = { mutateDocument: false, treatMissingAsAdd: false };
    const after = scimPatch({ ...state, meta, schemas: [] }, [asTheirs(given)], options);
    return shown(objectFrom(JSON.stringify(after)));
  } catch (error) {
    if (error instanceof TheirError) return `400 ${error.scimCode}`;
    throw error;
  }
}

function asTheirs({ op, path, value }: ModelOperation): ScimPatchOperation {
  const text = path === undefined ? '' : textOfPath(path);
  if (op === 'remove') return { op, path: text };
  return text === '' ? { op, value } : { op, path: text, value };
}

/** Sorted, and without what is the same as unassigned: `{}` and `[]` (RFC 7643 §2.5). */
function shown(document: JsonObject): string {
  const envelope = ['schemas', 'id', 'meta'];
  const attributes = Object.entries(document).filter(([key]) => !envelope.includes(key));
  return JSON.stringify(tidied(Object.fromEntries(attributes)) ?? {});
}

function tidied(value: JsonValue): JsonValue | undefined {
  if (Array.isArray(value)) {
    const left = value.map(tidied).filter((each) => each !== undefined);
    return left.length > 0 ? left : undefined;
  }
  if (!isObject(value)) return value;
  const left: JsonObject = {};
  for (const key of Object.keys(value).sort()) {
    const inner = tidied(value[key] ?? null);
    if (inner !== undefined) left[key] = inner;
  }
  return Object.keys(left).length > 0 ? left : undefined;
}

function objectFrom(text: string): JsonObject {
  const value = fromText(text);
  if (!isObject(value)) throw new Error(`no object: ${text}`);
  return value;
}

function elementsOf(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function listIn(state: JsonObject, attribute: string | undefined): JsonObject[] {
  return attribute === undefined ? [] : elementsOf(state[attribute]);
}

function selectsAny(state: JsonObject, attribute: string | undefined, by: ModelFilter): boolean {
  return listIn(state, attribute).some((each) => matches(each, by));
}

/** Elements with the sub-attributes that tell them apart as the operation would leave them. */
function changedBy(
  before: readonly JsonObject[],
  { filter: by, sub }: NonNullable<ModelOperation['path']>,
  value: JsonValue | undefined,
): JsonObject[] {
  return before.map((each) => {
    if (by === undefined || sub === undefined || !matches(each, by)) return each;
    const others = Object.entries(each).filter(([other]) => other !== sub);
    return Object.fromEntries(value === undefined ? others : [...others, [sub, value]]);
  });
}

function hasTwins(list: readonly JsonObject[]): boolean {
  const identities = list.map(({ type, value }) => JSON.stringify([type, value]));
  return new Set(identities).size < identities.length;
}
