/**
 * What a filter looks at, attribute by attribute: the columns that must be there before it can be
 * evaluated over them.
 */
import type { FilterNode } from '../../scim/filter/ast.ts';
import { foldAscii } from '../../scim/fold.ts';
import type { Attribute, ResourceType } from '../../scim/schema/attribute.ts';
import { resolvePath } from '../../scim/schema/resolve.ts';
import { ITSELF } from './attribute-table.ts';

export interface WantedAttribute {
  /** Key of the extension's object in a document; undefined for core attributes. */
  readonly urn: string | undefined;
  readonly attribute: Attribute;
  /** Of sub-attributes, or ITSELF. */
  readonly keys: Set<string>;
}

/** By `attribute.path`, which names it within its type. */
export type Wanted = Map<string, WantedAttribute>;

/**
 * @param filter which `compileFilter` has taken
 * @returns undefined when some of it is in no document, or has a shape that no column holds
 */
export function wantedBy(filter: FilterNode, type: ResourceType): Wanted | undefined {
  const wanted: Wanted = new Map();
  return collect(filter, type, wanted) ? wanted : undefined;
}

/** What is wanted and not there: attributes, each with all of its keys that anybody has wanted. */
export function lacking(there: Wanted, wanted: Wanted): Wanted {
  const missing: Wanted = new Map();
  for (const [path, entry] of wanted) {
    const known = there.get(path)?.keys;
    if (known !== undefined && [...entry.keys].every((key) => known.has(key))) continue;
    missing.set(path, { ...entry, keys: new Set([...(known ?? []), ...entry.keys]) });
  }
  return missing;
}

function collect(node: FilterNode, type: ResourceType, wanted: Wanted): boolean {
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.nodes.every((each) => collect(each, type, wanted));
    case 'not':
      return collect(node.node, type, wanted);
    default: {
      const resolved = resolvePath(type, node.path.text);
      const attribute = resolved?.attribute;
      if (resolved === undefined || attribute === undefined) return false;
      if (!isInDocument(attribute, type)) return false;
      const { extension, sub } = resolved;
      const entry = entryOf(wanted, extension?.urn, attribute);
      if (node.kind === 'present') return sub === undefined || addSub(entry, sub);
      if (node.kind === 'compare') return addCompared(entry, sub);
      return sub === undefined && collectInner(node.filter, entry);
    }
  }
}

/** In brackets: paths are of the elements. */
function collectInner(node: FilterNode, entry: WantedAttribute): boolean {
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.nodes.every((each) => collectInner(each, entry));
    case 'not':
      return collectInner(node.node, entry);
    case 'valuePath':
      return false;
    default: {
      const sub = entry.attribute.subs.get(foldAscii(node.path.text));
      if (node.kind === 'present') return sub === undefined || addSub(entry, sub);
      return addCompared(entry, sub);
    }
  }
}

/** Links and `meta` are rows and columns of their own. */
function isInDocument(attribute: Attribute, type: ResourceType): boolean {
  return (
    !attribute.derived &&
    attribute !== type.membership &&
    attribute !== type.groups &&
    attribute !== type.attributes.get('meta')
  );
}

function entryOf(wanted: Wanted, urn: string | undefined, attribute: Attribute): WantedAttribute {
  const known = wanted.get(attribute.path);
  if (known !== undefined) return known;
  const entry = { urn, attribute, keys: new Set<string>() };
  wanted.set(attribute.path, entry);
  return entry;
}

/** A complex attribute compares by its `value`. */
function addCompared(entry: WantedAttribute, sub: Attribute | undefined): boolean {
  const { attribute } = entry;
  const compared = sub ?? (attribute.type === 'complex' ? attribute.subs.get('value') : undefined);
  if (compared !== undefined) return addSub(entry, compared);
  if (attribute.type === 'complex') return false;
  entry.keys.add(ITSELF);
  return true;
}

function addSub({ keys }: WantedAttribute, sub: Attribute): boolean {
  if (sub.multiValued || sub.type === 'complex') return false;
  keys.add(sub.key);
  return true;
}
