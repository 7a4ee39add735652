/**
 * Decides how a filter is answered: which one conjunct an index finds the candidates for, which
 * conjuncts one index probe per candidate settles, and what is left to evaluate in memory. A plan
 * is exact: candidates that pass `members` and `residual` are the resources the whole filter
 * matches, neither more nor fewer.
 */
import type { CompareNode, FilterNode } from '../../scim/filter/ast.ts';
import type { Attribute, ResourceType } from '../../scim/schema/attribute.ts';
import { resolvePath } from '../../scim/schema/resolve.ts';
import { nameKey } from '../name-key.ts';
import { conjunction, conjuncts } from './normalize.ts';

/** An index look-up. `name` is a key as the column holds it; the other values compare exactly. */
export interface Probe {
  readonly by: 'id' | 'name' | 'externalId' | 'member';
  readonly value: string;
}

export interface FilterPlan {
  /** Finds the candidates; undefined: every resource of the type is one. */
  readonly probe: Probe | undefined;
  /** Ids that must each be a member of the candidate. */
  readonly members: readonly string[];
  /** What must hold of a candidate besides; undefined: nothing more. */
  readonly residual: FilterNode | undefined;
}

/** Best first: an id and a name find one row, an externalId few, a member as many as it has groups. */
const PREFERENCE: readonly Probe['by'][] = ['id', 'name', 'externalId', 'member'];

interface Indexed {
  readonly node: FilterNode;
  /** Finds what the conjunct means, neither more nor less. */
  readonly probe: Probe;
}

/** The plan that reads fewest candidates. */
export function planFilter(filter: FilterNode, type: ResourceType): FilterPlan {
  const nodes = conjuncts(filter);
  const indexed = nodes.flatMap((node) => indexedConjunct(node, type) ?? []);
  const best = indexed.toSorted(byPreference)[0];
  return planWith(best, nodes, indexed);
}

/** The plan for when an index finds too many candidates to hold: all resources are looked at. */
export function planScan(filter: FilterNode, type: ResourceType): FilterPlan {
  const nodes = conjuncts(filter);
  const indexed = nodes.flatMap((node) => indexedConjunct(node, type) ?? []);
  return planWith(undefined, nodes, indexed);
}

function planWith(
  best: Indexed | undefined,
  nodes: readonly FilterNode[],
  indexed: readonly Indexed[],
): FilterPlan {
  const checks = indexed.filter((entry) => entry !== best && entry.probe.by === 'member');
  const settled = new Set(checks.map((entry) => entry.node));
  if (best !== undefined) settled.add(best.node);
  return {
    probe: best?.probe,
    members: checks.map((entry) => entry.probe.value),
    residual: conjunction(nodes.filter((node) => !settled.has(node))),
  };
}

function byPreference(a: Indexed, b: Indexed): number {
  return PREFERENCE.indexOf(a.probe.by) - PREFERENCE.indexOf(b.probe.by);
}

function indexedConjunct(node: FilterNode, type: ResourceType): Indexed | undefined {
  if (node.kind === 'compare') return indexedCompare(node, type);
  if (node.kind !== 'valuePath' || node.filter.kind !== 'compare') return undefined;
  // members[value eq "x"] says what members.value eq "x" says.
  const resolved = resolvePath(type, node.path.text);
  if (resolved?.sub !== undefined || resolved?.attribute !== type.membership) return undefined;
  const sub = type.membership?.subs.named(node.filter.path.text);
  return memberProbe(node, node.filter, sub);
}

function indexedCompare(node: CompareNode, type: ResourceType): Indexed | undefined {
  const { operator, value } = node;
  if (operator !== 'eq' || typeof value !== 'string') return undefined;
  const resolved = resolvePath(type, node.path.text);
  const attribute = resolved?.attribute;
  if (resolved === undefined || attribute === undefined) return undefined;
  if (attribute === type.membership) {
    return memberProbe(node, node, resolved.sub ?? attribute.subs.get('value'));
  }
  if (resolved.extension !== undefined || resolved.sub !== undefined) return undefined;
  if (attribute === type.nameAttribute) {
    return { node, probe: { by: 'name', value: nameKey(attribute, value) } };
  }
  if (!attribute.caseExact) return undefined;
  if (attribute.key === 'id') return { node, probe: { by: 'id', value } };
  if (attribute.key === 'externalid') {
    return { node, probe: { by: 'externalId', value } };
  }
  return undefined;
}

/** A member is found by the id that its `value` is, exactly. */
function memberProbe(
  node: FilterNode,
  { operator, value }: CompareNode,
  sub: Attribute | undefined,
): Indexed | undefined {
  if (operator !== 'eq' || typeof value !== 'string') return undefined;
  if (sub?.key !== 'value' || !sub.caseExact) return undefined;
  return { node, probe: { by: 'member', value } };
}
