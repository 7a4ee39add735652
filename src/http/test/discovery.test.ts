import t from 'tap';
import { LIMITS } from '../../platform/limits.ts';
import { serve } from './serve.ts';

const NO_TOKEN = { Authorization: '' };
const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

t.test(
  'ServiceProviderConfig needs no token, ignores parameters and tells the truth',
  async (t) => {
    const { call, origin } = await serve(t);
    const path = '/scim/v2/ServiceProviderConfig';
    const ignored = 'filter=x&filter=y&count=abc&attributes=%zz';
    const reply = await call('GET', `${path}?${ignored}`, undefined, NO_TOKEN);
    t.equal(reply.status, 200);
    t.equal(reply.headers.get('content-type'), 'application/scim+json');
    t.match(reply.json, {
      patch: { supported: true },
      bulk: {
        supported: true,
        maxOperations: LIMITS.bulkOperations,
        maxPayloadSize: LIMITS.bodyBytes,
      },
      filter: { supported: true, maxResults: LIMITS.pageSizeMax },
      sort: { supported: true },
      etag: { supported: true },
      changePassword: { supported: true },
      pagination: {
        cursor: true,
        index: true,
        defaultPaginationMethod: 'index',
        defaultPageSize: LIMITS.pageSizeDefault,
        maxPageSize: LIMITS.pageSizeMax,
        cursorTimeout: LIMITS.cursorTimeoutSeconds,
      },
      authenticationSchemes: [{ type: 'oauthbearertoken', primary: true }],
      meta: { location: `${origin}${path}` },
    });
  },
);

t.test('ResourceTypes and Schemas by list and by id, ids in any case', async (t) => {
  const { call, origin } = await serve(t);
  const types = await call('GET', '/scim/v2/ResourceTypes', undefined, NO_TOKEN);
  t.match(types.json, { schemas: [LIST], totalResults: 2, startIndex: 1, itemsPerPage: 2 });
  t.match(types.json['Resources'], [{ id: 'User' }, { id: 'Group' }]);
  const one = await call('GET', '/scim/v2/ResourceTypes/user', undefined, NO_TOKEN);
  t.match(one.json, { id: 'User', meta: { location: `${origin}/scim/v2/ResourceTypes/User` } });
  const schemas = await call('GET', '/scim/v2/Schemas', undefined, NO_TOKEN);
  for (const { id } of schemas.json['Resources'] as { id: string }[]) {
    const schema = await call('GET', `/scim/v2/Schemas/${encodeURIComponent(id)}`);
    t.equal(schema.json['id'], id);
  }
  t.match((await call('GET', '/scim/v2/Schemas/urn:none')).json, { status: '404' });
});

t.test('a filter on a discovery list is 403', async (t) => {
  const { call } = await serve(t);
  for (const path of ['Schemas', 'ResourceTypes']) {
    const reply = await call('GET', `/scim/v2/${path}?filter=id+eq+"User"`, undefined, NO_TOKEN);
    t.equal(reply.status, 403, path);
    t.match(reply.json, { status: '403' });
  }
});

t.test('discovery of an unknown endpoint is 404', async (t) => {
  const { call } = await serve(t);
  t.equal((await call('GET', '/scim/endpoints/none/Schemas', undefined, NO_TOKEN)).status, 404);
});

t.test('writes on discovery are 405 with Allow, a SCIM body and no token asked', async (t) => {
  const { call } = await serve(t);
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    const reply = await call(method, '/scim/v2/Schemas', undefined, NO_TOKEN);
    t.equal(reply.status, 405, method);
    t.equal(reply.headers.get('allow'), 'GET, HEAD');
    t.match(reply.json, { status: '405' });
  }
});
