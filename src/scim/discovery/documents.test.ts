/** Discovery documents against RFC 7643 §5 to §7 and RFC 9865 §4. */
import t from 'tap';
import { isObject, type JsonValue } from '../json.ts';
import { CORE_PROFILE } from '../schema/core.ts';
import { CORE_GROUP } from '../schema/core-group.ts';
import { CORE_USER } from '../schema/core-user.ts';
import { DEVICE_SCHEMA, ENTERPRISE, USER } from '../schema/test/types.ts';
import {
  resourceTypeDocument,
  schemaDocument,
  serviceProviderConfig,
  type Capabilities,
} from './documents.ts';

const BASE = 'https://scim.example/scim/v2';

const CAPABILITIES: Capabilities = {
  documentationUri: undefined,
  patch: true,
  bulk: undefined,
  filterMaxResults: 1000,
  changePassword: false,
  sort: false,
  etag: true,
  cursorTimeoutSeconds: undefined,
  defaultPageSize: 100,
  maxPageSize: 1000,
};

t.test('ServiceProviderConfig shows what is on, and every number of what is off', async (t) => {
  t.match(serviceProviderConfig(CAPABILITIES, BASE), {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: 1000 },
    changePassword: { supported: false },
    sort: { supported: false },
    etag: { supported: true },
    pagination: {
      cursor: false,
      index: true,
      defaultPaginationMethod: 'index',
      defaultPageSize: 100,
      maxPageSize: 1000,
    },
    authenticationSchemes: [{ type: 'oauthbearertoken', primary: true }],
    meta: { resourceType: 'ServiceProviderConfig', location: `${BASE}/ServiceProviderConfig` },
  });
});

t.test('ServiceProviderConfig follows the capabilities', async (t) => {
  const document = serviceProviderConfig(
    {
      ...CAPABILITIES,
      documentationUri: 'https://docs.example',
      patch: false,
      bulk: { maxOperations: 10, maxPayloadBytes: 2048 },
      sort: true,
      cursorTimeoutSeconds: 60,
    },
    BASE,
  );
  t.match(document, {
    documentationUri: 'https://docs.example',
    patch: { supported: false },
    bulk: { supported: true, maxOperations: 10, maxPayloadSize: 2048 },
    sort: { supported: true },
    pagination: { cursor: true, cursorTimeout: 60 },
  });
});

t.test('no document holds a null', async (t) => {
  const documents = [
    serviceProviderConfig(CAPABILITIES, BASE),
    ...CORE_PROFILE.resourceTypes.map((type) => resourceTypeDocument(type, BASE)),
    ...CORE_PROFILE.schemas.map((schema) => schemaDocument(schema, BASE)),
  ];
  for (const document of documents) {
    t.notMatch(JSON.stringify(document), /null/);
    t.same(JSON.parse(JSON.stringify(document)), document, 'no undefined either');
  }
});

t.test('a resource type names its endpoint, schemas and location', async (t) => {
  const [user, group] = CORE_PROFILE.resourceTypes.map((type) => resourceTypeDocument(type, BASE));
  t.same(user, {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    id: 'User',
    name: 'User',
    endpoint: '/Users',
    description: 'User Account',
    schema: USER,
    schemaExtensions: [{ schema: ENTERPRISE, required: false }],
    meta: { resourceType: 'ResourceType', location: `${BASE}/ResourceTypes/User` },
  });
  t.same(group?.['schemaExtensions'], []);
});

t.test('a schema shows what is enforced', async (t) => {
  const document = schemaDocument(CORE_GROUP, BASE);
  t.match(document, {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    id: CORE_GROUP.id,
    name: 'Group',
    meta: { resourceType: 'Schema', location: `${BASE}/Schemas/${CORE_GROUP.id}` },
  });
  t.same(first(document['attributes']), {
    name: 'displayName',
    type: 'string',
    multiValued: false,
    description: 'The name of the group; unique among groups, in any case.',
    required: true,
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'server',
  });
});

t.test('every characteristic of every attribute is there', async (t) => {
  const characteristics = [
    'name',
    'type',
    'multiValued',
    'description',
    'required',
    'caseExact',
    'mutability',
    'returned',
    'uniqueness',
  ];
  for (const schema of [...CORE_PROFILE.schemas, DEVICE_SCHEMA]) {
    for (const attribute of allAttributes(schemaDocument(schema, BASE)['attributes'])) {
      t.hasOwnProps(attribute, characteristics, JSON.stringify(attribute));
      t.equal(attribute['type'] === 'complex', 'subAttributes' in attribute);
      if (attribute['type'] === 'reference') t.hasOwnProps(attribute, ['referenceTypes']);
    }
  }
});

t.test('nothing beyond the RFC in a stored definition is shown', async (t) => {
  const [userName] = CORE_USER.attributes;
  t.ok(userName);
  const attributes = userName === undefined ? [] : [{ ...userName, internal: 'secret' }];
  const document = schemaDocument({ ...CORE_USER, attributes }, BASE);
  t.notMatch(JSON.stringify(document), /secret/);
});

function first(value: JsonValue | undefined): JsonValue | undefined {
  return Array.isArray(value) ? value[0] : undefined;
}

function allAttributes(value: JsonValue | undefined): Record<string, JsonValue>[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isObject).flatMap((attribute) => {
    return [attribute, ...allAttributes(attribute['subAttributes'])];
  });
}
