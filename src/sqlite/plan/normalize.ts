/**
 * Brings a filter into the form the planner looks at: a flat list of what must all hold. It never
 * changes what a filter means.
 */
import type { FilterNode } from '../../scim/filter/ast.ts';

/** The filters whose conjunction is `filter`, nested `and`s flattened, in the order typed. */
export function conjuncts(filter: FilterNode): FilterNode[] {
  return filter.kind === 'and' ? filter.nodes.flatMap(conjuncts) : [filter];
}

/** The filter that holds when all of `nodes` do; undefined when nothing is left to hold. */
export function conjunction(nodes: readonly FilterNode[]): FilterNode | undefined {
  const [first] = nodes;
  return nodes.length > 1 ? { kind: 'and', nodes } : first;
}
