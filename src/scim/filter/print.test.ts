import fc from 'fast-check';
import t from 'tap';
import type { FilterNode, PathText } from './ast.ts';
import { printFilter } from './print.ts';
import { parse } from './test/fixtures.ts';

const PATH: fc.Arbitrary<PathText> = fc
  .stringMatching(
    /^(urn:[a-z]+:[0-9]\.[0-9]:[A-Z][a-z]*:)?[a-z$][A-Za-z0-9_$-]{0,5}(\.[a-z$]\w{0,3})?$/,
  )
  .filter((text) => text.toLowerCase() !== 'not')
  .map((text) => ({ text, at: 0 }));

const COMPARE: fc.Arbitrary<FilterNode> = fc.record({
  kind: fc.constant('compare'),
  path: PATH,
  operator: fc.constantFrom('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'),
  value: fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .map((number) => (number === 0 ? 0 : number)),
    fc.boolean(),
    fc.constant(null),
  ),
  valueAt: fc.constant(0),
});

const CONDITION: fc.Arbitrary<FilterNode> = fc.oneof(
  COMPARE,
  fc.record({ kind: fc.constant('present'), path: PATH }),
);

/** Trees over `leaf`; each `and` and `or` has two operands or more, as parsed ones do. */
function treeOf(leaf: fc.Arbitrary<FilterNode>): fc.Arbitrary<FilterNode> {
  return fc.letrec<{ node: FilterNode }>((tie) => {
    const nodes = fc.array(tie('node'), { minLength: 2, maxLength: 4 });
    return {
      node: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.record({ kind: fc.constant('and'), nodes }),
        fc.record({ kind: fc.constant('or'), nodes }),
        fc.record({ kind: fc.constant('not'), node: tie('node') }),
      ),
    };
  }).node;
}

const VALUE_PATH: fc.Arbitrary<FilterNode> = fc.record({
  kind: fc.constant('valuePath'),
  path: PATH,
  filter: treeOf(CONDITION),
});

/** The tree as JSON text with every offset 0. */
function withoutPositions(tree: FilterNode): string {
  return JSON.stringify(tree, (key, value: unknown) => (/^at$|At$/.test(key) ? 0 : value));
}

t.test('a printed filter parses to the same tree', (t) => {
  fc.assert(
    fc.property(
      treeOf(fc.oneof(CONDITION, VALUE_PATH)),
      (tree) => withoutPositions(parse(printFilter(tree))) === withoutPositions(tree),
    ),
  );
  t.end();
});

t.test('a filter prints with no more parentheses than it needs', (t) => {
  const cases = [
    ['((a pr) and (b pr))', 'a pr and b pr'],
    ['a pr or (b pr and c pr)', 'a pr or b pr and c pr'],
    ['(a pr or b pr) and c eq TRUE', '(a pr or b pr) and c eq true'],
    ['NOT(a PR)', 'not (a pr)'],
  ] as const;
  for (const [text, expected] of cases) t.equal(printFilter(parse(text)), expected);
  t.end();
});
