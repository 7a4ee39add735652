/**
 * The documents of the discovery endpoints (RFC 7644 §4; RFC 7643 §5 to §7). They say what the
 * server does, not what SCIM could do: capabilities come from whoever enforces them. Every number
 * is always there, also for what is off: clients disable PATCH when one is missing.
 */
import type { JsonObject } from '../json.ts';
import type {
  AttributeDefinition,
  ResourceTypeDefinition,
  SchemaDefinition,
} from '../schema/attribute.ts';

const SERVICE_PROVIDER_CONFIG_SCHEMA =
  'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig';
const RESOURCE_TYPE_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:ResourceType';
const SCHEMA_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Schema';

/** What an endpoint can do and how much of it. */
export interface Capabilities {
  /** Undefined: none is given. */
  readonly documentationUri: string | undefined;
  readonly patch: boolean;
  /** Undefined: no bulk. */
  readonly bulk: { readonly maxOperations: number; readonly maxPayloadBytes: number } | undefined;
  /** Resources that one answer holds at most. */
  readonly filterMaxResults: number;
  readonly changePassword: boolean;
  readonly sort: boolean;
  readonly etag: boolean;
  /** How long a cursor can be used; undefined: no pagination by cursor. */
  readonly cursorTimeoutSeconds: number | undefined;
  readonly defaultPageSize: number;
  readonly maxPageSize: number;
}

/** RFC 7643 §5. @param base `https://host/scim/v2`, without trailing slash */
export function serviceProviderConfig(capabilities: Capabilities, base: string): JsonObject {
  const { documentationUri, bulk, cursorTimeoutSeconds } = capabilities;
  return {
    schemas: [SERVICE_PROVIDER_CONFIG_SCHEMA],
    ...(documentationUri === undefined ? {} : { documentationUri }),
    patch: { supported: capabilities.patch },
    bulk: {
      supported: bulk !== undefined,
      maxOperations: bulk?.maxOperations ?? 0,
      maxPayloadSize: bulk?.maxPayloadBytes ?? 0,
    },
    filter: { supported: true, maxResults: capabilities.filterMaxResults },
    changePassword: { supported: capabilities.changePassword },
    sort: { supported: capabilities.sort },
    etag: { supported: capabilities.etag },
    // RFC 9865 §4.
    pagination: {
      cursor: cursorTimeoutSeconds !== undefined,
      index: true,
      defaultPaginationMethod: 'index',
      defaultPageSize: capabilities.defaultPageSize,
      maxPageSize: capabilities.maxPageSize,
      // What is positive by definition has no number that says "none".
      ...(cursorTimeoutSeconds === undefined ? {} : { cursorTimeout: cursorTimeoutSeconds }),
    },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'OAuth Bearer Token',
        description: 'A bearer token in the Authorization header (RFC 6750).',
        specUri: 'https://www.rfc-editor.org/info/rfc6750',
        primary: true,
      },
      {
        type: 'oauth2',
        name: 'OAuth 2.0 Client Credentials',
        description: `Access tokens for a client of this endpoint are issued at ${base}/oauth/token (RFC 6749, section 4.4).`,
        specUri: 'https://www.rfc-editor.org/info/rfc6749',
        primary: false,
      },
    ],
    meta: {
      resourceType: 'ServiceProviderConfig',
      location: `${base}/ServiceProviderConfig`,
    },
  };
}

/** RFC 7643 §6. */
export function resourceTypeDocument(definition: ResourceTypeDefinition, base: string): JsonObject {
  return {
    schemas: [RESOURCE_TYPE_SCHEMA],
    id: definition.id,
    name: definition.name,
    endpoint: definition.endpoint,
    description: definition.description,
    schema: definition.schema,
    schemaExtensions: definition.schemaExtensions.map(({ schema, required }) => ({
      schema,
      required,
    })),
    meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${definition.id}` },
  };
}

/** RFC 7643 §7. */
export function schemaDocument(definition: SchemaDefinition, base: string): JsonObject {
  return {
    schemas: [SCHEMA_SCHEMA],
    id: definition.id,
    name: definition.name,
    description: definition.description,
    attributes: definition.attributes.map(attributeDocument),
    meta: { resourceType: 'Schema', location: `${base}/Schemas/${definition.id}` },
  };
}

/** Written out name by name, so that nothing beyond RFC 7643 §7 in a stored profile gets shown. */
function attributeDocument(definition: AttributeDefinition): JsonObject {
  const { canonicalValues, referenceTypes, subAttributes } = definition;
  return {
    name: definition.name,
    type: definition.type,
    multiValued: definition.multiValued,
    description: definition.description,
    required: definition.required,
    ...(canonicalValues === undefined ? {} : { canonicalValues: [...canonicalValues] }),
    caseExact: definition.caseExact,
    mutability: definition.mutability,
    returned: definition.returned,
    uniqueness: definition.uniqueness,
    ...(referenceTypes === undefined ? {} : { referenceTypes: [...referenceTypes] }),
    ...(subAttributes === undefined ? {} : { subAttributes: subAttributes.map(attributeDocument) }),
  };
}
