import t from 'tap';
import type { CompareNode, FilterNode } from '../../scim/filter/ast.ts';
import { conjunction, conjuncts } from './normalize.ts';

const a = eq('a');
const b = eq('b');
const c = eq('c');

t.test('a filter that is no conjunction is its own only conjunct', (t) => {
  t.strictSame(conjuncts(a), [a]);
  const or: FilterNode = { kind: 'or', nodes: [a, b] };
  t.strictSame(conjuncts(or), [or]);
  const not: FilterNode = { kind: 'not', node: { kind: 'and', nodes: [a, b] } };
  t.strictSame(conjuncts(not), [not], 'not of an and is no and');
  t.end();
});

t.test('nested conjunctions are flattened in the order typed', (t) => {
  const nested: FilterNode = { kind: 'and', nodes: [a, { kind: 'and', nodes: [b, c] }] };
  t.strictSame(conjuncts(nested), [a, b, c]);
  t.end();
});

t.test('a conjunction of none is nothing, of one is itself', (t) => {
  t.equal(conjunction([]), undefined);
  t.equal(conjunction([a]), a);
  t.strictSame(conjunction([a, b]), { kind: 'and', nodes: [a, b] });
  t.end();
});

function eq(path: string): CompareNode {
  return { kind: 'compare', path: { text: path, at: 0 }, operator: 'eq', value: 'x', valueAt: 0 };
}
