/**
 * A filter over stored rows. It sees exactly the resource that a client would be shown: the same
 * text is put together and parsed. `meta` and links are added only when the filter mentions them.
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
import type { ReadRow } from './reader.ts';

export interface RowFilter {
  /** Whether `matches` wants the members or groups of the row. */
  readonly needsLinks: boolean;
  matches(row: ReadRow, links: readonly Link[] | undefined): boolean;
}

/**
 * @param base URL before `$ref` and `meta.location`
 * @throws ScimError 400 invalidFilter
 */
export function compileRowFilter(
  filter: FilterNode | undefined,
  type: ResourceType,
  base: string,
): RowFilter {
  if (filter === undefined) return { needsLinks: false, matches: () => true };
  const holds = compileFilter(filter, type);
  const mentions = filterMentions(filter, type);
  const plain = !mentions.links && !mentions.meta;
  return {
    needsLinks: mentions.links,
    matches: (row, links) =>
      holds(parseResource(plain ? row.document : shownText(row, type, links, base))),
  };
}

function shownText(
  row: ReadRow,
  type: ResourceType,
  links: readonly Link[] | undefined,
  base: string,
): string {
  const meta = metaText(type.name, row, resourceLocation(base, type.endpoint, row.id));
  const linksName = (type.membership ?? type.groups)?.name;
  return resourceText(row.document, meta, linksName, links && linksText(links, base));
}

function parseResource(text: string): JsonObject {
  const resource = JSON.parse(text) as JsonValue;
  if (!isObject(resource)) throw new Error('a stored document is no JSON object');
  return resource;
}
