/**
 * `bulkId:` references (RFC 7644 §3.7.1, §3.7.2): forward, backward, in paths, in nested values, in
 * PATCH, in circles; and what becomes of an operation whose reference leads nowhere.
 */
import t from 'tap';
import type { JsonObject } from '../../src/scim/json.ts';
import { valuesOf } from '../support/answer.ts';
import {
  bulk,
  detailAt,
  idAt,
  operationsOf,
  postGroup,
  postUser,
  statusesOf,
} from '../support/bulk.ts';
import { ScimClient } from '../support/client.ts';
import { ENTERPRISE, patchOp } from '../support/entra.ts';
import { scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

const server = await Server.start(t);
const scim = ScimClient.of(t, server);

async function members(group: string): Promise<unknown[]> {
  return valuesOf((await scim.get(`/Groups/${group}`)).body['members']).toSorted();
}

function manager(bulkId: string): JsonObject {
  return { [ENTERPRISE]: { manager: { value: `bulkId:${bulkId}` } } };
}

t.test('forward: a group before its members', async (t) => {
  const answer = await scim.post(
    '/Bulk',
    bulk(
      postGroup('g', 'forward', ['bulkId:u1', 'bulkId:u2']),
      postUser('u1', 'forward-1'),
      postUser('u2', 'forward-2'),
    ),
  );
  t.same(statusesOf(succeeded(t, answer, 200)), ['201', '201', '201']);
  t.same(
    operationsOf(answer).map(({ bulkId }) => bulkId),
    ['g', 'u1', 'u2'],
    'answered in the order of the request',
  );
  t.same(await members(idAt(answer, 0)), [idAt(answer, 1), idAt(answer, 2)].toSorted());
});

t.test('in the path of every method that has an id', async (t) => {
  const answer = await scim.post(
    '/Bulk',
    bulk(
      {
        method: 'PATCH',
        path: '/Users/bulkId:p',
        data: patchOp({ op: 'add', path: 'title', value: 'Dr' }),
      },
      { method: 'PUT', path: '/Users/bulkId%3Aq', data: { userName: 'put' } },
      { method: 'DELETE', path: '/Users/bulkId:d' },
      postUser('p', 'patched'),
      postUser('q', 'to-put'),
      postUser('d', 'deleted'),
    ),
  );
  t.same(statusesOf(succeeded(t, answer, 200)), ['200', '200', '204', '201', '201', '201']);
  t.equal(idAt(answer, 0), idAt(answer, 3), 'locations name the id');
  t.equal((await scim.get(`/Users/${idAt(answer, 3)}`)).body['title'], 'Dr');
  t.equal((await scim.get(`/Users/${idAt(answer, 4)}`)).body['userName'], 'put');
  scimError(t, await scim.get(`/Users/${idAt(answer, 5)}`), 404);
});

t.test('in the values of a PATCH and in the filter of its path', async (t) => {
  const group = (await scim.post('/Groups', { displayName: 'patched' })).id;
  const answer = await scim.post(
    '/Bulk',
    bulk(
      {
        method: 'PATCH',
        path: `/Groups/${group}`,
        data: patchOp({
          op: 'add',
          path: 'members',
          value: [{ value: 'bulkId:u1' }, { value: 'bulkId:u2' }],
        }),
      },
      {
        method: 'PATCH',
        path: `/Groups/${group}`,
        data: patchOp({ op: 'remove', path: 'members[value eq "bulkId:u1"]' }),
      },
      postUser('u1', 'in-patch-1'),
      postUser('u2', 'in-patch-2'),
    ),
  );
  t.same(statusesOf(succeeded(t, answer, 200)), ['204', '204', '201', '201']);
  t.same(await members(group), [idAt(answer, 3)]);
});

t.test('a circle of three groups, with a user and a group beside it', async (t) => {
  const answer = await scim.post(
    '/Bulk',
    bulk(
      postGroup('outer', 'outer', ['bulkId:a']),
      postGroup('a', 'circle a', ['bulkId:b', 'bulkId:u']),
      postGroup('b', 'circle b', ['bulkId:c']),
      postGroup('c', 'circle c', ['bulkId:a', 'bulkId:c']),
      postUser('u', 'in-circle'),
    ),
  );
  t.same(statusesOf(succeeded(t, answer, 200)), ['201', '201', '201', '201', '201']);
  const [outer, a, b, c, u] = [0, 1, 2, 3, 4].map((index) => idAt(answer, index));
  t.same(await members(outer ?? ''), [a]);
  t.same(await members(a ?? ''), [b, u].toSorted());
  t.same(await members(b ?? ''), [c]);
  t.same(await members(c ?? ''), [a, c].toSorted());
  for (const [index, id] of [outer, a, b, c].entries()) {
    const read = await scim.get(`/Groups/${id ?? ''}`);
    t.equal(operationsOf(answer)[index]?.['version'], read.version);
    t.equal(read.at('meta', 'created'), read.at('meta', 'lastModified'));
  }
});

t.test('managers of each other', async (t) => {
  const answer = await scim.post(
    '/Bulk',
    bulk(postUser('a', 'boss-a', manager('b')), postUser('b', 'boss-b', manager('a'))),
  );
  t.same(statusesOf(succeeded(t, answer, 200)), ['201', '201']);
  const [a, b] = await Promise.all([0, 1].map((at) => scim.get(`/Users/${idAt(answer, at)}`)));
  t.equal(a?.at(ENTERPRISE, 'manager', 'value'), b?.id);
  t.equal(b?.at(ENTERPRISE, 'manager', 'value'), a?.id);
});

t.test('what refers to a failure fails, and names it; others do not', async (t) => {
  await scim.post('/Users', { userName: 'taken' });
  const answer = await scim.post(
    '/Bulk',
    bulk(
      postGroup('g', 'has-taken', ['bulkId:bad']),
      postGroup('outer', 'has-g', ['bulkId:g']),
      { method: 'DELETE', path: '/Users/bulkId:bad' },
      postUser('bad', 'TAKEN'),
      postUser('worse', 'worse', { emails: 7 }),
      postUser('m', 'has-worse', manager('worse')),
      postUser('good', 'good'),
    ),
  );
  t.same(statusesOf(succeeded(t, answer, 200)), ['400', '400', '400', '409', '400', '400', '201']);
  for (const [index, bulkId] of [
    [0, 'bad'],
    [1, 'g'],
    [2, 'bad'],
    [5, 'worse'],
  ] as const) {
    t.match(operationsOf(answer)[index], { response: { scimType: 'invalidValue' } });
    t.match(detailAt(answer, index), `"${bulkId}"`);
  }
  const groups = await scim.get('/Groups?filter=displayName%20sw%20"has-"');
  t.equal(groups.body['totalResults'], 0);
});

t.test('a circle in which one fails leaves nothing behind', async (t) => {
  await scim.post('/Groups', { displayName: 'is there' });
  const answer = await scim.post(
    '/Bulk',
    bulk(
      postGroup('a', 'half a circle', ['bulkId:b']),
      postGroup('b', 'IS THERE', ['bulkId:a']),
      postGroup('c', 'beside the circle'),
    ),
  );
  t.same(statusesOf(succeeded(t, answer, 200)), ['400', '409', '201']);
  t.match(detailAt(answer, 0), '"b"');
  const found = await scim.get('/Groups?filter=displayName%20co%20"circle"');
  t.same(
    found.resources
      .map(({ displayName }) => displayName)
      .filter((name) => name !== 'circle a' && name !== 'circle b' && name !== 'circle c'),
    ['beside the circle'],
  );
});

t.test('a bulkId that no POST has', async (t) => {
  const answer = await scim.post(
    '/Bulk',
    bulk(
      postGroup('g', 'refers to nobody', ['bulkId:nobody']),
      { method: 'PUT', path: '/Users/bulkId:nobody', data: { userName: 'x' } },
      { method: 'DELETE', path: '/Users/bulkId:put', bulkId: 'del' },
      { method: 'DELETE', path: '/Users/none', bulkId: 'put' },
      postUser('QWERTY', 'upper'),
      postGroup('case', 'other case', ['bulkId:qwerty']),
    ),
  );
  t.same(statusesOf(succeeded(t, answer, 200)), ['400', '400', '400', '404', '201', '400']);
  t.match(detailAt(answer, 0), '"nobody"');
  t.match(operationsOf(answer)[1]?.['location'], /\/Users\/bulkId:nobody$/);
});
