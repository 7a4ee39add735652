/**
 * The examples of RFC 7644 §3.7 as printed. Two of them could not be: `"data": {[ … ]}` of §3.7.3 is
 * no JSON and stands here as the PatchOp that it means, and `status` as an object with a `code`
 * (§3.7.2) contradicts §3.7.3 and §8.7.
 */
import t from 'tap';
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import { valuesOf } from '../support/answer.ts';
import { detailAt, idAt, operationsOf, statusesOf } from '../support/bulk.ts';
import { ScimClient } from '../support/client.ts';
import { ENTERPRISE, PATCH_OP } from '../support/entra.ts';
import { RawConnection, requestText } from '../support/raw.ts';
import { scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

const BULK_RESPONSE = ['urn:ietf:params:scim:api:messages:2.0:BulkResponse'];
const server = await Server.start(t);
const scim = ScimClient.of(t, server);

/** A request of its own endpoint each, so that names do not meet. */
let endpoints = 0;
async function freshEndpoint(): Promise<ScimClient> {
  const name = `example-${(endpoints += 1)}`;
  const created = await scim.under('').post('/scim/admin/endpoints', { name });
  if (created.status !== 201) throw new Error(created.text);
  return scim.under(`/scim/v2/endpoints/${name}`);
}

t.test('§3.7.1: two groups that are members of each other', async (t) => {
  const scim = await freshEndpoint();
  const answer = await scim.post(
    '/Bulk',
    Buffer.from(`{
     "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
     "Operations": [
       {
         "method": "POST",
         "path": "/Groups",
         "bulkId": "qwerty",
         "data": {
           "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
           "displayName": "Group A",
           "members": [{ "type": "Group", "value": "bulkId:ytrewq" }]
         }
       },
       {
         "method": "POST",
         "path": "/Groups",
         "bulkId": "ytrewq",
         "data": {
           "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
           "displayName": "Group B",
           "members": [{ "type": "Group", "value": "bulkId:qwerty" }]
         }
       }
     ]
   }`),
  );
  t.same(succeeded(t, answer, 200).body['schemas'], BULK_RESPONSE);
  t.same(statusesOf(answer), ['201', '201']);
  const [a, b] = [idAt(answer, 0), idAt(answer, 1)];
  const groups = await scim.get('/Groups?filter=displayName%20sw%20"Group"');
  t.equal(groups.body['totalResults'], 2);
  for (const [index, [group, member]] of [
    [a, b],
    [b, a],
  ].entries()) {
    const read = await scim.get(`/Groups/${group ?? ''}`);
    t.same(valuesOf(read.body['members']), [member]);
    t.equal(read.at('members', 0, 'type'), 'Group');
    t.match(read.at('members', 0, '$ref'), new RegExp(`/Groups/${member ?? ''}$`));
    t.equal(operationsOf(answer)[index]?.['version'], read.version, 'the version it has now');
  }
});

t.test('§3.7.2: a user, and a group with the user as its member', async (t) => {
  const scim = await freshEndpoint();
  const answer = await scim.post('/Bulk', {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
    Operations: [
      {
        method: 'POST',
        path: '/Users',
        bulkId: 'qwerty',
        data: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'Alice' },
      },
      {
        method: 'POST',
        path: '/Groups',
        bulkId: 'ytrewq',
        data: {
          schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
          displayName: 'Tour Guides',
          members: [{ type: 'User', value: 'bulkId:qwerty' }],
        },
      },
    ],
  });
  const [alice, guides] = [idAt(answer, 0), idAt(answer, 1)];
  const group = await scim.get(`/Groups/${guides}`);
  t.same(succeeded(t, answer, 200).body, {
    schemas: BULK_RESPONSE,
    Operations: [
      {
        location: (await scim.get(`/Users/${alice}`)).location,
        method: 'POST',
        bulkId: 'qwerty',
        version: (await scim.get(`/Users/${alice}`)).version,
        status: '201',
      },
      {
        location: group.location,
        method: 'POST',
        bulkId: 'ytrewq',
        version: group.version,
        status: '201',
      },
    ],
  });
  t.same(valuesOf(group.body['members']), [alice]);
  t.match(group.at('members', 0, '$ref'), new RegExp(`/Users/${alice}$`));
});

t.test('§3.7.2: a reference inside an extension', async (t) => {
  const scim = await freshEndpoint();
  const answer = await scim.post('/Bulk', {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
    Operations: [
      {
        method: 'POST',
        path: '/Users',
        bulkId: 'qwerty',
        data: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'Alice' },
      },
      {
        method: 'POST',
        path: '/Users',
        bulkId: 'ytrewq',
        data: {
          schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', ENTERPRISE],
          userName: 'Bob',
          [ENTERPRISE]: { employeeNumber: '11250', manager: { value: 'bulkId:qwerty' } },
        },
      },
    ],
  });
  t.same(statusesOf(succeeded(t, answer, 200)), ['201', '201']);
  const bob = await scim.get(`/Users/${idAt(answer, 1)}`);
  t.equal(bob.at(ENTERPRISE, 'manager', 'value'), idAt(answer, 0));
});

/** §3.7.3, on users that are there. */
function addUpdateRemove(
  [put, patch, gone]: readonly [string, string, string],
  versions: readonly [string, string, string],
  rest: JsonObject = {},
): JsonValue {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
    ...rest,
    Operations: [
      {
        method: 'POST',
        path: '/Users',
        bulkId: 'qwerty',
        data: { schemas: ['urn:ietf:params:scim:api:messages:2.0:User'], userName: 'Alice' },
      },
      {
        method: 'PUT',
        path: `/Users/${put}`,
        version: versions[0],
        data: {
          schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
          id: put,
          userName: 'Bob',
        },
      },
      {
        method: 'PATCH',
        path: `/Users/${patch}`,
        version: versions[1],
        data: {
          schemas: [PATCH_OP],
          Operations: [
            { op: 'remove', path: 'nickName' },
            { op: 'add', path: 'userName', value: 'Dave' },
          ],
        },
      },
      { method: 'DELETE', path: `/Users/${gone}`, version: versions[2] },
    ],
  };
}

async function threeUsers(scim: ScimClient) {
  const users = await Promise.all(
    ['one', 'two', 'three'].map((userName) => scim.post('/Users', { userName, nickName: 'x' })),
  );
  const [one, two, three] = users;
  if (one === undefined || two === undefined || three === undefined) throw new Error('three');
  return {
    ids: [one.id, two.id, three.id] as const,
    versions: [one.version, two.version, three.version] as const,
  };
}

t.test('§3.7.3: add, update and remove', async (t) => {
  const scim = await freshEndpoint();
  const { ids, versions } = await threeUsers(scim);
  const answer = await scim.post('/Bulk', addUpdateRemove(ids, versions, { failOnErrors: 1 }));
  const alice = idAt(answer, 0);
  const read = await Promise.all([alice, ids[0], ids[1]].map((id) => scim.get(`/Users/${id}`)));
  t.same(
    read.map(({ body }) => [body['userName'], body['nickName']]),
    [
      ['Alice', undefined],
      ['Bob', undefined],
      ['Dave', undefined],
    ],
  );
  const locations = read.map(({ location, version }) => ({ location, version }));
  t.same(succeeded(t, answer, 200).body, {
    schemas: BULK_RESPONSE,
    Operations: [
      { ...locations[0], method: 'POST', bulkId: 'qwerty', status: '201' },
      { ...locations[1], method: 'PUT', status: '200' },
      { ...locations[2], method: 'PATCH', status: '200' },
      {
        location: locations[1]?.location.replace(ids[0], ids[2]),
        method: 'DELETE',
        status: '204',
      },
    ],
  });
  scimError(t, await scim.get(`/Users/${ids[2]}`), 404);
});

t.test('§3.7.3: with failOnErrors 1 the first failure is the whole answer', async (t) => {
  const scim = await freshEndpoint();
  const { ids, versions } = await threeUsers(scim);
  await scim.post('/Users', { userName: 'alice' });
  const answer = await scim.post('/Bulk', addUpdateRemove(ids, versions, { failOnErrors: 1 }));
  t.match(operationsOf(succeeded(t, answer, 200)), [
    { method: 'POST', bulkId: 'qwerty', status: '409', response: { status: '409' } },
  ]);
  t.equal(operationsOf(answer).length, 1);
  t.notOk('location' in (operationsOf(answer)[0] ?? {}), 'a POST that failed has no location');
  t.equal((await scim.get(`/Users/${ids[0]}`)).body['userName'], 'one', 'nothing more was done');
});

t.test('§3.7.3: without failOnErrors every failure is told', async (t) => {
  const scim = await freshEndpoint();
  const { ids } = await threeUsers(scim);
  await scim.post('/Users', { userName: 'alice' });
  const stale = ['W/"3694e05e9dff591"', 'W/"edac3253e2c0ef2"', 'W/"0ee8add0a938e1a"'] as const;
  await scim.delete(`/Users/${ids[2]}`);
  const answer = await scim.post('/Bulk', addUpdateRemove(ids, stale));
  t.same(statusesOf(succeeded(t, answer, 200)), ['409', '412', '412', '404']);
  for (const [index, { location, response }] of operationsOf(answer).slice(1).entries()) {
    t.match(location, new RegExp(`/Users/${ids[index] ?? ''}$`));
    t.match(response, { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'] });
  }
  t.match(detailAt(answer, 1), /version/);
});

t.test('§3.7.3: as printed, the PATCH is no JSON', async (t) => {
  const printed = `{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[
    {"method":"PATCH","path":"/Users/5d8d29d3","data":{[{"op":"remove","path":"nickName"}]}}]}`;
  scimError(t, await scim.post('/Bulk', Buffer.from(printed)), 400, 'invalidSyntax');
});

t.test('§3.7.4: what exceeds the payload size is told so, with the limit', async (t) => {
  const config = await scim.get('/ServiceProviderConfig');
  const maxPayloadSize = Number(config.at('bulk', 'maxPayloadSize'));
  const maxOperations = Number(config.at('bulk', 'maxOperations'));
  const connection = await RawConnection.open(t, server);
  await connection.write(
    requestText('POST', '/scim/v2/Bulk', undefined, [
      'Content-Type: application/scim+json',
      `Content-Length: ${maxPayloadSize + 1}`,
    ]),
  );
  const answer = await connection.answer();
  if (answer === undefined) throw new Error('the connection closed without an answer');
  scimError(t, answer, 413, undefined, 'maxPayloadSize', `${maxPayloadSize}`, `${maxOperations}`);
});
