/** RFC 7644 §3.7: many operations in one request. */
import type { JsonObject, JsonValue } from '../../../src/scim/json.ts';
import type { Answer } from '../answer.ts';
import { plain } from '../described.ts';
import type { RowContext } from '../row-context.ts';
import { BULK_REQUEST, BULK_RESPONSE, ENTERPRISE, NO_ID, PATCH_OP, USER } from '../row-context.ts';
import { must, section } from '../row.ts';

function post(bulkId: string, path: string, data: JsonObject): JsonObject {
  return { method: 'POST', bulkId, path, data };
}

/** The id at the end of the location of an operation's answer. */
function idOf(answer: Answer, index: number): string {
  const location = answer.textAt('Operations', index, 'location');
  return location.slice(location.lastIndexOf('/') + 1);
}

async function done(c: RowContext, ...operations: readonly JsonObject[]): Promise<Answer> {
  return (await c.bulk(operations)).is(200);
}

/** A create that is refused: no userName. */
const broken = (bulkId: string): JsonObject =>
  post(bulkId, '/Users', { schemas: [USER], title: 'x' });

function limit(c: RowContext, name: string): number {
  c.needs('bulk');
  const bulk = c.target.config['bulk'] as Record<string, JsonValue>;
  return Number(bulk[name]);
}

export const BULK_ROWS = [
  ...section('7644', '3.7', 'Bulk Operations', [
    must('answer', 'A bulk request is answered 200 with a BulkResponse.', async (c) => {
      const answer = await done(c, post('a', '/Users', c.userBody()));
      answer.equals([BULK_RESPONSE], 'schemas').equals('POST', 'Operations', 0, 'method');
    }),
    must('methods', 'POST, PUT, PATCH and DELETE are done.', async (c) => {
      const [put, patched, gone] = [await c.user(), await c.user(), await c.user()];
      const userName = c.unique();
      const patch = {
        schemas: [PATCH_OP],
        Operations: [{ op: 'replace', path: 'title', value: 'p' }],
      };
      const answer = await done(
        c,
        post('a', '/Users', c.userBody()),
        { method: 'PUT', path: `/Users/${put.id}`, data: { schemas: [USER], userName } },
        { method: 'PATCH', path: `/Users/${patched.id}`, data: patch },
        { method: 'DELETE', path: `/Users/${gone.id}` },
      );
      const statuses = answer.objectsAt('Operations').map(({ status }) => plain(status));
      const right = /^201,200,20[04],204$/.test(statuses.join());
      answer.expect(right, 'statuses 201, 200, 200 or 204, 204', statuses.join());
      (await c.get(`/Users/${put.id}`)).is(200).equals(userName, 'userName');
      (await c.get(`/Users/${patched.id}`)).is(200).equals('p', 'title');
      (await c.get(`/Users/${gone.id}`)).isError(404);
    }),
    must('bulk-id-returned', 'The bulkId of a POST comes back with its result.', async (c) => {
      const answer = await done(c, post('qwerty', '/Users', c.userBody()));
      answer.equals('qwerty', 'Operations', 0, 'bulkId');
    }),
    must('bulk-id-required', 'A POST without bulkId is refused.', async (c) => {
      const operation = { method: 'POST', path: '/Users', data: c.userBody() };
      const answer = (await c.bulk([operation])).is(200, 400);
      if (answer.status === 200) answer.equals('400', 'Operations', 0, 'status');
    }),
    must('method-required', 'An operation without method is refused.', async (c) => {
      const answer = (await c.bulk([{ bulkId: 'a', path: '/Users', data: c.userBody() }])).is(
        200,
        400,
      );
      if (answer.status === 200) answer.equals('400', 'Operations', 0, 'status');
    }),
    must('path-required', 'An operation without path is refused.', async (c) => {
      const operation = { method: 'POST', bulkId: 'a', data: c.userBody() };
      const answer = (await c.bulk([operation])).is(200, 400);
      if (answer.status === 200) answer.equals('400', 'Operations', 0, 'status');
    }),
    must('data-required', 'A POST without data is refused.', async (c) => {
      const answer = (await c.bulk([{ method: 'POST', bulkId: 'a', path: '/Users' }])).is(200, 400);
      if (answer.status === 200) answer.equals('400', 'Operations', 0, 'status');
    }),
    must('schemas', 'A bulk request is identified by its URN.', async (c) => {
      c.needs('bulk');
      const body = { schemas: [USER], Operations: [post('a', '/Users', c.userBody())] };
      (await c.post('/Bulk', body)).isError(400);
    }),
    must('operations-required', 'A bulk request has Operations.', async (c) => {
      c.needs('bulk');
      (await c.post('/Bulk', { schemas: [BULK_REQUEST] })).isError(400);
    }),
    must('partial', 'One failure does not stop the others.', async (c) => {
      const answer = await done(
        c,
        broken('a'),
        post('b', '/Users', c.userBody()),
        broken('c'),
        post('d', '/Users', c.userBody()),
      );
      const statuses = answer.objectsAt('Operations').map(({ status }) => plain(status));
      answer.expect(statuses.join() === '400,201,400,201', '400,201,400,201', statuses.join());
    }),
    must('fail-on-errors', 'failOnErrors ends the job after so many errors.', async (c) => {
      const last = c.userBody();
      const operations = [broken('a'), post('b', '/Users', last)];
      const answer = (await c.bulk(operations, { failOnErrors: 1 })).is(200);
      answer.equals('400', 'Operations', 0, 'status').lacks('Operations', 1);
      const filter = `userName eq "${plain(last['userName'])}"`;
      (await c.list('/Users', { filter })).is(200).equals(0, 'totalResults');
    }),
    must('fail-on-errors-count', 'Fewer errors than failOnErrors end nothing.', async (c) => {
      const operations = [broken('a'), post('b', '/Users', c.userBody())];
      const answer = (await c.bulk(operations, { failOnErrors: 2 })).is(200);
      answer.equals('201', 'Operations', 1, 'status');
    }),
    must('version', 'version of an operation is its If-Match.', async (c) => {
      c.needs('etag');
      const { id, version } = await c.user();
      await c.put(`/Users/${id}`, c.userBody({ title: 'changed' }));
      const answer = await done(c, { method: 'DELETE', path: `/Users/${id}`, version });
      answer.equals('412', 'Operations', 0, 'status');
      (await c.get(`/Users/${id}`)).is(200);
    }),
    must('version-returned', 'The result of a create has its version.', async (c) => {
      c.needs('etag');
      const answer = await done(c, post('a', '/Users', c.userBody()));
      const version = answer.textAt('Operations', 0, 'version');
      (await c.get(`/Users/${idOf(answer, 0)}`)).is(200).equals(version, 'meta', 'version');
    }),
    must('own-type', 'Resources of a type of its own take part.', async (c) => {
      c.needs('bulk');
      const [type, body] = c.ownType();
      const answer = await done(c, post('a', type.endpoint, body));
      answer.equals('201', 'Operations', 0, 'status');
      (await c.get(`${type.endpoint}/${idOf(answer, 0)}`)).is(200);
    }),
    must(
      'unknown-endpoint',
      'An operation at an endpoint that is not there fails alone.',
      async (c) => {
        const answer = await done(
          c,
          post('a', '/Nothing', { schemas: [USER] }),
          post('b', '/Users', c.userBody()),
        );
        const status = answer.textAt('Operations', 0, 'status');
        answer.expect(/^4\d\d$/.test(status), 'a status of 400 or 404', status);
        answer.equals('201', 'Operations', 1, 'status');
      },
    ),
    must('not-nested', 'A bulk request holds no bulk request.', async (c) => {
      const answer = await c.bulk([
        post('a', '/Bulk', { schemas: [BULK_REQUEST], Operations: [] }),
      ]);
      answer.is(200, 400);
      if (answer.status === 200) {
        const status = answer.textAt('Operations', 0, 'status');
        answer.expect(/^[45]\d\d$/.test(status), 'a refusal', status);
      }
    }),
  ]),
  ...section('7644', '3.7.1', 'Circular Reference Processing', [
    must(
      'circular',
      'Resources that refer to each other are created, or refused by 409.',
      async (c) => {
        c.needsType('Group');
        const answer = await done(
          c,
          post('a', '/Groups', c.groupBody({ members: [{ value: 'bulkId:b' }] })),
          post('b', '/Groups', c.groupBody({ members: [{ value: 'bulkId:a' }] })),
        );
        const statuses = answer.objectsAt('Operations').map(({ status }) => plain(status));
        if (statuses.includes('409')) return;
        answer.expect(statuses.join() === '201,201', '201,201 or 409', statuses.join());
        const read = (await c.get(`/Groups/${idOf(answer, 0)}`)).is(200);
        read.equals(idOf(answer, 1), 'members', 0, 'value');
      },
    ),
  ]),
  ...section('7644', '3.7.2', 'Bulk ID Temporary Identifiers', [
    must('backward', 'bulkId: refers to a resource created before.', async (c) => {
      c.needsType('Group');
      const answer = await done(
        c,
        post('user', '/Users', c.userBody()),
        post('group', '/Groups', c.groupBody({ members: [{ value: 'bulkId:user' }] })),
      );
      const read = (await c.get(`/Groups/${idOf(answer, 1)}`)).is(200);
      read.equals(idOf(answer, 0), 'members', 0, 'value');
    }),
    must('forward', 'bulkId: refers to a resource created later.', async (c) => {
      c.needsType('Group');
      const answer = await done(
        c,
        post('group', '/Groups', c.groupBody({ members: [{ value: 'bulkId:user' }] })),
        post('user', '/Users', c.userBody()),
      );
      const operations = answer.objectsAt('Operations');
      const group = operations.findIndex(({ bulkId }) => bulkId === 'group');
      const user = operations.findIndex(({ bulkId }) => bulkId === 'user');
      const read = (await c.get(`/Groups/${idOf(answer, group)}`)).is(200);
      read.equals(idOf(answer, user), 'members', 0, 'value');
    }),
    must('path', 'bulkId: in a path refers to a resource of the job.', async (c) => {
      const patch = {
        schemas: [PATCH_OP],
        Operations: [{ op: 'replace', path: 'title', value: 'p' }],
      };
      const answer = await done(c, post('user', '/Users', c.userBody()), {
        method: 'PATCH',
        path: '/Users/bulkId:user',
        data: patch,
      });
      (await c.get(`/Users/${idOf(answer, 0)}`)).is(200).equals('p', 'title');
    }),
    must('extension', 'References in extensions are resolved in the same way.', async (c) => {
      c.needsSchema(ENTERPRISE);
      const user = c.userBody({
        schemas: [USER, ENTERPRISE],
        [ENTERPRISE]: { manager: { value: 'bulkId:boss' } },
      });
      const answer = await done(
        c,
        post('boss', '/Users', c.userBody()),
        post('user', '/Users', user),
      );
      const read = (await c.get(`/Users/${idOf(answer, 1)}`)).is(200);
      read.equals(idOf(answer, 0), ENTERPRISE, 'manager', 'value');
    }),
    must('patch-member', 'References in the value of a PATCH are resolved.', async (c) => {
      const group = await c.group();
      const patch = {
        schemas: [PATCH_OP],
        Operations: [{ op: 'add', path: 'members', value: [{ value: 'bulkId:user' }] }],
      };
      const answer = await done(c, post('user', '/Users', c.userBody()), {
        method: 'PATCH',
        path: `/Groups/${group.id}`,
        data: patch,
      });
      const read = (await c.get(`/Groups/${group.id}`)).is(200);
      read.equals(idOf(answer, 0), 'members', 0, 'value');
    }),
    must('unresolved', 'A bulkId that nothing creates fails its operation.', async (c) => {
      c.needsType('Group');
      const body = c.groupBody({ members: [{ value: 'bulkId:nobody' }] });
      const answer = await done(c, post('group', '/Groups', body));
      const status = answer.textAt('Operations', 0, 'status');
      answer.expect(/^4\d\d$/.test(status), 'a status of 400 or 409', status);
    }),
  ]),
  ...section('7644', '3.7.3', 'Response and Error Handling', [
    must('all-results', 'Each operation that was done has a result.', async (c) => {
      const operations = ['a', 'b', 'c'].map((bulkId) => post(bulkId, '/Users', c.userBody()));
      const answer = await done(c, ...operations);
      answer.expect(answer.objectsAt('Operations').length === 3, 'three results');
    }),
    must('location', 'A result has a location, but for a failed POST.', async (c) => {
      const { id } = await c.user();
      const answer = await done(
        c,
        post('a', '/Users', c.userBody()),
        broken('b'),
        { method: 'DELETE', path: `/Users/${id}` },
        { method: 'DELETE', path: `/Users/${NO_ID}` },
      );
      answer.has('Operations', 0, 'location').lacks('Operations', 1, 'location');
      answer.has('Operations', 2, 'location').has('Operations', 3, 'location');
    }),
    must('status', 'status is the HTTP status the operation alone would have.', async (c) => {
      const answer = await done(c, post('a', '/Users', c.userBody()), {
        method: 'DELETE',
        path: `/Users/${NO_ID}`,
      });
      answer.equals('201', 'Operations', 0, 'status').equals('404', 'Operations', 1, 'status');
    }),
    must('error', 'A result that is an error holds the error as response.', async (c) => {
      const taken = await c.user();
      const body = c.userBody({ userName: taken.textAt('userName') });
      const answer = await done(c, post('a', '/Users', body), broken('b'));
      answer.equals('409', 'Operations', 0, 'response', 'status');
      answer.equals('uniqueness', 'Operations', 0, 'response', 'scimType');
      answer.equals('400', 'Operations', 1, 'response', 'status');
      answer.textAt('Operations', 1, 'response', 'detail');
    }),
  ]),
  ...section('7644', '3.7.4', 'Maximum Operations', [
    must('defined', 'maxOperations and maxPayloadSize are told.', async (c) => {
      const limits = [limit(c, 'maxOperations'), limit(c, 'maxPayloadSize')];
      const answer = (await c.get('/ServiceProviderConfig')).is(200);
      answer.expect(
        limits.every((number) => number > 0),
        'two limits',
        limits,
      );
    }),
    must(
      'operations',
      'More operations than maxOperations are 413 that names the limit.',
      async (c) => {
        const max = limit(c, 'maxOperations');
        if (max > 5000) c.notApplicable('maxOperations is too high to try');
        const operation = { method: 'DELETE', path: `/Users/${NO_ID}` };
        const answer = await c.bulk(Array.from({ length: max + 1 }, () => operation));
        answer.isError(413);
        answer.expect(answer.textAt('detail').includes(String(max)), `the limit ${max} in detail`);
      },
    ),
    must('payload', 'A body over maxPayloadSize is 413 that names the limit.', async (c) => {
      const max = limit(c, 'maxPayloadSize');
      if (max > 8 * 1024 * 1024) c.notApplicable('maxPayloadSize is too high to try');
      const answer = await c.bulk([post('a', '/Users', c.userBody({ title: 'x'.repeat(max) }))]);
      answer.isError(413);
      answer.expect(answer.textAt('detail').includes(String(max)), `the limit ${max} in detail`);
    }),
  ]),
];
