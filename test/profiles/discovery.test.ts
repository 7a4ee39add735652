/** Discovery shows what an endpoint serves (RFC 7644 §4), and faults of a profile name their place. */
import t from 'tap';
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import { ScimClient } from '../support/client.ts';
import { GROUP, USER } from '../support/entra.ts';
import { scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';
import { DEVICE, DEVICE_PROFILE, DEVICE_SCHEMA, WARRANTY } from './device-profile.ts';

const server = await Server.start(t);
const root = ScimClient.of(t, server);
const admin = root.under('/scim/admin');

t.test('/ResourceTypes and /Schemas show the types and schemas of the endpoint', async (t) => {
  const { id } = await admin.post('/endpoints', { name: 'shown', config: DEVICE_PROFILE });
  const scim = root.under('/scim/endpoints/shown');
  const types = succeeded(t, await scim.get('/ResourceTypes'), 200);
  t.equal(types.body['totalResults'], 2);
  t.match(types.resources[1], {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    id: 'Device',
    name: 'Device',
    endpoint: '/Devices',
    description: 'Devices',
    schema: DEVICE,
    schemaExtensions: [{ schema: WARRANTY, required: true }],
    meta: { resourceType: 'ResourceType' },
  });
  t.match(types.resources[0], { name: 'User', schemaExtensions: [] }, 'as the config says');
  t.same((await scim.get('/ResourceTypes/device')).body, types.resources[1]);
  scimError(t, await scim.get('/ResourceTypes/Group'), 404);

  const schemas = succeeded(t, await scim.get('/Schemas'), 200);
  t.same(
    schemas.resources.map((schema) => schema['id']),
    [USER, DEVICE, WARRANTY],
  );
  const one = succeeded(t, await scim.get(`/Schemas/${DEVICE.toUpperCase()}`), 200);
  t.same(one.body, schemas.resources[1]);
  t.same(one.at('attributes', 0), {
    name: 'serial',
    type: 'string',
    multiValued: false,
    description: '',
    required: true,
    caseExact: true,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'server',
  });
  scimError(t, await scim.get(`/Schemas/${GROUP}`), 404);
  scimError(t, await scim.get('/Schemas?filter=id%20pr'), 403);
  const config = (await admin.get(`/endpoints/${id}`)).body['config'];
  t.same(config, DEVICE_PROFILE, 'the config stays as it was sent');
});

t.test(
  'each way to an endpoint shows its own locations, however often they are asked',
  async (t) => {
    for (const path of [
      '/scim/endpoints/shown',
      '/scim/v2/endpoints/shown',
      '/scim/endpoints/shown',
    ]) {
      const { resources } = succeeded(t, await root.under(path).get('/Schemas'), 200);
      const location = new RegExp(`^http://[^/]+${path}/Schemas/urn:`);
      for (const schema of resources) t.match(schema, { meta: { location } });
    }
  },
);

t.test('what one endpoint shows can be the config of another', async (t) => {
  const shown = async (name: string, path: string): Promise<JsonObject[]> => {
    const { resources } = await root.under(`/scim/endpoints/${name}`).get(path);
    return resources.map((resource) => ({ ...resource, meta: {} }));
  };
  const schemas = await shown('shown', '/Schemas');
  const resourceTypes = await shown('shown', '/ResourceTypes');
  const body = { name: 'copied', config: { schemas, resourceTypes } };
  succeeded(t, await admin.post('/endpoints', body), 201);
  t.same(await shown('copied', '/Schemas'), schemas);
  t.same(await shown('copied', '/ResourceTypes'), resourceTypes);
});

t.test('a fault is refused with its place and what would be right', async (t) => {
  const { id } = await admin.post('/endpoints', { name: 'right', config: DEVICE_PROFILE });
  const schema = (attribute: JsonValue): JsonObject => ({
    schemas: [{ id: DEVICE, attributes: [attribute] }],
  });
  for (const [config, ...mentions] of [
    [{ schemas: [DEVICE_SCHEMA, { id: 'x' }] }, 'config.schemas[1].id: takes a URN'],
    [schema({ name: 'a', type: 'text' }), 'config.schemas[0].attributes[0].type:', '"dateTime"'],
    [schema({ name: 'a', multivalued: true }), 'config.schemas[0].attributes[0]:', 'multiValued'],
    [schema({ name: '__proto__' }), 'config.schemas[0].attributes[0].name:'],
    [
      { resourceTypes: [{ name: 'D', endpoint: '/Schemas', schema: USER }] },
      'config.resourceTypes[0].endpoint:',
    ],
    [{ resourceTypes: [] }, 'config.resourceTypes: takes an array of at least one'],
    [{ scheams: [] }, '"scheams" is no setting'],
  ] as const) {
    const body: JsonObject = JSON.parse(JSON.stringify(config)) as JsonObject;
    const created = await admin.post('/endpoints', { name: 'wrong', config: body });
    scimError(t, created, 400, 'invalidValue', ...mentions);
    const changed = await admin.patch(`/endpoints/${id}`, { config: body });
    scimError(t, changed, 400, 'invalidValue', ...mentions);
  }
  t.equal((await admin.get('/endpoints/by-name/wrong')).status, 404);
  t.same((await admin.get(`/endpoints/${id}`)).body['config'], DEVICE_PROFILE);
  succeeded(t, await root.under('/scim/endpoints/right').get('/Devices'), 200);
});

t.test('a profile has bounds', async (t) => {
  const attributes = (count: number): JsonObject[] =>
    Array.from({ length: count }, (_, n) => ({ name: `a${n}` }));
  const create = (config: JsonObject) => admin.post('/endpoints', { name: 'big', config });
  const many = { schemas: [{ id: DEVICE, attributes: attributes(1001) }] };
  scimError(t, await create(many), 400, 'invalidValue', 'config.schemas[0].attributes:', '1000');
  const texts = attributes(300).map((each) => ({ ...each, description: 'x'.repeat(4000) }));
  const long = await create({ schemas: [{ id: DEVICE, attributes: texts }] });
  scimError(t, long, 413, undefined, 'config');
});
