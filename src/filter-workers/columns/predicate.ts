/**
 * A filter over columns. Each condition becomes a mask, one byte an element or a slot, and `and`, `or`
 * and `not` join masks: a few tight loops instead of a walk through each resource. It holds of the
 * same resources as `compileFilter`'s test of each; a property test compares the two.
 */
import { assert } from '../../platform/assert.ts';
import type { CompareNode, FilterNode } from '../../scim/filter/ast.ts';
import { compileKeyComparison } from '../../scim/filter/compare.ts';
import { isPresent } from '../../scim/filter/target.ts';
import { foldAscii } from '../../scim/fold.ts';
import type { JsonValue } from '../../scim/json.ts';
import type { Attribute, ResourceType } from '../../scim/schema/attribute.ts';
import { resolvePath } from '../../scim/schema/resolve.ts';
import { ITSELF, type AttributeTable } from './attribute-table.ts';
import { ABSENT, type ScalarColumn } from './scalar-column.ts';

/** 1 where it holds. */
type Mask = Uint8Array;

type Test = (value: JsonValue) => boolean;

/**
 * @param filter whose columns `wantedBy` has named
 * @param tableOf by the attribute's path; all of them have as many slots
 * @returns by slot
 */
export function slotMask(
  filter: FilterNode,
  type: ResourceType,
  slots: number,
  tableOf: (path: string) => AttributeTable,
): Mask {
  switch (filter.kind) {
    case 'and':
      return joined(filter.nodes, 'and', (each) => slotMask(each, type, slots, tableOf));
    case 'or':
      return joined(filter.nodes, 'or', (each) => slotMask(each, type, slots, tableOf));
    case 'not':
      return negated(slotMask(filter.node, type, slots, tableOf));
    default: {
      const resolved = resolvePath(type, filter.path.text);
      assert(resolved?.attribute !== undefined, 'a filter over columns names attributes');
      const table = tableOf(resolved.attribute.path);
      const some = (mask: Mask): Mask => slotsWithAny(mask, table.offsets, slots);
      if (filter.kind === 'present') return some(presentMask(table, resolved.sub));
      if (filter.kind === 'valuePath') return some(elementMask(filter.filter, table));
      const { present, test } = comparison(filter, table, resolved.sub);
      if (test !== undefined) return some(test);
      return present
        ? some(presentMask(table, resolved.sub))
        : negated(some(presentMask(table, resolved.sub)));
    }
  }
}

/** @returns by element */
function elementMask(filter: FilterNode, table: AttributeTable): Mask {
  switch (filter.kind) {
    case 'and':
      return joined(filter.nodes, 'and', (each) => elementMask(each, table));
    case 'or':
      return joined(filter.nodes, 'or', (each) => elementMask(each, table));
    case 'not':
      return negated(elementMask(filter.node, table));
    case 'valuePath':
      throw new Error('brackets in brackets are not evaluated over columns');
    default: {
      const sub = table.attribute.subs.get(foldAscii(filter.path.text));
      if (filter.kind === 'present') return presentMask(table, sub);
      const { present, test } = comparison(filter, table, sub);
      if (test !== undefined) return test;
      return present ? presentMask(table, sub) : negated(presentMask(table, sub));
    }
  }
}

/** Null and absent are one: a comparison with null is of whether there is something. */
function comparison(
  node: CompareNode,
  table: AttributeTable,
  named: Attribute | undefined,
): { readonly present: boolean; readonly test: Mask | undefined } {
  if (node.value === null) return { present: node.operator === 'ne', test: undefined };
  const { attribute } = table;
  const sub = named ?? (attribute.type === 'complex' ? attribute.subs.get('value') : undefined);
  const test = compileKeyComparison(sub ?? attribute, node);
  const key = `${node.operator} ${JSON.stringify(node.value)}`;
  const column = columnOf(table, sub);
  const mask = new Uint8Array(column.codes.length);
  mark(mask, column, column.hits(key, test), sub !== undefined && assumedHit(attribute, sub, test));
  return { present: true, test: mask };
}

/** RFC 7643 §2.4: if not specified, `primary` is assumed to be false. */
function assumedHit(attribute: Attribute, sub: Attribute, test: Test): boolean {
  const isPrimary = attribute.multiValued && sub.key === 'primary' && sub.type === 'boolean';
  return isPrimary && test(false);
}

function presentMask(table: AttributeTable, sub: Attribute | undefined): Mask {
  if (sub === undefined) return Uint8Array.from(table.present);
  const column = columnOf(table, sub);
  const mask = new Uint8Array(column.codes.length);
  mark(mask, column, column.hits('pr', isPresent), false);
  return mask;
}

function columnOf(table: AttributeTable, sub: Attribute | undefined): ScalarColumn {
  const column = table.column(sub?.key ?? ITSELF);
  assert(column !== undefined, 'the column was wanted');
  return column;
}

function mark(mask: Mask, { codes }: ScalarColumn, hits: Mask, absent: boolean): void {
  const hitOfAbsent = absent ? 1 : 0;
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? ABSENT;
    mask[at] = code === ABSENT ? hitOfAbsent : (hits[code] ?? 0);
  }
}

function slotsWithAny(elements: Mask, offsets: Int32Array, slots: number): Mask {
  const mask = new Uint8Array(slots);
  let at = 0;
  for (let slot = 0; slot < slots; slot += 1) {
    const end = offsets[slot + 1] ?? 0;
    for (; at < end; at += 1) if (elements[at] === 1) mask[slot] = 1;
  }
  return mask;
}

function joined(
  nodes: readonly FilterNode[],
  by: 'and' | 'or',
  maskOf: (node: FilterNode) => Mask,
): Mask {
  const [first, ...others] = nodes;
  assert(first !== undefined, 'a junction has nodes');
  const result = maskOf(first);
  for (const node of others) {
    const mask = maskOf(node);
    if (by === 'and')
      for (let at = 0; at < result.length; at += 1)
        result[at] = (result[at] ?? 0) & (mask[at] ?? 0);
    else
      for (let at = 0; at < result.length; at += 1)
        result[at] = (result[at] ?? 0) | (mask[at] ?? 0);
  }
  return result;
}

function negated(mask: Mask): Mask {
  for (let at = 0; at < mask.length; at += 1) mask[at] = mask[at] === 1 ? 0 : 1;
  return mask;
}
