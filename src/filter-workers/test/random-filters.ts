/** Random filters and resources of the test Device, for whoever must agree with the evaluator. */
import fc from 'fast-check';
import type { CompareNode, FilterNode } from '../../scim/filter/ast.ts';
import type { JsonObject, JsonValue } from '../../scim/json.ts';
import { OWNER } from '../../scim/schema/test/types.ts';
import type { Sort } from '../../scim/sort/compile.ts';

const WORDS = ['a', 'A', 'Ab', 'b', 'BJÖRN', 'björn', 'ß', 'SS', '', '2', 'x y'] as const;
const TIMES = ['2020-01-01T00:00:00Z', '2020-01-01T01:00:00+01:00', '2021-05-05t05:05:05.5z', 'no'];
const NUMBERS = [-1, 0, 1, 1.5, 2];

const word = fc.constantFrom<JsonValue>(...WORDS);
const time = fc.constantFrom<JsonValue>(...TIMES);
const number = fc.constantFrom<JsonValue>(...NUMBERS);

/** Where the evaluator looks, and in what case a client may have typed it. */
const PATHS = [
  'serial',
  'LABEL',
  'tags',
  'ports',
  'weight',
  'boughtAt',
  'firmware',
  'place.site',
  'place.room',
  'place',
  'maker',
  'maker.name',
  'maker.sites',
  'keys',
  'keys.value',
  'keys.type',
  'keys.primary',
  'keys.algorithm',
  `${OWNER}:owner`,
  OWNER,
  'id',
  'schemas',
  'meta',
  'meta.created',
  'meta.resourceType',
  'meta.version',
  'meta.location',
] as const;
const ELEMENT_PATHS = ['value', 'type', 'PRIMARY', 'algorithm', 'display'] as const;
const OPERATORS: readonly CompareNode['operator'][] = [
  ...(['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const),
];

const literal = fc.oneof(
  fc.constantFrom(...WORDS, ...TIMES),
  fc.constantFrom(...NUMBERS),
  fc.boolean(),
  fc.constant(null),
);

/** Some are of no sense: `compileFilter` refuses them. */
export const anyFilter: fc.Arbitrary<FilterNode> = junctions(
  fc
    .oneof(
      { arbitrary: condition(PATHS), weight: 4 },
      {
        arbitrary: fc.tuple(
          fc.constantFrom('keys', 'tags', 'ports', 'place', 'maker'),
          junctions(condition(ELEMENT_PATHS)),
        ),
        weight: 2,
      },
    )
    .map((made): FilterNode =>
      Array.isArray(made)
        ? { kind: 'valuePath', path: { text: made[0], at: 0 }, filter: made[1] }
        : made,
    ),
);

/** Where resources have a value to sort by, some of them, and where none has. */
export const anySort: fc.Arbitrary<Sort> = fc.record({
  by: fc.constantFrom(
    ...(['id', 'serial', 'LABEL', 'tags', 'ports', 'weight', 'boughtAt', 'firmware'] as const),
    ...(['place.site', 'maker.name', 'keys', 'keys', 'keys.type', 'keys.type'] as const),
    ...(['keys.primary', 'nonsense'] as const),
    ...(['meta.created', 'meta.lastModified', 'meta.version', 'meta.location'] as const),
    `${OWNER}:owner`,
  ),
  descending: fc.boolean(),
});

/** As a store may hold it, though some of it no client could have sent. */
export const anyDevice: fc.Arbitrary<JsonObject> = fc.record(
  {
    serial: word,
    label: word,
    tags: fc.array(word, { maxLength: 3 }),
    ports: fc.array(number, { maxLength: 3 }),
    weight: number,
    boughtAt: time,
    firmware: word,
    place: fc.record({ site: word, room: word, rack: word }, { requiredKeys: [] }),
    maker: fc.record({ name: word }, { requiredKeys: [] }),
    keys: fc.array(
      fc.record(
        { value: word, type: word, primary: fc.boolean(), algorithm: word },
        { requiredKeys: [] },
      ),
      { maxLength: 3 },
    ),
    [OWNER]: fc.record({ owner: word }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);

/** Of these: `and`, `or` and `not` of one another, a few deep. */
export function junctions(leaf: fc.Arbitrary<FilterNode>): fc.Arbitrary<FilterNode> {
  const { filter } = fc.letrec<{ filter: FilterNode }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      leaf,
      junction('and', tie('filter')),
      junction('or', tie('filter')),
      tie('filter').map((node): FilterNode => ({ kind: 'not', node })),
    ),
  }));
  return filter;
}

export function junction(
  kind: 'and' | 'or',
  node: fc.Arbitrary<FilterNode>,
): fc.Arbitrary<FilterNode> {
  return fc
    .array(node, { minLength: 2, maxLength: 3 })
    .map((nodes): FilterNode => ({ kind, nodes }));
}

function condition(paths: readonly string[]): fc.Arbitrary<FilterNode> {
  const path = fc.constantFrom(...paths).map((text) => ({ text, at: 0 }));
  return fc.oneof(
    fc
      .tuple(path, fc.constantFrom(...OPERATORS), literal)
      .map(([path, operator, value]): FilterNode => {
        return { kind: 'compare', path, operator, value, valueAt: 0 };
      }),
    path.map((path): FilterNode => ({ kind: 'present', path })),
  );
}
