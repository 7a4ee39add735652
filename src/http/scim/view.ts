/**
 * How one request wants resources shown: which attributes, under which base URL. Without
 * projection a resource is written from its stored text, unparsed; members and groups are read
 * only when they will be shown.
 */
import type { JsonObject } from '../../scim/json.ts';
import { type Projection, compileProjection } from '../../scim/resource/project.ts';
import {
  type ResourceMeta,
  entityTag,
  metaText,
  resourceLocation,
  resourceText,
} from '../../scim/resource/rendered.ts';
import type { ResourceType } from '../../scim/schema/attribute.ts';
import type { LinksQuery } from '../../store/queries.ts';
import { type Answer, type Header, scimAnswer } from '../answer.ts';
import { attributeList } from '../query.ts';
import type { ScimRequest } from './request.ts';

/** What a resource is shown from; a StoredResource is one. */
export interface ShownResource extends ResourceMeta {
  readonly id: string;
  readonly document: string;
  readonly links: string | undefined;
}

export interface ResourceView {
  readonly type: ResourceType;
  readonly base: string;
  readonly projection: Projection | undefined;
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
  const projection = compileProjection(type, attributes, excluded);
  const hasLinks = linksName(type) !== undefined;
  const showsLinks = hasLinks && (projection === undefined || projection.needsLinks);
  return { type, base, projection, links: showsLinks ? { base } : undefined };
}

/** The resource as JSON text. */
export function showResource(view: ResourceView, resource: ShownResource): string {
  const { type, projection } = view;
  const meta = metaText(type.name, resource, locationOf(view, resource.id));
  const text = resourceText(resource.document, meta, linksName(type), resource.links);
  if (projection === undefined) return text;
  return JSON.stringify(projection.apply(JSON.parse(text) as JsonObject));
}

/** An answer whose body is one resource, with its ETag. */
export function resourceAnswer(
  status: number,
  view: ResourceView,
  resource: ShownResource,
  headers: readonly Header[] = [],
): Answer {
  const tag: Header = ['ETag', entityTag(resource.version)];
  return scimAnswer(status, showResource(view, resource), [tag, ...headers]);
}

export function locationOf(view: ResourceView, id: string): string {
  return resourceLocation(view.base, view.type.endpoint, id);
}

function linksName(type: ResourceType): string | undefined {
  return type.membership?.name ?? type.groups?.name;
}
