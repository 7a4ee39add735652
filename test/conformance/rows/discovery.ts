/** RFC 7643 §5 to §7 and RFC 7644 §4: what a server says of itself. */
import type { JsonValue } from '../../../src/scim/json.ts';
import { objects, plain } from '../described.ts';
import type { Answer } from '../answer.ts';
import type { RowContext } from '../row-context.ts';
import { ENTERPRISE, GROUP, LIST_RESPONSE, USER } from '../row-context.ts';
import { may, must, section, should } from '../row.ts';
import { everyAttribute } from './every-attribute.ts';

const CONFIG = 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig';
const RESOURCE_TYPE = 'urn:ietf:params:scim:schemas:core:2.0:ResourceType';
const SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Schema';
const MESSAGES = 'urn:ietf:params:scim:api:';

const TYPES = [
  ...['string', 'boolean', 'decimal', 'integer', 'dateTime', 'reference', 'complex', 'binary'],
];
const CHOICES = {
  type: TYPES,
  mutability: ['readOnly', 'readWrite', 'immutable', 'writeOnly'],
  returned: ['always', 'never', 'default', 'request'],
  uniqueness: ['none', 'server', 'global'],
} as const;

async function config(c: RowContext): Promise<Answer> {
  return (await c.get('/ServiceProviderConfig')).is(200);
}

/** Every resource of a discovery list satisfies this. */
async function each(
  c: RowContext,
  path: string,
  expected: string,
  holds: (resource: Record<string, JsonValue>) => boolean,
): Promise<void> {
  const list = (await c.get(path)).is(200);
  list.expect(list.resources.length > 0, 'a list that is not empty');
  for (const resource of list.resources) list.expect(holds(resource), expected, resource);
}

const text = (value: JsonValue | undefined): boolean => typeof value === 'string' && value !== '';

export const DISCOVERY_ROWS = [
  ...section('7643', '5', 'Service Provider Configuration', [
    ...['patch', 'bulk', 'filter', 'changePassword', 'sort', 'etag'].map((name) =>
      must(name, `ServiceProviderConfig says of ${name} whether it is supported.`, async (c) => {
        const answer = await config(c);
        const came = answer.at(name, 'supported');
        answer.expect(typeof came === 'boolean', `a boolean at ${name}.supported`, came ?? null);
      }),
    ),
    must('bulk-limits', 'bulk has maxOperations and maxPayloadSize.', async (c) => {
      const answer = await config(c);
      const numbers = ['maxOperations', 'maxPayloadSize'].map((name) =>
        answer.numberAt('bulk', name),
      );
      answer.expect(numbers.every(Number.isInteger), 'integers', numbers);
    }),
    must('filter-limit', 'filter has maxResults.', async (c) => {
      const answer = await config(c);
      answer.expect(Number.isInteger(answer.numberAt('filter', 'maxResults')), 'an integer');
    }),
    must('authentication', 'authenticationSchemes tell type, name and description.', async (c) => {
      const answer = await config(c);
      const schemes = answer.objectsAt('authenticationSchemes');
      answer.expect(schemes.length > 0, 'an authentication scheme');
      for (const scheme of schemes) {
        const whole = ['type', 'name', 'description'].every((name) => text(scheme[name]));
        answer.expect(whole, 'type, name and description', scheme);
      }
    }),
    should('public', 'authenticationSchemes can be read without a token.', async (c) => {
      const answer = await c.get('/ServiceProviderConfig', { token: null });
      answer.is(200).has('authenticationSchemes', 0);
    }),
    must('schemas', 'ServiceProviderConfig has its own URN in schemas.', async (c) => {
      (await config(c)).equals([CONFIG], 'schemas');
    }),
  ]),
  ...section('7643', '6', 'ResourceType Schema', [
    must('name', 'A resource type has a name.', (c) =>
      each(c, '/ResourceTypes', 'a name', ({ name }) => text(name)),
    ),
    must('description', 'A resource type has a description.', (c) =>
      each(c, '/ResourceTypes', 'a description', ({ description }) => text(description)),
    ),
    must('endpoint', 'A resource type has an endpoint relative to the base URL.', (c) =>
      each(c, '/ResourceTypes', 'an endpoint', ({ endpoint }) => /^\/\S+/.test(plain(endpoint))),
    ),
    must('endpoint-answers', 'The endpoint of each resource type answers.', async (c) => {
      for (const { endpoint } of c.target.resourceTypes) {
        (await c.list(plain(endpoint), { count: 1 })).is(200).equals([LIST_RESPONSE], 'schemas');
      }
    }),
    must('schema', 'The schema of a resource type is that of a Schema there is.', (c) =>
      each(c, '/ResourceTypes', 'a known schema', ({ schema }) =>
        c.target.schemas.some(({ id }) => id === schema),
      ),
    ),
    must(
      'extensions',
      'Extensions of a type name a Schema and say whether they are required.',
      (c) =>
        each(c, '/ResourceTypes', 'schema and required of each extension', (type) =>
          objects(type['schemaExtensions']).every(
            ({ schema, required }) =>
              typeof required === 'boolean' && c.target.schemas.some(({ id }) => id === schema),
          ),
        ),
    ),
    must('schemas', 'A resource type has its own URN in schemas.', (c) =>
      each(c, '/ResourceTypes', `schemas ${RESOURCE_TYPE}`, ({ schemas }) =>
        JSON.stringify(schemas).includes(`"${RESOURCE_TYPE}"`),
      ),
    ),
    must('user', 'The type User is at /Users with the core schema.', async (c) => {
      const answer = (await c.get('/ResourceTypes/User')).is(200);
      answer.equals('/Users', 'endpoint').equals(USER, 'schema');
    }),
    must('group', 'The type Group is at /Groups with the core schema.', async (c) => {
      c.needsType('Group');
      const answer = (await c.get('/ResourceTypes/Group')).is(200);
      answer.equals('/Groups', 'endpoint').equals(GROUP, 'schema');
    }),
  ]),
  ...section('7643', '7', 'Schema Definition', [
    must('id', 'The id of a schema is its URN.', (c) =>
      each(c, '/Schemas', 'a URN as id', ({ id }) => /^urn:\S+$/i.test(plain(id))),
    ),
    must('name', 'A schema has a name.', (c) =>
      each(c, '/Schemas', 'a name', ({ name }) => text(name)),
    ),
    must('description', 'A schema has a description.', (c) =>
      each(c, '/Schemas', 'a description', ({ description }) => text(description)),
    ),
    must('attributes', 'A schema lists its attributes.', (c) =>
      each(c, '/Schemas', 'attributes', ({ attributes }) => objects(attributes).length > 0),
    ),
    must(
      'attribute-names',
      'Each attribute has a name, type and whether it has many values.',
      (c) =>
        everyAttribute(
          c,
          'name, type and multiValued',
          ({ name, type, multiValued }) =>
            text(name) && text(type) && typeof multiValued === 'boolean',
        ),
    ),
    must('attribute-descriptions', 'Each attribute has a description.', (c) =>
      everyAttribute(c, 'a description', ({ description }) => text(description)),
    ),
    must('attribute-characteristics', 'Characteristics have values that the RFC knows.', (c) =>
      everyAttribute(c, 'known type, mutability, returned and uniqueness', (attribute) =>
        Object.entries(CHOICES).every(([name, choices]) =>
          choices.some((choice) => choice === attribute[name]),
        ),
      ),
    ),
    should('sub-attributes', 'A complex attribute lists its sub-attributes.', (c) =>
      everyAttribute(
        c,
        'subAttributes',
        ({ type, subAttributes }) => type !== 'complex' || objects(subAttributes).length > 0,
      ),
    ),
    must('reference-types', 'A reference says what it may refer to.', (c) =>
      everyAttribute(
        c,
        'referenceTypes',
        ({ type, referenceTypes }) => type !== 'reference' || Array.isArray(referenceTypes),
      ),
    ),
    must('user', 'The User schema has userName, required and unique.', async (c) => {
      const answer = (await c.get(`/Schemas/${USER}`)).is(200);
      const userName = answer.objectsAt('attributes').find(({ name }) => name === 'userName');
      const right =
        userName?.['required'] === true &&
        userName['uniqueness'] === 'server' &&
        userName['caseExact'] === false;
      answer.expect(right, 'userName required, uniqueness server, caseExact false');
    }),
    must(
      'password',
      'The User schema says that password is writeOnly and never returned.',
      async (c) => {
        const answer = (await c.get(`/Schemas/${USER}`)).is(200);
        const password = answer.objectsAt('attributes').find(({ name }) => name === 'password');
        const right = password?.['mutability'] === 'writeOnly' && password['returned'] === 'never';
        answer.expect(right, 'password writeOnly, returned never');
      },
    ),
  ]),
  ...section('7644', '4', 'Service Provider Configuration Endpoints', [
    must('config', 'GET /ServiceProviderConfig answers one object with its URN.', async (c) => {
      (await config(c))
        .equals([CONFIG], 'schemas')
        .equals('ServiceProviderConfig', 'meta', 'resourceType');
    }),
    must('schemas-list', 'GET /Schemas answers all schemas as a ListResponse.', async (c) => {
      const list = (await c.get('/Schemas')).is(200).equals([LIST_RESPONSE], 'schemas');
      list.equals(list.resources.length, 'totalResults');
      list.expect(list.ids.includes(USER), `${USER} among them`);
    }),
    must('schemas-complete', 'Every schema that a type names is in the list.', async (c) => {
      const list = (await c.get('/Schemas')).is(200);
      for (const type of c.target.resourceTypes) {
        const urns = [type['schema'], ...objects(type['schemaExtensions']).map((e) => e['schema'])];
        list.expect(
          urns.every((urn) => list.ids.includes(plain(urn))),
          'these schemas',
          urns.map(plain),
        );
      }
    }),
    must('schema', 'GET /Schemas/{URN} answers that schema.', async (c) => {
      for (const schema of c.target.schemas) {
        const id = plain(schema['id']);
        (await c.get(`/Schemas/${id}`)).is(200).equals(id, 'id').equals([SCHEMA], 'schemas');
      }
    }),
    must('schema-unknown', 'A schema that is not there is 404.', async (c) => {
      (await c.get('/Schemas/urn:example:not:there')).isError(404);
    }),
    must('no-messages', 'Messages are no schemas to discover.', async (c) => {
      const list = (await c.get('/Schemas')).is(200).has('Resources', 0);
      const messages = list.ids.filter((id) => id.startsWith(MESSAGES));
      list.expect(messages.length === 0, `no ${MESSAGES}`, messages);
    }),
    must('types-list', 'GET /ResourceTypes answers all types as a ListResponse.', async (c) => {
      const list = (await c.get('/ResourceTypes')).is(200).equals([LIST_RESPONSE], 'schemas');
      list.equals(list.resources.length, 'totalResults');
    }),
    must('type', 'GET /ResourceTypes/{id} answers that type.', async (c) => {
      for (const { id, name } of c.target.resourceTypes) {
        const answer = await c.get(`/ResourceTypes/${plain(id ?? name)}`);
        answer
          .is(200)
          .equals(name ?? '', 'name')
          .equals([RESOURCE_TYPE], 'schemas');
      }
    }),
    must('type-unknown', 'A resource type that is not there is 404.', async (c) => {
      (await c.get('/ResourceTypes/Nothing')).isError(404);
    }),
    should('filter-schemas', 'A filter on /Schemas is 403.', async (c) => {
      (await c.get('/Schemas?filter=name%20eq%20%22User%22')).isError(403);
    }),
    should('filter-types', 'A filter on /ResourceTypes is 403.', async (c) => {
      (await c.get('/ResourceTypes?filter=name%20eq%20%22User%22')).isError(403);
    }),
    must('query-ignored', 'Sorting and paging of discovery documents is ignored.', async (c) => {
      const all = (await c.get('/Schemas')).is(200).resources.length;
      const paged = (await c.get('/Schemas?count=1&startIndex=2&sortBy=id')).is(200);
      paged.equals(all, 'totalResults');
      paged.expect(paged.resources.length === all, `all ${all} of them`, paged.resources.length);
    }),
    must('config-query-ignored', '/ServiceProviderConfig ignores every query.', async (c) => {
      const answer = await c.get('/ServiceProviderConfig?filter=a%20eq%201&count=0&sortBy=x');
      answer.is(200).equals([CONFIG], 'schemas');
    }),
    must('read-only', 'Discovery documents cannot be written.', async (c) => {
      for (const path of ['/ServiceProviderConfig', '/ResourceTypes', '/Schemas']) {
        (await c.post(path, { schemas: [CONFIG] })).isError([403, 404, 405, 501]);
        (await c.delete(path)).isError([403, 404, 405, 501]);
      }
    }),
    must('meta', 'Discovery documents have a location that answers.', async (c) => {
      const lists = [(await c.get('/Schemas')).is(200), (await c.get('/ResourceTypes')).is(200)];
      for (const list of lists) {
        for (const index of list.has('Resources', 0).resources.keys()) {
          const location = list.textAt('Resources', index, 'meta', 'location');
          (await c.get(new URL(location, `${c.target.http.base}/`).href)).is(200);
        }
      }
    }),
    may('enterprise', 'The enterprise extension is a schema of User.', async (c) => {
      c.needsSchema(ENTERPRISE);
      const type = (await c.get('/ResourceTypes/User')).is(200);
      type.expect(type.text.includes(ENTERPRISE), `${ENTERPRISE} among the extensions`);
    }),
  ]),
];
