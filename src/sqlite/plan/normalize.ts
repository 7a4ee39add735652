/**
 * Brings a filter into the form the planner looks at: `not` stands before single conditions only,
 * `and` and `or` are flat and say nothing twice. It never changes what a filter means, nor what would
 * be told of its faults.
 */
import type { CompareNode, CompareOperator, FilterNode } from '../../scim/filter/ast.ts';
import { printFilter } from '../../scim/filter/print.ts';
import type { ResourceType } from '../../scim/schema/attribute.ts';
import { resolvePath } from '../../scim/schema/resolve.ts';

type Junction = 'and' | 'or';

const OPPOSITES: Partial<Record<CompareOperator, CompareOperator>> = {
  eq: 'ne',
  ne: 'eq',
  gt: 'le',
  ge: 'lt',
  lt: 'ge',
  le: 'gt',
};

export function normalizeFilter(filter: FilterNode, type: ResourceType): FilterNode {
  return normalize(filter, false, (node) => opposite(node, type));
}

/** The filters whose conjunction is `filter`, nested `and`s flattened, in the order typed. */
export function conjuncts(filter: FilterNode): readonly FilterNode[] {
  return partsOf('and', filter);
}

/** The filter that holds when all of `nodes` do; undefined when nothing is left to hold. */
export function conjunction(nodes: readonly FilterNode[]): FilterNode | undefined {
  const [first] = nodes;
  return nodes.length > 1 ? { kind: 'and', nodes } : first;
}

/** @param negate a comparison that holds exactly when one does not; undefined when there is none */
function normalize(
  node: FilterNode,
  negated: boolean,
  negate: (node: CompareNode) => FilterNode | undefined,
): FilterNode {
  switch (node.kind) {
    case 'not':
      return normalize(node.node, !negated, negate);
    case 'and':
    case 'or': {
      // De Morgan's: whatever is absent, a condition holds or does not.
      const kind = negated ? other(node.kind) : node.kind;
      const parts = node.nodes.flatMap((each) => partsOf(kind, normalize(each, negated, negate)));
      return joined(kind, parts);
    }
    case 'valuePath': {
      // Nothing is known of an element beyond its own sub-attributes.
      const filter = normalize(node.filter, false, () => undefined);
      return negation({ kind: 'valuePath', path: node.path, filter }, negated);
    }
    case 'present':
      return negation(node, negated);
    case 'compare': {
      if (!negated) return node;
      return negate(node) ?? negation(node, true);
    }
  }
}

function negation(node: FilterNode, negated: boolean): FilterNode {
  return negated ? { kind: 'not', node } : node;
}

function other(kind: Junction): Junction {
  return kind === 'and' ? 'or' : 'and';
}

function partsOf(kind: Junction, node: FilterNode): readonly FilterNode[] {
  return node.kind === kind ? node.nodes.flatMap((each) => partsOf(kind, each)) : [node];
}

function joined(kind: Junction, parts: readonly FilterNode[]): FilterNode {
  const seen = new Map<string, FilterNode>();
  for (const part of parts) {
    const text = printFilter(part);
    if (!seen.has(text)) seen.set(text, part);
  }
  const nodes = [...seen.values()];
  const [first] = nodes;
  return nodes.length === 1 && first !== undefined ? first : { kind, nodes };
}

/**
 * `not (a gt x)` is `a le x` where there is one value, always: of an absent attribute the first holds
 * and the second does not, of several values some may do either. `null` is a value of none.
 */
function opposite(node: CompareNode, type: ResourceType): FilterNode | undefined {
  const { operator, value, path } = node;
  if (value === null) {
    if (operator === 'eq') return { kind: 'present', path };
    return operator === 'ne' ? { ...node, operator: 'eq' } : undefined;
  }
  const resolved = resolvePath(type, path.text);
  if (resolved === undefined || resolved.extension !== undefined) return undefined;
  const { attribute, sub } = resolved;
  const isId = attribute === type.attributes.get('id') && sub === undefined;
  const isMeta = attribute === type.attributes.get('meta');
  const isTime = isMeta && (sub?.key === 'lastmodified' || sub?.key === 'created');
  const opposed = OPPOSITES[operator];
  return (isId || isTime) && opposed !== undefined ? { ...node, operator: opposed } : undefined;
}
