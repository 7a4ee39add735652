/**
 * Queries (RFC 7644 §3.4.2): of a resource type or of the whole endpoint, paged by index or by
 * cursor (RFC 9865). Without a sort, resources come type by type, in creation order. Nothing found
 * is an empty list, not an error.
 */
import { assert } from '../../platform/assert.ts';
import { compileFilter } from '../../scim/filter/evaluate.ts';
import { filterByType, type TypeFilter } from '../../scim/filter/mixed.ts';
import { parseFilter } from '../../scim/filter/parse.ts';
import type { Place } from '../../scim/messages/cursor.ts';
import { cursorPageHead, LIST_END, listHead } from '../../scim/messages/list.ts';
import type { SearchParameters } from '../../scim/messages/search.ts';
import type { ResourceType } from '../../scim/schema/attribute.ts';
import { checkSort } from '../../scim/sort/compile.ts';
import { TextParts } from '../../scim/text-parts.ts';
import type { PageStart, SearchedType, SearchQuery } from '../../store/queries.ts';
import type { SearchResult } from '../../store/results.ts';
import { type Answer, jsonAnswer, scimAnswer } from '../answer.ts';
import { filterLimits } from '../options.ts';
import { pageOf, searchParameters } from '../query.ts';
import type { ScimRequest } from './request.ts';
import { refuseSecretFilter } from './secret-filter.ts';
import { tellIfSlow } from './slow-search.ts';
import { type ResourceView, showResource, viewFor } from './view.ts';

/** GET of a resource type. */
export function listResources(request: ScimRequest, type: ResourceType): Promise<Answer> {
  return answerQuery(request, [type], searchParameters(request.query));
}

/** GET of the endpoint's root (§3.4.2.1). */
export function listEverything(request: ScimRequest): Promise<Answer> {
  return answerQuery(request, everyType(request), searchParameters(request.query));
}

/** In the order that discovery shows, which is the order of a list of all. */
export function everyType({ tenant }: ScimRequest): readonly ResourceType[] {
  return [...tenant.registry.typesByName.values()];
}

/** @throws ScimError 400 that names the parameter */
export async function answerQuery(
  request: ScimRequest,
  types: readonly ResourceType[],
  parameters: SearchParameters,
): Promise<Answer> {
  const { attributes, excludedAttributes, sort, cursor } = parameters;
  const views = types.map((type) => viewFor(request.base, type, attributes, excludedAttributes));
  const { startIndex, count } = pageOf(parameters, request.limits);
  if (parameters.filter !== undefined) refuseSecretFilter(request.record, types, parameters.filter);
  const filters = filtersOf(request, types, parameters.filter);
  if (sort !== undefined) checkSort(sort.by, types);
  if (cursor === undefined) {
    const start: PageStart = { by: 'index', startIndex };
    const query = queryOf(request, views, filters, { sort, start, count });
    if (request.explains) return explained(request, query);
    const found = await search(request, query);
    assert(found.totalResults !== undefined, 'a page by index comes with its total');
    const head = listHead(found.totalResults, startIndex, found.resources.length);
    return scimAnswer(200, pageOfResources(head, views, found));
  }
  const identity = identityOf(request, types, parameters);
  const start: PageStart = { by: 'cursor', place: request.cursors.open(cursor, identity) };
  const query = queryOf(request, views, filters, { sort, start, count });
  if (request.explains) return explained(request, query);
  const found = await search(request, query);
  const seal = (place: Place | undefined): string | undefined =>
    place && request.cursors.seal(place, identity);
  const cursors = { nextCursor: seal(found.next), previousCursor: seal(found.previous) };
  const head = cursorPageHead(found.totalResults, cursors, found.resources.length);
  return scimAnswer(200, pageOfResources(head, views, found));
}

/** What each type is filtered by, checked: an attribute is told here, whichever way the store takes. */
function filtersOf(
  { endpoint: { settings }, limits }: ScimRequest,
  types: readonly ResourceType[],
  text: string | undefined,
): readonly TypeFilter[] {
  if (text === undefined) return types.map(() => true);
  const filter = parseFilter(text, filterLimits(limits), settings);
  const [first, second] = types;
  if (first === undefined || second !== undefined) return filterByType(filter, types, settings);
  compileFilter(filter, first, settings);
  return [filter];
}

/** Without types when none can match. */
function queryOf(
  { endpoint, base }: ScimRequest,
  views: readonly ResourceView[],
  filters: readonly TypeFilter[],
  page: Pick<SearchQuery, 'sort' | 'start' | 'count'>,
): SearchQuery {
  const types: SearchedType[] = [];
  for (const [at, { type, links }] of views.entries()) {
    const filter = filters[at];
    if (filter === undefined || filter === false) continue;
    const left = filter === true ? undefined : filter;
    types.push({ name: type.name, filter: left, links: links !== undefined });
  }
  return { endpointId: endpoint.id, types, base, ...page };
}

async function search(request: ScimRequest, query: SearchQuery): Promise<SearchResult> {
  if (query.types.length === 0) return NOTHING;
  const { store, caller, clock } = request;
  const began = clock.now();
  try {
    return await store.search(query, caller);
  } finally {
    tellIfSlow(request, query, began);
  }
}

/** For an administrator, instead of the list (header `X-Scim-Explain`). */
async function explained({ store }: ScimRequest, query: SearchQuery): Promise<Answer> {
  const plan = query.types.length === 0 ? NO_PLAN : await store.explain(query, 'shown');
  return jsonAnswer(200, JSON.stringify(plan));
}

/** Of a query that no type can match. */
const NO_PLAN = { types: [], totalResults: 0 };

/** Of a query that no type can match. */
const NOTHING: SearchResult = {
  totalResults: 0,
  resources: [],
  next: undefined,
  previous: undefined,
};

function pageOfResources(
  head: string,
  views: readonly ResourceView[],
  { resources }: SearchResult,
): TextParts {
  const body = new TextParts();
  const byType = new Map(views.map((view) => [view.type.name, view]));
  let before = head;
  for (const resource of resources) {
    const view = byType.get(resource.type);
    assert(view !== undefined, 'a result is of a type that was searched');
    body.addText(before);
    showResource(body, view, resource);
    before = ',';
  }
  body.addText(resources.length === 0 ? head + LIST_END : LIST_END);
  return body;
}

/**
 * What a cursor belongs to (RFC 9865 §2): whoever goes on with it must ask for the same. How many
 * and what of them is shown may change from page to page.
 */
function identityOf(
  { endpoint }: ScimRequest,
  types: readonly ResourceType[],
  { filter, sort }: SearchParameters,
): string {
  const names = types.map(({ name }) => name);
  return JSON.stringify([endpoint.id, names, filter ?? null, sort ?? null]);
}
