/**
 * A filter over columns. Each condition becomes a mask, one byte an element or a slot, and `and`, `or`
 * and `not` join masks: a few tight loops instead of a walk through each resource. It holds of the
 * same resources as `compileFilter`'s test of each; a property test compares the two.
 */
import { assert } from '../../platform/assert.ts';
import type { CompareNode, FilterNode } from '../../scim/filter/ast.ts';
import { compileKeyComparison } from '../../scim/filter/compare.ts';
import { foldAscii } from '../../scim/fold.ts';
import type { Attribute, ResourceType } from '../../scim/schema/attribute.ts';
import { resolvePath } from '../../scim/schema/resolve.ts';
import { ITSELF, type AttributeTable } from './attribute-table.ts';
import type { Column, Evaluation } from './column.ts';
import { addOther, countOf, keepBoth, negate, type Mask, type MaskPool } from './mask.ts';

/** Where more than that is left, to tell it apart spares little. */
const MOST = 0.75;

/** What a filter is evaluated over. */
export interface ColumnView extends Evaluation {
  readonly type: ResourceType;
  readonly slots: number;
  /** By the attribute's path; all of them have as many slots. */
  readonly tableOf: (path: string) => AttributeTable;
}

/**
 * @param filter whose columns `wantedBy` has named
 * @param among the slots that matter, each 1: of others the mask says nothing; undefined for all
 * @returns by slot; from the pool, and to be given back
 */
export function slotMask(filter: FilterNode, view: ColumnView, among?: Mask): Mask {
  const { slots, pool } = view;
  const nested = (node: FilterNode, left: Mask | undefined): Mask => slotMask(node, view, left);
  switch (filter.kind) {
    case 'and': {
      const nodes = byEffort(filter.nodes, (node) => effortOf(node, view));
      return conjunction(nodes, nested, slots, pool, among);
    }
    case 'or':
      return disjunction(filter.nodes, nested, slots, pool, among);
    case 'not':
      return negated(nested(filter.node, among), slots);
    default: {
      const resolved = resolvePath(view.type, filter.path.text);
      assert(resolved?.attribute !== undefined, 'a filter over columns names attributes');
      const table = view.tableOf(resolved.attribute.path);
      const inner = among === undefined ? undefined : elementsOf(among, table, view);
      const { isNull, mask } =
        filter.kind === 'valuePath'
          ? { isNull: false, mask: elementMask(filter.filter, table, view, inner) }
          : conditionMask(filter, table, resolved.sub, view, inner);
      if (inner !== undefined && inner !== among) pool.give(inner);
      const found = slotsWithAny(mask, table, view);
      return isNull ? negated(found, slots) : found;
    }
  }
}

/** @returns by element */
function elementMask(
  filter: FilterNode,
  table: AttributeTable,
  view: ColumnView,
  among: Mask | undefined,
): Mask {
  const { elements } = table;
  const { pool } = view;
  const nested = (node: FilterNode, left: Mask | undefined): Mask =>
    elementMask(node, table, view, left);
  switch (filter.kind) {
    case 'and': {
      const nodes = byEffort(filter.nodes, (node) => innerEffortOf(node, table));
      return conjunction(nodes, nested, elements, pool, among);
    }
    case 'or':
      return disjunction(filter.nodes, nested, elements, pool, among);
    case 'not':
      return negated(nested(filter.node, among), elements);
    case 'valuePath':
      throw new Error('brackets in brackets are not evaluated over columns');
    default: {
      const sub = table.attribute.subs.get(foldAscii(filter.path.text));
      const { isNull, mask } = conditionMask(filter, table, sub, view, among);
      return isNull ? negated(mask, elements) : mask;
    }
  }
}

type Condition = Exclude<FilterNode, { kind: 'and' | 'or' | 'not' | 'valuePath' }>;

/**
 * Null and absent are one: a comparison with null is of whether there is something.
 * @returns `isNull` when the mask is of what it does not hold of
 */
function conditionMask(
  node: Condition,
  table: AttributeTable,
  named: Attribute | undefined,
  view: ColumnView,
  among: Mask | undefined,
): { readonly isNull: boolean; readonly mask: Mask } {
  view.keepGoing();
  const mask = view.pool.take(table.elements);
  if (node.kind === 'present' || node.value === null) {
    if (named === undefined) table.presence(mask);
    else columnOf(table, named).presence(mask, view);
    return { isNull: node.kind === 'compare' && node.operator === 'eq', mask };
  }
  const sub = comparedSub(table, named);
  const ofAbsent = holdsOfAbsent(table.attribute, sub, node);
  columnOf(table, sub).compare(node, ofAbsent, mask, view, among);
  return { isNull: false, mask };
}

/** A complex attribute compares by its `value`. */
function comparedSub(
  { attribute }: AttributeTable,
  named: Attribute | undefined,
): Attribute | undefined {
  return named ?? (attribute.type === 'complex' ? attribute.subs.get('value') : undefined);
}

/** RFC 7643 §2.4: if not specified, `primary` is assumed to be false. */
function holdsOfAbsent(
  attribute: Attribute,
  sub: Attribute | undefined,
  node: CompareNode,
): boolean {
  if (!attribute.multiValued || sub?.key !== 'primary' || sub.type !== 'boolean') return false;
  return compileKeyComparison(sub, node)(false);
}

function columnOf(table: AttributeTable, sub: Attribute | undefined): Column {
  const column = table.column(sub?.key ?? ITSELF);
  assert(column !== undefined, 'the column was wanted');
  return column;
}

/** Takes the mask of elements, gives one of slots. */
function slotsWithAny(elements: Mask, table: AttributeTable, { slots, pool }: ColumnView): Mask {
  if (table.isOnePerSlot) return elements;
  const mask = pool.take(slots);
  const { offsets } = table;
  let at = 0;
  for (let slot = 0; slot < slots; slot += 1) {
    const end = offsets[slot + 1] ?? 0;
    let any = 0;
    for (; at < end; at += 1) any |= elements[at] ?? 0;
    mask[slot] = any;
  }
  pool.give(elements);
  return mask;
}

/** The elements of slots. */
function elementsOf(among: Mask, table: AttributeTable, { slots, pool }: ColumnView): Mask {
  if (table.isOnePerSlot) return among;
  const mask = pool.take(table.elements);
  const { offsets } = table;
  let at = 0;
  for (let slot = 0; slot < slots; slot += 1) {
    const end = offsets[slot + 1] ?? 0;
    const matters = among[slot] ?? 0;
    for (; at < end; at += 1) mask[at] = matters;
  }
  return mask;
}

/** Of what is left by one, the next is asked; once nothing is, no more. */
function conjunction(
  nodes: readonly FilterNode[],
  maskOf: (node: FilterNode, among: Mask | undefined) => Mask,
  length: number,
  pool: MaskPool,
  among: Mask | undefined,
): Mask {
  const [first, ...others] = nodes;
  assert(first !== undefined, 'a junction has nodes');
  const result = maskOf(first, among);
  for (const node of others) {
    const left = countOf(result, length);
    if (left === 0) break;
    const mask = maskOf(node, left > length * MOST ? among : result);
    keepBoth(result, mask, length);
    pool.give(mask);
  }
  return result;
}

function disjunction(
  nodes: readonly FilterNode[],
  maskOf: (node: FilterNode, among: Mask | undefined) => Mask,
  length: number,
  pool: MaskPool,
  among: Mask | undefined,
): Mask {
  const [first, ...others] = nodes;
  assert(first !== undefined, 'a junction has nodes');
  const result = maskOf(first, among);
  for (const node of others) {
    const mask = maskOf(node, among);
    addOther(result, mask, length);
    pool.give(mask);
  }
  return result;
}

function negated(mask: Mask, length: number): Mask {
  negate(mask, length);
  return mask;
}

/** What costs least first: what comes later may be spared. */
function byEffort(
  nodes: readonly FilterNode[],
  effort: (node: FilterNode) => number,
): readonly FilterNode[] {
  const known = new Map(nodes.map((node) => [node, effort(node)]));
  return nodes.toSorted((a, b) => (known.get(a) ?? 0) - (known.get(b) ?? 0));
}

function effortOf(node: FilterNode, view: ColumnView): number {
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.nodes.reduce((sum, each) => sum + effortOf(each, view), 0);
    case 'not':
      return effortOf(node.node, view);
    default: {
      const resolved = resolvePath(view.type, node.path.text);
      assert(resolved?.attribute !== undefined, 'a filter over columns names attributes');
      const table = view.tableOf(resolved.attribute.path);
      if (node.kind === 'valuePath') return innerEffortOf(node.filter, table);
      return table.column(comparedSub(table, resolved.sub)?.key ?? ITSELF)?.effort ?? 0;
    }
  }
}

function innerEffortOf(node: FilterNode, table: AttributeTable): number {
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.nodes.reduce((sum, each) => sum + innerEffortOf(each, table), 0);
    case 'not':
      return innerEffortOf(node.node, table);
    case 'valuePath':
      return 0;
    default: {
      const sub = comparedSub(table, table.attribute.subs.get(foldAscii(node.path.text)));
      return table.column(sub?.key ?? ITSELF)?.effort ?? 0;
    }
  }
}
