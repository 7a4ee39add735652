/**
 * Decides how a filter is answered: which of its conjuncts an index finds the candidates for, which
 * ones an index probe per candidate settles, and what is left to evaluate in memory. A plan is exact:
 * candidates that pass `members` and `residual` are the resources that the whole filter matches,
 * neither more nor fewer.
 */
import type { FilterNode } from '../../scim/filter/ast.ts';
import type { ResourceType } from '../../scim/schema/attribute.ts';
import { foundAtMost, isWhole, type Access, type Probe, type Range } from './access.ts';
import {
  indexedCondition,
  overlapping,
  type Indexed,
  type IndexOf,
  type PlanContext,
} from './conditions.ts';
import { conjunction, conjuncts, normalizeFilter } from './normalize.ts';

export interface FilterPlan {
  /** Finds the candidates; undefined: every resource of the type is one. */
  readonly probe: Access | undefined;
  /** Ids that must each be a member of the candidate. */
  readonly members: readonly string[];
  /** What must hold of a candidate besides; undefined: nothing more. */
  readonly residual: FilterNode | undefined;
}

const NO_INDEX: IndexOf = () => undefined;

/** Besides the best: each is a look at an index, which costs more than it spares when there are many. */
const OTHERS_MAX = 3;

/** Best first, where nobody has counted: what finds one row, few, as many as there are. */
const PREFERENCE: readonly (Probe['by'] | Range['on'])[] = [
  'id',
  'name',
  'unique',
  'externalId',
  'attribute',
  'member',
  'group',
  'lastModified',
];

/**
 * All plans by an index, that which probably reads fewest candidates first; which one really does only
 * the indexes know. Without any, the plan to look at all resources.
 */
export function plansFor(
  filter: FilterNode,
  type: ResourceType,
  indexOf: IndexOf = NO_INDEX,
): readonly [FilterPlan, ...FilterPlan[]] {
  const nodes = conjuncts(normalizeFilter(filter, type));
  const indexed = indexedParts(nodes, { type, indexOf });
  const usable = indexed.filter(({ access }) => isWhole(access)).sort(byPreference);
  const [best, ...others] = usable;
  if (best === undefined) return [planWith(undefined, nodes, indexed)];
  const plan = planWith(best, nodes, indexed);
  if (foundAtMost(best.access) <= 1) return [plan];
  return [plan, ...others.slice(0, OTHERS_MAX).map((each) => planWith(each, nodes, indexed))];
}

/** The plan for when an index finds too many candidates to hold: all resources are looked at. */
export function planScan(filter: FilterNode, type: ResourceType): FilterPlan {
  const nodes = conjuncts(normalizeFilter(filter, type));
  return planWith(undefined, nodes, indexedParts(nodes, { type, indexOf: NO_INDEX }));
}

function planWith(
  best: Indexed | undefined,
  nodes: readonly FilterNode[],
  indexed: readonly Indexed[],
): FilterPlan {
  const settled = new Set(best?.exact === true ? best.nodes : []);
  const members: string[] = [];
  for (const {
    access,
    nodes: [node],
  } of indexed) {
    if (access.kind !== 'probe' || access.by !== 'member' || access === best?.access) continue;
    members.push(access.value);
    if (node !== undefined) settled.add(node);
  }
  const residual = conjunction(nodes.filter((node) => !settled.has(node)));
  return { probe: best?.access, members, residual };
}

/** Ranges of one index are one range where that is so of their overlap. */
function indexedParts(nodes: readonly FilterNode[], context: PlanContext): Indexed[] {
  const parts: Indexed[] = [];
  for (const node of nodes) {
    const indexed = indexedNode(node, context);
    if (indexed === undefined) continue;
    const at = indexed.access.kind === 'range' ? placeOfOverlapping(parts, indexed) : -1;
    const known = parts[at];
    const both = known && overlapping(known, indexed);
    if (both === undefined) parts.push(indexed);
    else parts[at] = both;
  }
  return parts;
}

function placeOfOverlapping(parts: readonly Indexed[], range: Indexed): number {
  return parts.findIndex((part) => overlapping(part, range) !== undefined);
}

function indexedNode(node: FilterNode, context: PlanContext): Indexed | undefined {
  switch (node.kind) {
    case 'or':
      return indexedUnion(node, node.nodes, context);
    case 'and':
    case 'not':
      return undefined;
    default:
      return indexedCondition(node, context);
  }
}

/** Found by indexes if each of the alternatives is. */
function indexedUnion(
  node: FilterNode,
  alternatives: readonly FilterNode[],
  context: PlanContext,
): Indexed | undefined {
  const parts: (Probe | Range)[] = [];
  let exact = true;
  for (const alternative of alternatives) {
    const found = bestOf(alternative, context);
    if (found === undefined) return undefined;
    exact &&= found.exact;
    if (found.access.kind === 'union') parts.push(...found.access.parts);
    else parts.push(found.access);
  }
  return { nodes: [node], access: { kind: 'union', parts }, exact, single: false };
}

function bestOf(node: FilterNode, context: PlanContext): Indexed | undefined {
  const nodes = conjuncts(node);
  const usable = indexedParts(nodes, context).filter(({ access }) => isWhole(access));
  const [best] = usable.sort(byPreference);
  return best && { ...best, exact: best.exact && best.nodes.length === nodes.length };
}

function byPreference(a: Indexed, b: Indexed): number {
  return costOf(a.access) - costOf(b.access);
}

function costOf(access: Access): number {
  switch (access.kind) {
    case 'probe':
      return PREFERENCE.indexOf(access.by);
    case 'range':
      return PREFERENCE.length + PREFERENCE.indexOf(access.on);
    case 'union':
      return Math.max(...access.parts.map(costOf));
  }
}
