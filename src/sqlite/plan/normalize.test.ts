import t from 'tap';
import type { CompareNode, FilterNode } from '../../scim/filter/ast.ts';
import { parseFilter } from '../../scim/filter/parse.ts';
import { printFilter } from '../../scim/filter/print.ts';
import { userType } from '../../scim/schema/test/types.ts';
import { conjunction, conjuncts, normalizeFilter } from './normalize.ts';

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

t.test('a denial goes down to single conditions, and no further than is sure', (t) => {
  for (const [filter, normal] of [
    [
      "not (title eq 'a' and (active eq true or userName pr))",
      "not (title eq 'a') or not (active eq true) and not (userName pr)",
    ],
    ["not (not (title eq 'a'))", "title eq 'a'"],
    ['not (title eq null)', 'title pr'],
    ['not (title ne null)', 'title eq null'],
    ["not (id gt 'a')", "id le 'a'"],
    ["not (id sw 'a')", "not (id sw 'a')"],
    [
      "not (meta.lastModified lt '2020-01-01T00:00:00Z')",
      "meta.lastModified ge '2020-01-01T00:00:00Z'",
    ],
    ["not (meta.version eq 'a')", "not (meta.version eq 'a')"],
    ["not (title gt 'a')", "not (title gt 'a')"],
    ["not (emails eq 'a')", "not (emails eq 'a')"],
    ["not (emails[not (not (type eq 'work'))])", "not (emails[type eq 'work'])"],
  ] as const) {
    t.equal(normalized(filter), normal, filter);
  }
  t.end();
});

t.test('what is said twice is said once, at any depth', (t) => {
  t.equal(normalized('title pr and (active eq true and title pr)'), 'title pr and active eq true');
  t.equal(normalized('title pr or title pr'), 'title pr');
  t.equal(normalized('emails[type pr or (type pr or value pr)]'), 'emails[type pr or value pr]');
  t.end();
});

function normalized(filter: string): string {
  const limits = { maxLength: 1000, maxDepth: 16, maxNodes: 100 };
  const parsed = parseFilter(filter.replaceAll("'", '"'), limits);
  return printFilter(normalizeFilter(parsed, userType)).replaceAll('"', "'");
}

function eq(path: string): CompareNode {
  return { kind: 'compare', path: { text: path, at: 0 }, operator: 'eq', value: 'x', valueAt: 0 };
}
