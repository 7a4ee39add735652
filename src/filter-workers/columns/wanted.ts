/**
 * What a filter or a sort looks at, attribute by attribute: the columns that must be there before it
 * can be answered by them.
 */
import type { FilterNode } from '../../scim/filter/ast.ts';
import { foldAscii } from '../../scim/fold.ts';
import type { Attribute, ResourceType } from '../../scim/schema/attribute.ts';
import { resolvePath } from '../../scim/schema/resolve.ts';
import type { CompiledSort } from '../../scim/sort/compile.ts';
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
 * @param sort undefined also for the order of lists
 * @returns undefined when some of it has a shape that no column holds
 */
export function wantedBy(
  filter: FilterNode | undefined,
  sort: CompiledSort | undefined,
  type: ResourceType,
): Wanted | undefined {
  const wanted: Wanted = new Map();
  if (filter !== undefined && !collect(filter, type, wanted)) return undefined;
  return sort === undefined || collectSort(sort, type, wanted) ? wanted : undefined;
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

/** The same for what wants the same. */
export function signatureOf(wanted: Wanted): string {
  const parts = [...wanted].map(([path, { keys }]) => `${path} ${[...keys].sort().join()}`);
  return parts.sort().join('\n');
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
      const { extension, sub } = resolved;
      const entry = entryOf(wanted, extension?.urn, attribute, type);
      if (entry === undefined) return false;
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

function collectSort(
  { extension, attribute, sub }: CompiledSort,
  type: ResourceType,
  wanted: Wanted,
): boolean {
  const entry = entryOf(wanted, extension?.urn, attribute, type);
  return entry !== undefined && addCompared(entry, sub);
}

/** Undefined for what is in no document and in no column of the store: links are rows. */
function entryOf(
  wanted: Wanted,
  urn: string | undefined,
  attribute: Attribute,
  type: ResourceType,
): WantedAttribute | undefined {
  const isLink = attribute === type.membership || attribute === type.groups;
  if (isLink || (attribute.derived && attribute !== metaOf(type))) return undefined;
  const known = wanted.get(attribute.path);
  if (known !== undefined) return known;
  const entry = { urn, attribute, keys: new Set<string>() };
  wanted.set(attribute.path, entry);
  return entry;
}

/** It stands beside documents, made of a row. */
export function metaOf(type: ResourceType): Attribute | undefined {
  return type.attributes.get('meta');
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

function addSub({ attribute, keys }: WantedAttribute, sub: Attribute): boolean {
  if (sub.multiValued || sub.type === 'complex') return false;
  // It depends on the URL of the request.
  if (attribute.derived && sub.key === 'location') return false;
  keys.add(sub.key);
  return true;
}
