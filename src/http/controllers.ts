/**
 * From a route and a method to the controller that answers. Everything a controller may rely on
 * (token, endpoint, body) is checked before it is called.
 */
import type { JsonValue } from '../scim/json.ts';
import {
  type AdminRequest,
  createEndpoint,
  deleteEndpoint,
  listEndpoints,
  readEndpoint,
  readEndpointByName,
  readEndpointStats,
  updateEndpoint,
} from './admin/endpoints.ts';
import type { Answer } from './answer.ts';
import type { AdminRoute, ScimRoute } from './routes.ts';
import { createResource } from './scim/create.ts';
import { deleteResource } from './scim/delete.ts';
import { listResources } from './scim/list.ts';
import { refuseMe } from './scim/me.ts';
import { patchResource } from './scim/patch.ts';
import { readResource } from './scim/read.ts';
import { replaceResource } from './scim/replace.ts';
import type { ScimRequest } from './scim/request.ts';
import { typeOf } from './tenant.ts';

/** The methods whose body is read; of any other request it is skipped. */
export function takesBody(method: string): boolean {
  return method === 'POST' || method === 'PUT' || method === 'PATCH';
}

/** @param body undefined when the method takes none */
export function answerScim(
  request: ScimRequest,
  route: ScimRoute,
  method: string,
  body: JsonValue | undefined,
): Answer | Promise<Answer> {
  if (route.kind === 'me') refuseMe();
  const type = typeOf(request.tenant, route.type);
  if (route.kind === 'resources') {
    return body === undefined
      ? listResources(request, type)
      : createResource({ ...request, body }, type);
  }
  if (method === 'DELETE') return deleteResource(request, type, route.id);
  if (body === undefined) return readResource(request, type, route.id);
  const change = method === 'PUT' ? replaceResource : patchResource;
  return change({ ...request, body }, type, route.id);
}

/** @param body undefined when the method takes none */
export function answerAdmin(
  request: AdminRequest,
  route: AdminRoute,
  method: string,
  body: JsonValue | undefined,
): Answer | Promise<Answer> {
  switch (route.kind) {
    case 'adminEndpoints':
      return body === undefined ? listEndpoints(request) : createEndpoint(request, body);
    case 'adminEndpoint':
      if (method === 'DELETE') return deleteEndpoint(request, route.id);
      return body === undefined
        ? readEndpoint(request, route.id)
        : updateEndpoint(request, route.id, body);
    case 'adminEndpointByName':
      return readEndpointByName(request, route.name);
    case 'adminEndpointStats':
      return readEndpointStats(request, route.id);
  }
}
