/**
 * GET of a resource type: a page of what a filter matches (RFC 7644 §3.4.2), in creation order.
 * Nothing found is an empty list, not an error.
 */
import { compileFilter } from '../../scim/filter/evaluate.ts';
import type { FilterNode } from '../../scim/filter/ast.ts';
import { parseFilter } from '../../scim/filter/parse.ts';
import { listText } from '../../scim/messages/list.ts';
import type { ResourceType } from '../../scim/schema/attribute.ts';
import { type Answer, scimAnswer } from '../answer.ts';
import { filterLimits } from '../options.ts';
import { pageOf } from '../query.ts';
import type { ScimRequest } from './request.ts';
import { showResource, viewOf } from './view.ts';

export async function listResources(request: ScimRequest, type: ResourceType): Promise<Answer> {
  const view = viewOf(request, type);
  const { startIndex, count } = pageOf(request.query, request.limits);
  const { totalResults, resources } = await request.store.search({
    endpointId: request.endpoint.id,
    type: type.name,
    filter: filterOf(request, type),
    startIndex,
    count,
    links: view.links,
  });
  const texts = resources.map((resource) => showResource(view, resource));
  return scimAnswer(200, listText(totalResults, startIndex, texts));
}

function filterOf(request: ScimRequest, type: ResourceType): FilterNode | undefined {
  const text = request.query.get('filter');
  if (text === undefined) return undefined;
  const filter = parseFilter(text, filterLimits(request.limits));
  // For its errors only: an unknown attribute is told here, whichever way the store takes.
  compileFilter(filter, type);
  return filter;
}
