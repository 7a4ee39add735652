/** Each operation by itself: like the single request that it stands for, counted, logged, bounded. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import type { JsonObject } from '../../src/scim/json.ts';
import { idOf, valuesOf } from '../support/answer.ts';
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
import { entraUser, patchOp } from '../support/entra.ts';
import { scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

const server = await Server.start(t);
const scim = ScimClient.of(t, server);

t.test('an operation is refused as its single request is', async (t) => {
  const { id } = await scim.post('/Users', { userName: 'single' });
  const cases: [method: string, path: string, data: JsonObject][] = [
    ['POST', '/Users', { userName: 'SINGLE' }],
    ['POST', '/Users', { displayName: 'nameless' }],
    ['POST', '/Users', { userName: 'x', active: 7 }],
    ['PUT', `/Users/${id}`, { userName: null }],
    ['PUT', '/Users/none', { userName: 'x' }],
    ['PATCH', `/Users/${id}`, patchOp({ op: 'remove', path: 'userName' })],
    ['PATCH', `/Users/${id}`, patchOp({ op: 'remove' })],
    ['PATCH', `/Users/${id}`, patchOp({ op: 'add', path: 'emails[', value: 1 })],
    ['POST', '/Groups', { displayName: 'g', members: [{ value: 'nobody' }] }],
    ['POST', '/Nothing', {}],
  ];
  const answer = await scim.post(
    '/Bulk',
    bulk(...cases.map(([method, path, data], at) => ({ method, path, data, bulkId: `b${at}` }))),
  );
  for (const [index, [method, path, data]] of cases.entries()) {
    const single = await scim.send(method, path, data);
    const operation = operationsOf(answer)[index];
    t.equal(operation?.['status'], String(single.status));
    t.same(operation?.['response'], single.body);
  }
});

t.test('an operation does what its single request does', async (t) => {
  const bodies = [entraUser('like-single'), { ...entraUser('like-bulk'), password: 'secret-text' }];
  const single = await scim.post('/Users', bodies[0]);
  const answer = await scim.post(
    '/Bulk',
    bulk({ method: 'POST', path: '/Users', bulkId: 'b', data: bodies[1] ?? null }),
  );
  const read = await scim.get(`/Users/${idAt(answer, 0)}`);
  const shape = (text: string): string => text.replaceAll(/like-(single|bulk)/g, 'like');
  const own = { id: '', meta: '' };
  const first = { ...single.body, ...own };
  t.equal(shape(JSON.stringify({ ...read.body, ...own })), shape(JSON.stringify(first)));
  t.notOk(answer.text.includes('secret-text') || read.text.includes('secret-text'));
});

t.test(
  'version is If-Match: of the operations on one resource, each sees those before',
  async (t) => {
    const { id, version } = await scim.post('/Users', { userName: 'versioned' });
    const put = (title: string, ifMatch: string | null): JsonObject => ({
      method: 'PUT',
      path: `/Users/${id}`,
      version: ifMatch,
      data: { userName: 'versioned', title },
    });
    const answer = await scim.post(
      '/Bulk',
      bulk(put('first', version), put('second', version), put('third', null), {
        method: 'DELETE',
        path: `/Users/${id}`,
        version,
      }),
    );
    t.same(statusesOf(succeeded(t, answer, 200)), ['200', '412', '200', '412']);
    const read = await scim.get(`/Users/${id}`);
    t.equal(read.body['title'], 'third');
    t.equal(operationsOf(answer)[2]?.['version'], read.version);
  },
);

t.test('failOnErrors counts errors, and what comes later is not done and not told', async (t) => {
  const operations = [
    postUser('a', 'fail-a'),
    { method: 'DELETE', path: '/Users/none' },
    postUser('b', 'fail-b'),
    postUser('c', 'fail-c', { active: 'never' }),
    postUser('d', 'fail-d'),
  ];
  const stops = { 1: ['201', '404'], 2: ['201', '404', '201', '400'] };
  for (const [failOnErrors, expected] of Object.entries(stops)) {
    const answer = await scim.post('/Bulk', {
      ...bulk(...operations),
      failOnErrors: Number(failOnErrors),
    });
    t.same(statusesOf(succeeded(t, answer, 200)), expected);
    const created = await scim.get('/Users?filter=userName%20sw%20"fail-"');
    for (const user of created.resources) await scim.delete(`/Users/${idOf(user)}`);
    t.equal(created.body['totalResults'], Number(failOnErrors));
  }
  const all = await scim.post('/Bulk', { ...bulk(...operations), failOnErrors: 3 });
  t.same(statusesOf(all), ['201', '404', '201', '400', '201']);
});

t.test('an answer is in the order of the request, also when it ends early', async (t) => {
  const operations = bulk(
    postGroup('g', 'early', ['bulkId:late']),
    { method: 'DELETE', path: '/Users/none' },
    postUser('late', 'late', { active: 7 }),
  );
  const one = await scim.post('/Bulk', { ...operations, failOnErrors: 1 });
  t.match(operationsOf(one), [{ bulkId: 'late', status: '400' }]);
  t.equal(operationsOf(one).length, 1, 'the user came before the group that refers to it');
  const two = await scim.post('/Bulk', { ...operations, failOnErrors: 2 });
  t.match(operationsOf(two), [{ bulkId: 'g' }, { bulkId: 'late' }]);
});

t.test('1,000 operations, the first of which needs all the others', async (t) => {
  const users = Array.from({ length: 999 }, (_, at) => postUser(`u${at}`, `many-${at}`));
  const references = users.map((_, at) => `bulkId:u${at}`);
  const answer = await scim.post('/Bulk', bulk(postGroup('g', 'Everyone', references), ...users));
  t.equal(new Set(statusesOf(succeeded(t, answer, 200))).size, 1);
  const group = await scim.get(`/Groups/${idAt(answer, 0)}`);
  const ids = users.map((_, at) => idAt(answer, at + 1));
  t.same(valuesOf(group.body['members']).toSorted(), ids.toSorted());
  const more = bulk(...users, postUser('x', 'x'), postUser('y', 'y'));
  scimError(t, await scim.post('/Bulk', more), 413, undefined, 'maxOperations', '1000', '5242880');
});

t.test('a request that is framed wrong is refused whole', async (t) => {
  const before = (await scim.get('/Users?count=0')).body['totalResults'];
  const good = postUser('good', 'framed-right');
  const cases: [JsonObject, string][] = [
    [{ ...good, method: 'GET' }, 'Operations[1].method'],
    [{ method: 'POST', path: '/Users', data: {} }, 'Operations[1].bulkId'],
    [{ ...good }, 'Operations[1].bulkId'],
    [{ method: 'PUT', path: '/Users/1' }, 'Operations[1].data'],
    [{ method: 'DELETE', path: '/Users' }, 'Operations[1].path'],
  ];
  for (const [operation, place] of cases) {
    scimError(t, await scim.post('/Bulk', bulk(good, operation)), 400, 'invalidValue', place);
  }
  scimError(t, await scim.post('/Bulk', { Operations: 7 }), 400, 'invalidSyntax', 'Operations');
  scimError(
    t,
    await scim.post('/Bulk', { ...bulk(good), failOnErrors: 0 }),
    400,
    'invalidValue',
    'failOnErrors',
  );
  t.equal((await scim.get('/Users?count=0')).body['totalResults'], before);
});

t.test('an endpoint that wants If-Match wants it of each operation', async (t) => {
  const config = { requireIfMatch: true };
  await scim.under('').post('/scim/admin/endpoints', { name: 'strict', config });
  const strict = scim.under('/scim/endpoints/strict');
  const { id, version } = await strict.post('/Users', { userName: 'a' });
  const path = `/Users/${id}`;
  const answer = await strict.post(
    '/Bulk',
    bulk({ method: 'DELETE', path }, { method: 'DELETE', path, version }),
  );
  t.same(statusesOf(succeeded(t, answer, 200)), ['428', '204']);
  t.match(detailAt(answer, 0), 'version');
});

t.test('the log has one row for a bulk, with the sum of it', async (t) => {
  const headers = { 'X-Request-Id': 'the-bulk' };
  const operations = [postUser('a', 'logged'), postUser('b', 'LOGGED'), postUser('c', 'logged-c')];
  succeeded(t, await scim.post('/Bulk', bulk(...operations), { headers }), 200);
  // The row is there before the answer, whatever happens to the process now.
  await server.kill();
  const db = new Database(join(server.folder, 'scimlane.logs.db'));
  const rows = db
    .prepare('SELECT status, detail, duration_ms FROM request_log WHERE request_id = ?')
    .all('the-bulk');
  db.close();
  t.match(rows, [{ status: 200, detail: '3 operations: 2 done, 1 failed' }]);
  t.equal(rows.length, 1);
  t.ok((rows[0] as { duration_ms: number }).duration_ms > 0);
});
