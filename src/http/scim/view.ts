/**
 * How one request wants resources shown: which attributes, under which base URL. Without
 * projection a resource is written from its stored text, unparsed; members and groups are read
 * only when they will be shown.
 */
import {
  projectText,
  type DerivedMember,
  type TextProjection,
} from '../../scim/resource/project-text.ts';
import { compileProjection } from '../../scim/resource/project.ts';
import {
  type ResourceMeta,
  entityTag,
  hasLinks,
  metaText,
  resourceLocation,
  resourceTail,
} from '../../scim/resource/rendered.ts';
import type { ResourceType } from '../../scim/schema/attribute.ts';
import { TextParts } from '../../scim/text-parts.ts';
import type { LinksQuery } from '../../store/queries.ts';
import { type Answer, type Header, scimAnswer } from '../answer.ts';
import { attributeList } from '../query.ts';
import type { ScimRequest } from './request.ts';

/** What a resource is shown from; a StoredResource is one. */
export interface ShownResource extends ResourceMeta {
  readonly id: string;
  /** JSON text: as it was put together for a write, or as it is stored. */
  readonly document: string | Uint8Array;
  readonly links: string | undefined;
}

export interface ResourceView {
  readonly type: ResourceType;
  readonly base: string;
  readonly projection: TextProjection | undefined;
  /** To hand to the store; undefined when members or groups would not be shown. */
  readonly links: LinksQuery | undefined;
}

/** @throws ScimError for attribute lists that the type refuses */
export function viewOf({ base, query }: ScimRequest, type: ResourceType): ResourceView {
  const attributes = attributeList(query, 'attributes');
  return viewFor(base, type, attributes, attributeList(query, 'excludedAttributes'));
}

/**
 * For attribute lists that do not stand in the query string.
 * @throws ScimError for attribute lists that the type refuses
 */
export function viewFor(
  base: string,
  type: ResourceType,
  attributes: readonly string[] | undefined,
  excluded: readonly string[] | undefined,
): ResourceView {
  const compiled = compileProjection(type, attributes, excluded);
  const projection = compiled && projectText(compiled);
  const hasAny = linksName(type) !== undefined;
  const showsLinks = hasAny && (projection === undefined || projection.needsLinks);
  return { type, base, projection, links: showsLinks ? { base } : undefined };
}

/** Adds the resource as JSON text. */
export function showResource(into: TextParts, view: ResourceView, resource: ShownResource): void {
  const { type, projection } = view;
  const { document, links } = resource;
  const meta = (): string => metaText(type.name, resource, locationOf(view, resource.id));
  const name = linksName(type);
  if (projection !== undefined) {
    const derived: DerivedMember[] = [['meta', meta]];
    if (name !== undefined && hasLinks(links)) derived.unshift([name, () => links]);
    projection.write(into, bytesOf(document), derived);
    return;
  }
  if (typeof document === 'string') into.addText(document.slice(0, -1));
  else into.addBytes(document.subarray(0, -1));
  into.addText(resourceTail(meta(), name, links));
}

function bytesOf(document: string | Uint8Array): Uint8Array {
  return typeof document === 'string' ? Buffer.from(document) : document;
}

/** An answer whose body is one resource, with its ETag. */
export function resourceAnswer(
  status: number,
  view: ResourceView,
  resource: ShownResource,
  headers: readonly Header[] = [],
): Answer {
  const tag: Header = ['ETag', entityTag(resource.version)];
  const body = new TextParts();
  showResource(body, view, resource);
  return scimAnswer(status, body, [tag, ...headers]);
}

export function locationOf(view: ResourceView, id: string): string {
  return resourceLocation(view.base, view.type.endpoint, id);
}

function linksName(type: ResourceType): string | undefined {
  return type.membership?.name ?? type.groups?.name;
}
