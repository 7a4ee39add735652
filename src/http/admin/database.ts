/**
 * Users and groups of all endpoints, page by page, for an administrator who looks around. Endpoints
 * come in the order they were made, resources in that of their lists; the store answers each from an
 * index, and between some of them other requests have their turn.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { badRequest, notFound } from '../../scim/errors.ts';
import type { Endpoint } from '../../store/endpoint.ts';
import type { StoredResource } from '../../store/results.ts';
import type { Store } from '../../store/store.ts';
import { type Answer, jsonAnswer } from '../answer.ts';
import type { QueryParameters } from '../query.ts';
import type { AdminRequest } from './request.ts';

const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 200;
const PAGE_MAX = 1_000_000;

/** Endpoints asked in one turn of the event loop: some tens of microseconds each. */
const ENDPOINTS_PER_TURN = 32;

type TypeName = 'User' | 'Group';

/**
 * `?page=1&limit=50&endpointId=`. What is more than that is answered 400: a filter that is ignored
 * would be believed.
 */
export async function listDatabaseResources(
  { store, query }: AdminRequest,
  type: TypeName,
): Promise<Answer> {
  const page = wholeNumber(query, 'page', 1, PAGE_MAX);
  const limit = wholeNumber(query, 'limit', LIMIT_DEFAULT, LIMIT_MAX);
  refuseOthers(query);
  const endpoints = endpointsOf(store, query.get('endpointId'), type);
  const shown: object[] = [];
  const skip = (page - 1) * limit;
  let total = 0;
  for (const [at, endpoint] of endpoints.entries()) {
    if (at > 0 && at % ENDPOINTS_PER_TURN === 0) await nextTurn();
    const found = await store.search({
      endpointId: endpoint.id,
      types: [{ name: type, filter: undefined, links: false }],
      sort: undefined,
      start: { by: 'index', startIndex: Math.max(0, skip - total) + 1 },
      count: limit - shown.length,
      base: '',
    });
    total += found.totalResults ?? 0;
    for (const resource of found.resources) shown.push(shownResource(endpoint, resource));
  }
  const pagination = { page, limit, total, pages: Math.ceil(total / limit) };
  const name = type === 'User' ? 'users' : 'groups';
  return jsonAnswer(200, JSON.stringify({ [name]: shown, pagination }));
}

/** With its groups or members. Of endpoints that share an id, the first one's is shown. */
export async function readDatabaseResource(
  { store, query }: AdminRequest,
  type: TypeName,
  id: string,
): Promise<Answer> {
  const endpoints = endpointsOf(store, query.get('endpointId'), type);
  for (const [at, endpoint] of endpoints.entries()) {
    if (at > 0 && at % ENDPOINTS_PER_TURN === 0) await nextTurn();
    const base = `/scim/endpoints/${endpoint.id}`;
    const ask = { endpointId: endpoint.id, type, id, links: { base } };
    const resource = await store.get(ask);
    if (resource === undefined) continue;
    const links: unknown = resource.links === undefined ? [] : JSON.parse(resource.links);
    const withLinks = { [type === 'User' ? 'groups' : 'members']: links };
    return jsonAnswer(200, JSON.stringify({ ...shownResource(endpoint, resource), ...withLinks }));
  }
  throw notFound(`no ${type} of any endpoint has the id ${JSON.stringify(id)}`);
}

/** @throws ScimError 404 for an endpoint that is not there */
function endpointsOf(
  store: Store,
  endpointId: string | undefined,
  type: TypeName,
): readonly Endpoint[] {
  const named = endpointId === undefined ? undefined : store.endpoint(endpointId);
  if (endpointId !== undefined && named?.id !== endpointId) {
    throw notFound(`no endpoint has the id ${JSON.stringify(endpointId)}`);
  }
  const asked = named === undefined ? store.endpoints() : [named];
  return asked.filter(({ profile }) => profile.resourceTypes.some(({ name }) => name === type));
}

function shownResource(endpoint: Endpoint, resource: StoredResource): object {
  const text = new TextDecoder().decode(resource.document);
  const document = JSON.parse(text) as Record<string, unknown>;
  return {
    endpointId: endpoint.id,
    endpointName: endpoint.name,
    ...document,
    createdAt: new Date(resource.created).toISOString(),
    updatedAt: new Date(resource.lastModified).toISOString(),
  };
}

function wholeNumber(query: QueryParameters, name: string, fallback: number, max: number): number {
  const text = query.get(name);
  if (text === undefined) return fallback;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= max) return value;
  throw badRequest('invalidValue', `${name} takes a whole number from 1 to ${max}`);
}

const KNOWN: ReadonlySet<string> = new Set(['page', 'limit', 'endpointId']);

function refuseOthers(query: QueryParameters): void {
  for (const name of query.keys()) {
    if (KNOWN.has(name)) continue;
    throw badRequest(
      'invalidValue',
      `${JSON.stringify(name.slice(0, 64))} is not taken here; there are page, limit and endpointId, and filters at the endpoint's own /Users`,
    );
  }
}
