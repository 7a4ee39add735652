/**
 * Endpoints as administrators see them, in the shapes of the earlier SCIMServer: bare objects and
 * a bare array, times in ISO form. Errors are SCIM error bodies like everywhere.
 */
import { badRequest, notFound } from '../../scim/errors.ts';
import type { JsonValue } from '../../scim/json.ts';
import type { Endpoint } from '../../store/endpoint.ts';
import type { Store } from '../../store/store.ts';
import { type Answer, emptyAnswer, jsonAnswer } from '../answer.ts';
import { requireAllowedIssuer } from './issuer-check.ts';
import type { AdminRequest } from './request.ts';

export async function createEndpoint(request: AdminRequest, body: JsonValue): Promise<Answer> {
  const { store, record } = request;
  const fields = (await request.checks()).forCreate(body);
  requireAllowedIssuer(fields, request.issuers);
  const endpointId = request.ids.next();
  record.endpointId = endpointId;
  await record.write({
    kind: 'createEndpoint',
    endpointId,
    now: record.now,
    fields,
    log: record.onSuccess(201),
  });
  const endpoint = endpointById(store, endpointId);
  return jsonAnswer(201, JSON.stringify(shown(endpoint)), [['Location', adminPath(endpoint)]]);
}

/** `?active=true` or `false` shows only those. */
export function listEndpoints({ store, query }: AdminRequest): Answer {
  const active = query.get('active');
  if (active !== undefined && active !== 'true' && active !== 'false') {
    throw badRequest('invalidValue', 'active takes true or false');
  }
  const endpoints = store
    .endpoints()
    .filter((endpoint) => active === undefined || endpoint.active === (active === 'true'));
  return jsonAnswer(200, JSON.stringify(endpoints.map(shown)));
}

export function readEndpoint({ store }: AdminRequest, id: string): Answer {
  return jsonAnswer(200, JSON.stringify(shown(endpointById(store, id))));
}

export function readEndpointByName({ store }: AdminRequest, name: string): Answer {
  const endpoint = store.endpoint(name);
  if (endpoint?.name !== name) throw notFound(`no endpoint is called ${JSON.stringify(name)}`);
  return jsonAnswer(200, JSON.stringify(shown(endpoint)));
}

export async function updateEndpoint(
  { store, record, checks, issuers }: AdminRequest,
  id: string,
  body: JsonValue,
): Promise<Answer> {
  const fields = (await checks()).forUpdate(body);
  requireAllowedIssuer(fields, issuers);
  record.endpointId = endpointById(store, id).id;
  await record.write({
    kind: 'updateEndpoint',
    endpointId: id,
    now: record.now,
    fields,
    log: record.onSuccess(200),
  });
  return jsonAnswer(200, JSON.stringify(shown(endpointById(store, id))));
}

export async function deleteEndpoint({ store, record }: AdminRequest, id: string): Promise<Answer> {
  record.endpointId = endpointById(store, id).id;
  await record.write({
    kind: 'deleteEndpoint',
    endpointId: id,
    now: record.now,
    log: record.onSuccess(204),
  });
  return emptyAnswer(204);
}

export async function readEndpointStats({ store }: AdminRequest, id: string): Promise<Answer> {
  const { resources, memberships } = await store.endpointStats(endpointById(store, id).id);
  const stats = {
    totalUsers: resources['User'] ?? 0,
    totalGroups: resources['Group'] ?? 0,
    totalGroupMembers: memberships,
    resources,
  };
  return jsonAnswer(200, JSON.stringify(stats));
}

/** By id alone: a path that names an id must not reach an endpoint that is called so. */
function endpointById(store: Store, id: string): Endpoint {
  const endpoint = store.endpoint(id);
  if (endpoint?.id !== id) throw notFound(`no endpoint has the id ${JSON.stringify(id)}`);
  return endpoint;
}

function shown(endpoint: Endpoint): object {
  return {
    id: endpoint.id,
    name: endpoint.name,
    displayName: endpoint.displayName,
    description: endpoint.description,
    config: endpoint.config,
    active: endpoint.active,
    scimEndpoint: `/scim/endpoints/${endpoint.id}`,
    createdAt: new Date(endpoint.createdAt).toISOString(),
    updatedAt: new Date(endpoint.updatedAt).toISOString(),
  };
}

function adminPath(endpoint: Endpoint): string {
  return `/scim/admin/endpoints/${endpoint.id}`;
}
