/**
 * From rows to what the port answers: the stored text as it is and, when asked for, members or
 * groups rendered beside it. All reads of one answer belong in one snapshot, or its version and its
 * members could be of two commits.
 */
import { notFound } from '../scim/errors.ts';
import { linksText } from '../scim/resource/rendered.ts';
import type { Registry, ResourceType } from '../scim/schema/attribute.ts';
import type { LinksQuery } from '../store/queries.ts';
import type { StoredResource } from '../store/results.ts';
import type { ReadRow } from './read-row.ts';
import type { Reader } from './reader.ts';

/** One resource by id, as plain data that crosses threads. */
export interface ResourceGet {
  /** Row of the endpoint. */
  readonly endpoint: number;
  readonly type: string;
  readonly id: string;
  readonly links: LinksQuery | undefined;
}

/**
 * @param linksMax how many members or groups may be read
 * @returns an empty list when there is no such resource, undefined when it has more links than that
 * @throws ScimError 404 for a type the endpoint does not serve
 */
export function getResource(
  reader: Reader,
  registry: Registry,
  { endpoint, type, id, links }: ResourceGet,
  linksMax: number,
): readonly StoredResource[] | undefined {
  const read = (): readonly StoredResource[] | undefined => {
    const row = reader.get(endpoint, type, id);
    if (row === undefined) return [];
    return toStoredResources(reader, registry, typeNamed(registry, type), [row], links, linksMax);
  };
  // One statement is its own snapshot.
  return links === undefined ? read() : reader.snapshot(read);
}

/** @returns undefined when the rows together have more than `linksMax` members or groups */
export function toStoredResources(
  reader: Reader,
  registry: Registry,
  type: ResourceType,
  rows: readonly ReadRow[],
  query: LinksQuery | undefined,
  linksMax: number,
): readonly StoredResource[] | undefined {
  const found = query && reader.links(rows, type, registry, linksMax);
  if (query !== undefined && found === undefined) return undefined;
  return rows.map(({ row, id, created, lastModified, version, document }) => {
    const links = query && linksText(found?.get(row) ?? [], query.base);
    return { id, type: type.name, created, lastModified, version, document, links };
  });
}

/** @throws ScimError 404 when the endpoint serves no such type */
export function typeNamed(registry: Registry, name: string): ResourceType {
  const type = registry.typesByName.get(name);
  if (type === undefined) throw notFound(`this endpoint has no resource type ${name}`);
  return type;
}
