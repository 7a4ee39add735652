/** Comparisons over the bytes of many texts hold of those that the evaluator's test of each does. */
import fc from 'fast-check';
import t from 'tap';
import { LENIENT } from '../../scim/dialect.ts';
import type { CompareNode } from '../../scim/filter/ast.ts';
import { compileComparison } from '../../scim/filter/compare.ts';
import type { Attribute } from '../../scim/schema/attribute.ts';
import { userType } from '../../scim/schema/test/types.ts';
import { sortKey } from '../../scim/sort/compile.ts';
import { compareKeys } from '../../scim/sort/key.ts';
import { MaskPool } from './mask.ts';
import { TextColumn } from './text-column.ts';

const OPERATORS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const;

/** Few letters, so that texts hold each other; of one, two, three and four bytes, and half ones. */
const LETTERS = ['a', 'b', 'A', 'B', 'ß', 'å', 'Å', '한', '𝒳', '\uffff', '\u0130', 'ab', 'aab'];
const letters = fc.constantFrom(...LETTERS);
const halves = fc.constantFrom('\ud835', '\udcb3', 'a', 'b');
const wellFormed = fc.array(letters, { maxLength: 9 }).map((each) => each.join(''));
const anyText = fc.oneof(
  { arbitrary: wellFormed, weight: 9 },
  { arbitrary: fc.array(halves, { maxLength: 4 }).map((each) => each.join('')), weight: 1 },
  { arbitrary: wellFormed.map((each) => 'aB'.repeat(130) + each), weight: 1 },
);
const values = fc.array(fc.oneof({ arbitrary: anyText, weight: 5 }, fc.constant(undefined)), {
  maxLength: 12,
});

const attribute = fc.constantFrom<Attribute>(
  ...[userType.attributes.get('title'), userType.attributes.get('externalid')].filter(
    (each) => each !== undefined,
  ),
);

t.test('property: a column of texts compares as the evaluator does', (t) => {
  fc.assert(
    fc.property(
      attribute,
      values,
      fc.constantFrom(...OPERATORS),
      anyText,
      (attribute, values, operator, value) => {
        const column = new TextColumn(attribute);
        for (const each of values) column.push(each);
        const path = { text: attribute.name, at: 0 };
        const node: CompareNode = { kind: 'compare', path, operator, value, valueAt: 0 };
        const holds = compileComparison(attribute, node, LENIENT);
        const mask = new Uint8Array(values.length).fill(7);
        column.compare(
          node,
          false,
          mask,
          { pool: new MaskPool(), keepGoing: () => undefined },
          undefined,
        );
        return values.every((each, at) => mask[at] === (each !== undefined && holds(each) ? 1 : 0));
      },
    ),
    { seed: 5, numRuns: 20_000 },
  );
  t.pass('they agree');
  t.end();
});

t.test('property: ranks are in the order of sort keys, also of what comes later', (t) => {
  fc.assert(
    fc.property(attribute, fc.array(values, { maxLength: 3 }), (attribute, parts) => {
      const column = new TextColumn(attribute);
      const seen: (string | undefined)[] = [];
      for (const part of parts) {
        for (const each of part) column.push(each);
        seen.push(...part);
        const ranking = column.ranking();
        const keys = seen.map((each) => sortKey(attribute, each));
        for (const [at, key] of keys.entries()) {
          const rank = ranking.rankOf(at);
          if (key === undefined ? rank !== ranking.count : ranking.keyOf(rank) !== key)
            return false;
          const order = keys.map((other) => Math.sign(compareKeys(key, other)));
          if (order.some((sign, other) => sign !== Math.sign(rank - ranking.rankOf(other))))
            return false;
        }
      }
      return true;
    }),
    { seed: 5, numRuns: 3000 },
  );
  t.pass('they are');
  t.end();
});

t.test('a needle that is nearly everywhere can be ended', (t) => {
  const title = userType.attributes.get('title');
  if (title === undefined) throw new Error('no title');
  const column = new TextColumn(title);
  column.push('a'.repeat(50_000));
  const path = { text: 'title', at: 0 };
  const value = `${'a'.repeat(1000)}b`;
  const node: CompareNode = { kind: 'compare', path, operator: 'co', value, valueAt: 0 };
  const keepGoing = (): void => {
    throw new Error('stopped');
  };
  const on = { pool: new MaskPool(), keepGoing };
  t.throws(() => {
    column.compare(node, false, new Uint8Array(1), on, undefined);
  }, /stopped/);
  t.end();
});
