/**
 * ServiceProviderConfig, ResourceTypes and Schemas (RFC 7644 §4): what this endpoint can do, for
 * anyone who asks. No token is needed, and the lists cannot be filtered.
 */
import { ScimError, notFound } from '../../scim/errors.ts';
import {
  type Capabilities,
  resourceTypeDocument,
  schemaDocument,
  serviceProviderConfig,
} from '../../scim/discovery/documents.ts';
import { foldAscii } from '../../scim/fold.ts';
import type { JsonObject } from '../../scim/json.ts';
import { listText } from '../../scim/messages/list.ts';
import { type Answer, scimAnswer } from '../answer.ts';
import type { HttpLimits } from '../options.ts';
import type { QueryParameters } from '../query.ts';
import type { DiscoveryRoute } from '../routes.ts';
import type { Tenant } from '../tenant.ts';

export interface DiscoveryRequest {
  readonly tenant: Tenant;
  readonly base: string;
  readonly query: QueryParameters;
  readonly limits: HttpLimits;
}

export function readDiscovery(request: DiscoveryRequest, route: DiscoveryRoute): Answer {
  switch (route.kind) {
    case 'serviceProviderConfig':
      return oneDocument(serviceProviderConfig(capabilities(request.limits), request.base));
    case 'resourceTypes':
      return documents(request, route.id, resourceTypes(request));
    case 'schemas':
      return documents(request, route.id, schemas(request));
  }
}

/** What is said here must be true: each line names what http or the store enforces. */
function capabilities({ pageSizeDefault, pageSizeMax }: HttpLimits): Capabilities {
  return {
    documentationUri: undefined,
    patch: true,
    bulk: undefined,
    filterMaxResults: pageSizeMax,
    // Passwords are accepted and not kept.
    changePassword: false,
    sort: false,
    etag: true,
    cursorPagination: false,
    defaultPageSize: pageSizeDefault,
    maxPageSize: pageSizeMax,
  };
}

function resourceTypes({ tenant, base }: DiscoveryRequest): Map<string, JsonObject> {
  const byId = new Map<string, JsonObject>();
  for (const definition of tenant.registry.resourceTypes) {
    byId.set(foldAscii(definition.id), resourceTypeDocument(definition, base));
  }
  return byId;
}

function schemas({ tenant, base }: DiscoveryRequest): Map<string, JsonObject> {
  const byId = new Map<string, JsonObject>();
  for (const definition of tenant.registry.schemas) {
    byId.set(foldAscii(definition.id), schemaDocument(definition, base));
  }
  return byId;
}

/** The list, or the one document with the id. */
function documents(
  { query }: DiscoveryRequest,
  id: string | undefined,
  byId: ReadonlyMap<string, JsonObject>,
): Answer {
  if (query.has('filter')) {
    throw new ScimError(403, 'this list cannot be filtered (RFC 7644 §4); read it without filter');
  }
  if (id === undefined) {
    const texts = [...byId.values()].map((document) => JSON.stringify(document));
    return scimAnswer(200, listText(texts.length, 1, texts));
  }
  const document = byId.get(foldAscii(id));
  if (document === undefined) throw notFound(`this endpoint has no ${JSON.stringify(id)}`);
  return oneDocument(document);
}

function oneDocument(document: JsonObject): Answer {
  return scimAnswer(200, JSON.stringify(document));
}
