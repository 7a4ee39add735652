/**
 * What a filter and a sort see of stored rows: exactly the resource that a client would be shown. The
 * same text is put together and parsed, once a row; `meta` and links are added only when they are
 * looked at, and what has a column of its own is sorted by without parsing.
 */
import type { FilterNode } from '../scim/filter/ast.ts';
import { compileFilter, filterMentions } from '../scim/filter/evaluate.ts';
import { isObject, type JsonObject, type JsonValue } from '../scim/json.ts';
import {
  linksText,
  metaText,
  resourceLocation,
  resourceText,
  type Link,
} from '../scim/resource/rendered.ts';
import type { ResourceType } from '../scim/schema/attribute.ts';
import type { CompiledSort } from '../scim/sort/compile.ts';
import { textKey, type SortKey } from '../scim/sort/key.ts';
import { rawTextTest } from './raw-text.ts';
import type { ReadRow } from './read-row.ts';

/** A row, and its members or groups when a view `needsLinks`. */
export interface SeenRow {
  readonly row: ReadRow;
  readonly links: readonly Link[] | undefined;
}

export interface RowView {
  /** Whether rows are to be seen with their members or groups. */
  readonly needsLinks: boolean;
  matches(seen: SeenRow): boolean;
  /** Undefined without a sort, and for a row without a value to sort by. */
  key(seen: SeenRow): SortKey | undefined;
}

/**
 * @param base URL before `$ref` and `meta.location`
 * @param skims whether few of many rows are expected to match: then their bytes are looked at first
 * @throws ScimError 400 invalidFilter
 */
export function compileRowView(
  filter: FilterNode | undefined,
  sort: CompiledSort | undefined,
  type: ResourceType,
  base: string,
  skims = false,
): RowView {
  const mayHold = skims && filter !== undefined ? rawTextTest(filter, type) : undefined;
  const holds = filter && compileFilter(filter, type);
  const mentions = filter && filterMentions(filter, type);
  const columnKey = sort && keyOfColumn(sort, type);
  const links = type.membership ?? type.groups;
  const sortsLinks = sort !== undefined && links !== undefined && sort.attribute === links;
  const needsLinks = mentions?.links === true || sortsLinks;
  const sortsMeta = columnKey === undefined && sort?.attribute === type.attributes.get('meta');
  const needsMeta = mentions?.meta === true || sortsMeta;
  const plain = !needsLinks && !needsMeta;
  let last: { readonly row: ReadRow; readonly resource: JsonObject } | undefined;

  /** Of the row asked for last, the resource is still there: a match is asked for its key next. */
  const resourceOf = ({ row, links }: SeenRow): JsonObject => {
    if (last?.row !== row) {
      const stored = row.document.toString('utf8');
      const text = plain ? stored : shownText(stored, row, type, links, base);
      last = { row, resource: parseResource(text) };
    }
    return last.resource;
  };

  return {
    needsLinks,
    matches: (seen) =>
      holds === undefined || (mayHold?.(seen.row.document) !== false && holds(resourceOf(seen))),
    key: (seen) => (columnKey === undefined ? sort?.key(resourceOf(seen)) : columnKey(seen.row)),
  };
}

function keyOfColumn(
  { extension, attribute, sub }: CompiledSort,
  type: ResourceType,
): ((row: ReadRow) => SortKey | undefined) | undefined {
  if (extension !== undefined) return undefined;
  if (attribute.key === 'id') return ({ id }) => textKey(id, attribute.caseExact);
  if (attribute !== type.attributes.get('meta')) return undefined;
  if (sub?.key === 'created') return ({ created }) => created;
  return sub?.key === 'lastmodified' ? ({ lastModified }) => lastModified : undefined;
}

function shownText(
  document: string,
  row: ReadRow,
  type: ResourceType,
  links: readonly Link[] | undefined,
  base: string,
): string {
  const meta = metaText(type.name, row, resourceLocation(base, type.endpoint, row.id));
  const linksName = (type.membership ?? type.groups)?.name;
  return resourceText(document, meta, linksName, links && linksText(links, base));
}

function parseResource(text: string): JsonObject {
  const resource = JSON.parse(text) as JsonValue;
  if (!isObject(resource)) throw new Error('a stored document is no JSON object');
  return resource;
}
