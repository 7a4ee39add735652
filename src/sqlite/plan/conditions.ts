/**
 * Which index answers one condition of a filter, and whether it does so exactly. A condition that is
 * not exact finds at least what it means; what was found is then evaluated.
 */
import type {
  CompareNode,
  FilterNode,
  PathText,
  PresentNode,
  ValuePathNode,
} from '../../scim/filter/ast.ts';
import { parseInstant } from '../../scim/filter/instant.ts';
import { fold, foldAscii } from '../../scim/fold.ts';
import { indexKey, isExactKey, type IndexKey } from '../../scim/resource/index-keys.ts';
import { uniqueKey } from '../../scim/resource/unique-values.ts';
import type {
  Attribute,
  AttributePlace,
  IndexedPlace,
  ResourceType,
} from '../../scim/schema/attribute.ts';
import { resolvePath, type ResolvedPath } from '../../scim/schema/resolve.ts';
import { nameKey } from '../name-key.ts';
import type { Access, Probe, Range } from './access.ts';
import { EVERY_KEY, hasOwnKey, numberInterval, overlap, textInterval } from './intervals.ts';

/** The number of a complete index of an attribute; undefined when there is none. */
export type IndexOf = (place: IndexedPlace) => number | undefined;

export interface PlanContext {
  readonly type: ResourceType;
  readonly indexOf: IndexOf;
}

/** A part of a filter that an index answers. */
export interface Indexed {
  /** What of the filter it answers. */
  readonly nodes: readonly FilterNode[];
  readonly access: Access;
  /** Whether it finds what the nodes mean, no more. Less it never finds. */
  readonly exact: boolean;
  /** Whether ranges of the index may be cut to what they have in common: it has one key a resource. */
  readonly single: boolean;
}

/** Undefined when no index answers it. */
export function indexedCondition(
  node: CompareNode | PresentNode | ValuePathNode,
  context: PlanContext,
): Indexed | undefined {
  if (node.kind === 'valuePath') return indexedValuePath(node, context);
  const resolved = resolvePath(context.type, node.path.text);
  if (resolved?.attribute === undefined) return undefined;
  return node.kind === 'present'
    ? indexedPresence(node, resolved, context)
    : indexedCompare(node, resolved, context);
}

/** The overlap of two ranges of one index that has one key a resource; undefined for any others. */
export function overlapping(a: Indexed, b: Indexed): Indexed | undefined {
  const [one, other] = [a.access, b.access];
  if (!a.single || !b.single || one.kind !== 'range' || other.kind !== 'range') return undefined;
  const index = one.on === 'attribute' ? one.index : 0;
  if (one.on !== other.on || index !== (other.on === 'attribute' ? other.index : 0))
    return undefined;
  return {
    nodes: [...a.nodes, ...b.nodes],
    access: { ...one, ...overlap(one, other) },
    exact: a.exact && b.exact,
    single: true,
  };
}

function indexedCompare(
  node: CompareNode,
  resolved: ResolvedPath,
  { type, indexOf }: PlanContext,
): Indexed | undefined {
  const { extension, attribute, sub } = resolved;
  if (attribute === undefined || node.value === null) return undefined;
  if (attribute === type.membership || attribute === type.groups) {
    return linkProbe(node, node, attribute, sub ?? attribute.subs.get('value'), type);
  }
  if (extension === undefined) {
    if (attribute === type.attributes.get('meta')) return indexedTime(node, sub);
    if (sub === undefined) {
      const keyed = indexedColumn(node, attribute, type);
      if (keyed !== undefined) return keyed;
    }
  }
  return indexedValue(node, attribute, sub, { type, indexOf });
}

/** What has a column of its own. Of an empty name or externalId it has no key: see `isWhole`. */
function indexedColumn(
  node: CompareNode,
  attribute: Attribute,
  type: ResourceType,
): Indexed | undefined {
  const { operator, value } = node;
  const on = columnOf(attribute, type);
  if (on === undefined || typeof value !== 'string') return undefined;
  const literal = on === 'name' ? nameKey(attribute, value) : value;
  if (operator === 'eq') {
    if (literal === '' || !hasOwnKey(literal)) return undefined;
    return single(node, { kind: 'probe', by: on, value: literal });
  }
  const interval = textInterval(operator, literal);
  return interval && single(node, { kind: 'range', on, ...interval });
}

function columnOf(
  attribute: Attribute,
  type: ResourceType,
): 'id' | 'name' | 'externalId' | undefined {
  if (attribute === type.nameAttribute && attribute.type === 'string') return 'name';
  if (!attribute.caseExact || attribute.type !== 'string') return undefined;
  if (attribute === type.attributes.get('id')) return 'id';
  return attribute === type.attributes.get('externalid') ? 'externalId' : undefined;
}

/** The column has whole milliseconds; the numbers of a filter may lie in between. */
function indexedTime(node: CompareNode, sub: Attribute | undefined): Indexed | undefined {
  if (sub?.key !== 'lastmodified' || typeof node.value !== 'string') return undefined;
  const literal = parseInstant(node.value);
  if (Number.isNaN(literal)) return undefined;
  const interval = numberInterval(node.operator, literal);
  return interval && single(node, { kind: 'range', on: 'lastModified', ...interval });
}

/** By a unique value, or by an index that the endpoint wants. */
function indexedValue(
  node: CompareNode,
  attribute: Attribute,
  sub: Attribute | undefined,
  { type, indexOf }: PlanContext,
): Indexed | undefined {
  const leaf = sub ?? (attribute.type === 'complex' ? attribute.subs.get('value') : attribute);
  if (leaf === undefined || node.value === null) return undefined;
  const isHere = (place: AttributePlace): boolean =>
    place.attribute === attribute && place.leaf === leaf;
  const unique = type.uniques.find(isHere);
  if (unique !== undefined && node.operator === 'eq') {
    const value = uniqueKey(leaf, node.value);
    if (value === undefined || (typeof node.value === 'string' && !hasOwnKey(value)))
      return undefined;
    const access: Probe = { kind: 'probe', by: 'unique', place: unique.key, value };
    return { nodes: [node], access, exact: false, single: false };
  }
  const place = type.indexed.find(isHere);
  const key = place && literalKey(leaf, node.value);
  if (place === undefined || key === undefined || !isExactKey(key)) return undefined;
  const index = indexOf(place);
  if (index === undefined) return undefined;
  const access = attributeAccess(node, attribute, leaf, key, { index, path: leaf.path });
  if (access === undefined) return undefined;
  if (place.besideName !== undefined) return withNames(node, access);
  const single = !attribute.multiValued && !leaf.multiValued;
  return { nodes: [node], access, exact: true, single };
}

/** With those whose name it is: their value, if it is that, has no key among those of the attribute. */
function withNames(node: CompareNode, access: Probe | Range): Indexed {
  const names: Probe | Range =
    access.kind === 'probe'
      ? { kind: 'probe', by: 'name', value: String(access.value) }
      : { kind: 'range', on: 'name', low: access.low, high: access.high };
  const union: Access = { kind: 'union', parts: [access, names] };
  return { nodes: [node], access: union, exact: false, single: false };
}

function attributeAccess(
  { operator }: CompareNode,
  attribute: Attribute,
  leaf: Attribute,
  key: IndexKey,
  index: { readonly index: number; readonly path: string },
): Probe | Range | undefined {
  const { type } = leaf;
  if (type === 'boolean') {
    // An element without `primary` is not primary (RFC 7643 §2.4), and has no key that says so.
    if (attribute.multiValued && leaf.key === 'primary') return undefined;
    if (operator !== 'eq' && operator !== 'ne') return undefined;
    const value = operator === 'eq' ? key : 1 - Number(key);
    return { kind: 'probe', by: 'attribute', ...index, value };
  }
  if (operator === 'eq') {
    const probe: Probe = { kind: 'probe', by: 'attribute', ...index, value: key };
    return typeof key === 'number' || hasOwnKey(key) ? probe : undefined;
  }
  // No order of its own; what asks for one is refused when the rest is compiled.
  if (type === 'binary' && operator !== 'sw') return undefined;
  // `sw` of a dateTime looks at its text, which is not its key.
  const interval =
    typeof key === 'number' ? numberInterval(operator, key) : textInterval(operator, key);
  return interval && { kind: 'range', on: 'attribute', ...index, ...interval };
}

function literalKey(leaf: Attribute, value: string | number | boolean): IndexKey | undefined {
  if (leaf.type !== 'boolean' || typeof value !== 'string') {
    // What a key makes of a lone surrogate is what it makes of others, too.
    return typeof value === 'string' && !value.isWellFormed() ? undefined : indexKey(leaf, value);
  }
  const text = fold(value);
  return text === 'true' ? 1 : text === 'false' ? 0 : undefined;
}

/** All that has a key: also what is empty, which is not present. */
function indexedPresence(
  node: PresentNode,
  { attribute, sub }: ResolvedPath,
  { type, indexOf }: PlanContext,
): Indexed | undefined {
  const leaf = sub ?? attribute;
  const place = type.indexed.find((each) => each.attribute === attribute && each.leaf === leaf);
  // A time that there is not has no key, though it is present.
  if (place === undefined || place.leaf.type === 'dateTime') return undefined;
  if (place.besideName !== undefined) return undefined;
  const index = indexOf(place);
  if (index === undefined) return undefined;
  const { path } = place.leaf;
  const access: Range = { kind: 'range', on: 'attribute', index, path, ...EVERY_KEY };
  return { nodes: [node], access, exact: false, single: false };
}

/** By one condition that must hold of the element; the others are left to evaluate. */
function indexedValuePath(node: ValuePathNode, context: PlanContext): Indexed | undefined {
  const { type } = context;
  const resolved = resolvePath(type, node.path.text);
  const attribute = resolved?.attribute;
  if (attribute === undefined || resolved?.sub !== undefined) return undefined;
  if (attribute === type.membership || attribute === type.groups) {
    // members[value eq "x"] says what members.value eq "x" says.
    if (node.filter.kind !== 'compare') return undefined;
    const sub = attribute.subs.get(foldAscii(node.filter.path.text));
    return linkProbe(node, node.filter, attribute, sub, type);
  }
  if (attribute === type.attributes.get('meta')) return undefined;
  let best: Indexed | undefined;
  for (const inner of node.filter.kind === 'and' ? node.filter.nodes : [node.filter]) {
    if (inner.kind !== 'compare') continue;
    const found = indexedElement(inner, inner.path, attribute, context);
    if (found === undefined) continue;
    if (best === undefined || found.access.kind !== 'range') best = found;
    if (best.access.kind === 'probe' && best.access.by === 'unique') break;
  }
  return best && { ...best, nodes: [node], exact: false, single: false };
}

/** A condition in brackets, as one on the attribute: it holds of some element, if not of the same. */
function indexedElement(
  node: CompareNode,
  { text }: PathText,
  attribute: Attribute,
  context: PlanContext,
): Indexed | undefined {
  const sub = attribute.subs.get(foldAscii(text));
  // Of simple values, `value` is the element itself.
  if (sub === undefined && attribute.type === 'complex') return undefined;
  return node.value === null ? undefined : indexedValue(node, attribute, sub, context);
}

/** A member, or a group, is found by the id that its `value` is, exactly. */
function linkProbe(
  node: FilterNode,
  { operator, value }: CompareNode,
  attribute: Attribute,
  sub: Attribute | undefined,
  type: ResourceType,
): Indexed | undefined {
  if (operator !== 'eq' || typeof value !== 'string') return undefined;
  if (sub?.key !== 'value' || !sub.caseExact || !hasOwnKey(value)) return undefined;
  const by = attribute === type.membership ? 'member' : 'group';
  return { nodes: [node], access: { kind: 'probe', by, value }, exact: true, single: false };
}

function single(node: FilterNode, access: Probe | Range): Indexed {
  return { nodes: [node], access, exact: true, single: true };
}
