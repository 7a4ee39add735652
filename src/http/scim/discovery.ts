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
import { type HttpLimits, bulkLimits } from '../options.ts';
import { parseQuery } from '../query.ts';
import type { DiscoveryRoute } from '../routes.ts';
import type { Tenant } from '../tenant.ts';

export interface DiscoveryRequest {
  readonly tenant: Tenant;
  readonly base: string;
  /** As sent; whoever does not look at it must not stumble over it. */
  readonly query: string;
  readonly limits: HttpLimits;
}

export function readDiscovery(request: DiscoveryRequest, route: DiscoveryRoute): Answer {
  switch (route.kind) {
    case 'serviceProviderConfig':
      return oneDocument(serviceProviderConfig(capabilities(request), request.base));
    case 'resourceTypes':
      return documents(request, route.id, resourceTypes(request));
    case 'schemas':
      if (route.id !== undefined) return documents(request, route.id, schemas(request));
      refuseFilter(request);
      return scimAnswer(200, schemaListText(request));
  }
}

interface SchemaList {
  readonly base: string;
  readonly text: string;
}

/**
 * The last list of each tenant: 20 KB that clients ask for at each start and that takes 60 µs to
 * make. One for each, because the base comes from the client's Host and may be anything.
 */
const schemaLists = new WeakMap<Tenant, SchemaList>();

function schemaListText(request: DiscoveryRequest): string {
  const { tenant, base } = request;
  const kept = schemaLists.get(tenant);
  if (kept?.base === base) return kept.text;
  const text = listText([...schemas(request).values()].map((each) => JSON.stringify(each)));
  schemaLists.set(tenant, { base, text });
  return text;
}

/** What is said here must be true: each line names what http or the store enforces. */
function capabilities({ limits, tenant }: DiscoveryRequest): Capabilities {
  const { pageSizeDefault, pageSizeMax, cursorTimeoutSeconds } = limits;
  const types = [...tenant.registry.typesByName.values()];
  return {
    documentationUri: undefined,
    patch: true,
    bulk: bulkLimits(limits),
    filterMaxResults: pageSizeMax,
    changePassword: types.some(({ attributes }) => attributes.has('password')),
    sort: true,
    etag: true,
    cursorTimeoutSeconds,
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
  request: DiscoveryRequest,
  id: string | undefined,
  byId: ReadonlyMap<string, JsonObject>,
): Answer {
  refuseFilter(request);
  if (id === undefined) {
    const texts = [...byId.values()].map((document) => JSON.stringify(document));
    return scimAnswer(200, listText(texts));
  }
  const document = byId.get(foldAscii(id));
  if (document === undefined) throw notFound(`this endpoint has no ${JSON.stringify(id)}`);
  return oneDocument(document);
}

function refuseFilter({ query }: DiscoveryRequest): void {
  if (!parseQuery(query).has('filter')) return;
  throw new ScimError(403, 'this list cannot be filtered (RFC 7644 §4); read it without filter');
}

function oneDocument(document: JsonObject): Answer {
  return scimAnswer(200, JSON.stringify(document));
}
