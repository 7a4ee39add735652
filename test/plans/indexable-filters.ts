/** Random filters of the test Device that are of sense, most of them on attributes that have an index. */
import fc from 'fast-check';
import type { CompareNode, FilterNode } from '../../src/scim/filter/ast.ts';
import { junction, junctions } from '../../src/filter-workers/test/random-filters.ts';
import { OWNER } from '../../src/scim/schema/test/types.ts';

type Literal = CompareNode['value'];

const ORDERS = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const;
const words = fc.constantFrom<Literal>('a', 'A', 'Ab', 'b', 'BJÖRN', 'ß', 'SS', 's', '', '2', 'x');
const times = fc.constantFrom<Literal>(
  '2020-01-01T00:00:00Z',
  '2020-12-31T23:00:00+01:00',
  '2021-05-05T05:05:05.5Z',
);

/** Comparisons of attributes, in brackets too. */
const texts = compare(
  ['label', 'TAGS', 'place.site', 'place.room', 'maker.name', 'keys.value', 'keys', 'keys.type'],
  [...ORDERS, 'sw', 'sw', 'co', 'ew'],
  words,
);
const leaf = fc.oneof(
  { arbitrary: texts, weight: 5 },
  compare([`${OWNER}:owner`, 'externalId'], [...ORDERS, 'sw'], words),
  compare(['firmware'], ['eq', 'ne', 'sw'], words),
  compare(['ports', 'weight'], ORDERS, fc.constantFrom<Literal>(-1, 0, 1, 1.2, 2)),
  compare(['boughtAt', 'meta.lastModified'], ORDERS, times),
  compare(['id'], [...ORDERS, 'sw'], fc.constantFrom<Literal>('d2', 'd33', 'd5', 'd6', 'e')),
  compare(['label', 'weight', 'keys.value', 'id'], ['eq', 'ne'], fc.constant<Literal>(null)),
  fc
    .constantFrom('label', 'tags', 'weight', 'boughtAt', 'keys', 'keys.value', 'place.room')
    .map((text): FilterNode => ({ kind: 'present', path: { text, at: 0 } })),
  inBrackets(
    'keys',
    compare(['value', 'Type', 'algorithm'], ['eq', 'eq', 'ne', 'sw', 'gt'], words),
  ),
  inBrackets('tags', compare(['value'], [...ORDERS, 'sw'], words)),
);

/** Two bounds: of one value, or each of another. */
const between = junction(
  'and',
  compare(['tags', 'keys.value', 'label', 'id'], ['gt', 'ge', 'lt', 'le'], words),
);

export const indexableFilter: fc.Arbitrary<FilterNode> = junctions(
  fc.oneof({ arbitrary: leaf, weight: 5 }, between),
);

/** Indexed attributes, with operators and literals that do not suit their types. */
export const faultyFilter: fc.Arbitrary<FilterNode> = junctions(
  fc.oneof(
    leaf,
    compare(['firmware'], ['gt', 'ge', 'lt', 'le'], words),
    compare(['weight', 'ports', 'boughtAt'], ['eq', 'gt', 'sw'], words),
    compare(
      ['label', 'keys.value', 'id', 'externalId'],
      ['eq', 'gt', 'sw'],
      fc.constant<Literal>(1),
    ),
    compare(['meta.lastModified', 'label', 'id'], ['gt', 'sw'], fc.constant<Literal>(null)),
  ),
);

export function inBrackets(
  text: string,
  inner: fc.Arbitrary<FilterNode>,
): fc.Arbitrary<FilterNode> {
  return junctions(inner).map((filter): FilterNode => {
    return { kind: 'valuePath', path: { text, at: 0 }, filter };
  });
}

export function compare(
  paths: readonly string[],
  operators: readonly CompareNode['operator'][],
  value: fc.Arbitrary<Literal>,
): fc.Arbitrary<FilterNode> {
  return fc
    .tuple(fc.constantFrom(...paths), fc.constantFrom(...operators), value)
    .map(([text, operator, value]): FilterNode => {
      return { kind: 'compare', path: { text, at: 0 }, operator, value, valueAt: 0 };
    });
}
